"""What the tab shows, as HTML: how a run stands, the runs there are, one of them, two compared."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from assistant.render import plural
from assistant.web.evaluate.running import Stage, Status
from assistant.web.evaluate.runs import (
    Change,
    Comparison,
    Figure,
    Head,
    Identity,
    Plot,
    Run,
    Scored,
    Turned,
)
from assistant.web.inert import inert

_HEADLINES = {
    "correct": "right answers",
    "hit@1": "evidence in the first passage",
    "citation_precision": "citations that touch the evidence",
    "refused": "refused, of the unanswerable",
}
_WENT_WRONG = {
    "wrong",
    "refused, though answerable",
    "answered, though not in the documents",
    "failed",
}
_MOST_WRONG = 100
_INK = "#26231e"
_MINUTE = 60


def status(now: Status) -> str:
    """Return how a run stands."""
    if now.stage is Stage.RUNNING:
        return _progress(now)
    if now.stage is Stage.FAILED:
        return f'<p class="problem" role="alert">{inert(now.problem)}</p>'
    if now.stage is Stage.DONE:
        said = f"“{now.name}” is done. It is the newest run below."
    elif now.doing == "asking":
        asked = f"{now.done} of {plural(now.total, 'question')}"
        said = f"Stopped after {asked} of “{now.name}”. Run the same set again to go on."
    else:
        said = f"Stopped before the first question of “{now.name}”."
    return f'<p class="note" role="status">{inert(said)}</p>'


def _progress(now: Status) -> str:
    doing = {
        "indexing": f"Reading documents: {now.done} of {now.total}",
        "asking": f"Asking: {now.done} of {plural(now.total, 'question')}",
    }.get(now.doing, "Getting ready")
    left = f"{_lasting(now.left)} left" if now.left is not None else "…"
    return (
        f'<div class="progress"><label>{inert(now.name)}. {doing}'
        f'<progress max="{max(now.total, 1)}" value="{now.done}"></progress></label>'
        f'<p class="note">{left}</p></div>'
    )


def others(now: Status) -> str:
    """Return what somebody sees of another's run."""
    if now.stage is Stage.RUNNING:
        return '<p class="note">Another evaluation is running. One runs at a time.</p>'
    return ""


def table(found: Sequence[Run], chosen: str) -> str:
    """Return the list of runs, each to be opened; the one that is open is marked."""
    if not found:
        return '<p class="note">No runs yet.</p>'
    return f'<ul class="runs">{"".join(_row(run, run.name == chosen) for run in found)}</ul>'


def _row(run: Run, here: bool) -> str:
    identity = run.identity
    if identity is None:
        return ""
    facts = f'<span class="title">{inert(identity.set)}</span> <span>{_moment(run.started)}</span>'
    if run.head is None:
        about = f'<span class="note">{inert(_asked(identity))}</span>'
        so_far = f"Not finished: {plural(run.answered, 'question')} so far"
        return f'<li><div class="run">{facts}{about}<span>{so_far}</span></div></li>'
    measures = " · ".join(
        f"{what} <b>{_number(figure.value)}</b> ({_interval(figure)})"
        for what, figure in _headlines(run.head)
    )
    asked = f"{plural(run.head.questions, 'question')}, {_asked(identity)}"
    current = ' aria-current="true"' if here else ""
    return (
        f'<li><button type="button" class="run" data-run="{inert(run.name)}"{current}>{facts}'
        f'<span class="note">{inert(asked)}</span>'
        f"<span>{measures}</span></button></li>"
    )


def label(run: Run) -> str:
    """Return what a run is called among others to be compared with."""
    identity = run.identity
    return f"{identity.set}, {_moment(run.started)}, {_asked(identity)}" if identity else run.name


def report(run: Run, head: Head, plots: Iterable[Plot], asked: Sequence[Scored]) -> str:
    """Return a run: its figures, its plots, and what went wrong."""
    groups: dict[str, list[Figure]] = {}
    for figure in head.figures:
        groups.setdefault(figure.measure.group, []).append(figure)
    wrong = [one for one in asked if one.became in _WENT_WRONG]
    more = len(wrong) - _MOST_WRONG
    rest = f'<p class="note">and {more:,} more in the report</p>' if more > 0 else ""
    return (
        f'<section class="report"><header><h3 tabindex="-1">{inert(head.identity.set)},'
        f" {_moment(run.started)}</h3>"
        f'<p class="note">{plural(head.questions, "question")}, {inert(_asked(head.identity))}</p>'
        '<p><button type="button" class="plain" data-save="report">Save the whole report</button>'
        f"</p></header>{_tiles(head)}{_plots(plots)}"
        f"{''.join(_group(group, figures) for group, figures in groups.items())}"
        f"<h4>What went wrong ({len(wrong)})</h4>"
        f"{''.join(map(_wrong, wrong[:_MOST_WRONG])) or '<p>Nothing.</p>'}{rest}</section>"
    )


def _tiles(head: Head) -> str:
    tiles = "".join(
        f"<div><dt>{what}</dt><dd>{_number(figure.value)}"
        f" <span>({_interval(figure)})</span></dd></div>"
        for what, figure in _headlines(head)
    )
    return f'<dl class="tiles">{tiles}</dl>'


def _headlines(head: Head) -> Iterator[tuple[str, Figure]]:
    """Yield the figures that matter most, each with what it is."""
    for name, what in _HEADLINES.items():
        figure = head.figure(name)
        if figure:
            yield what, figure


def _group(name: str, figures: Iterable[Figure]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{inert(figure.measure.name)}'
        f'<span class="note">{inert(figure.measure.meaning)}</span></th>'
        f'<td class="number">{_number(figure.value)}</td>'
        f'<td class="number">{_interval(figure)}</td>'
        f'<td class="number">{figure.n:,}</td></tr>'
        for figure in figures
    )
    return (
        f'<details class="measures"><summary>{inert(name)}</summary><div class="table"><table>'
        '<thead><tr><th scope="col">Measure</th><th scope="col" class="number">Value</th>'
        '<th scope="col" class="number">95 %</th><th scope="col" class="number">Of</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div></details>"
    )


def _plots(plots: Iterable[Plot]) -> str:
    # As an image, a drawing can neither run nor load anything.
    pictures = "".join(
        f"<figure><figcaption>{inert(plot.title)}</figcaption>"
        f'<img alt="{inert(f"{plot.title}. {plot.says}")}" src="data:image/svg+xml;base64,'
        f'{base64.b64encode(plot.svg.replace("currentColor", _INK).encode()).decode()}"></figure>'
        for plot in plots
    )
    return f'<div class="plots">{pictures}</div>' if pictures else ""


def _wrong(one: Scored) -> str:
    question = inert(one.question.text)
    quotes = "".join(
        f'<p class="quote" dir="auto">“{inert(quote.text)}” <span class="note">'
        f"{inert(quote.document)}{f', p. {quote.page}' if quote.page else ''}</span></p>"
        for quote in one.outcome.evidence
    )
    accepted = " / ".join(one.question.answers)
    expected = f'<p dir="auto">{inert(accepted)}</p>' if accepted else ""
    if not one.question.answerable:
        expected = "<p>A refusal: the documents don’t hold the answer.</p>"
    return (
        f'<details class="wrong"><summary><span dir="auto">{question}</span>'
        f' <span class="note">{inert(one.became)}</span></summary>'
        f"<h5>Expected</h5>{expected}{quotes}<h5>Got</h5>{_got(one)}"
        f'<p class="note">{inert(one.remark)}</p>'
        f'<p><button type="button" class="plain" data-ask="{question}">Ask it here</button></p>'
        "</details>"
    )


def _got(one: Scored) -> str:
    answer = one.outcome.answer
    if answer is None:
        return f"<p>{inert(one.outcome.failure)}</p>"
    said = f"Refused. {answer.reason}" if answer.refused else answer.text
    return f'<p dir="auto">{inert(said)}</p>'


def comparison(found: Comparison, before: Run, after: Run) -> str:
    """Return what differs between two runs."""
    rows = "".join(map(_change, found.changes))
    changes = (
        '<div class="table"><table><thead><tr><th scope="col">Measure</th>'
        '<th scope="col" class="number">Before</th><th scope="col" class="number">After</th>'
        '<th scope="col" class="number">Difference</th><th scope="col" class="number">95 %</th>'
        '<th scope="col" class="number">p</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        '<p class="note">Paired by question; p is that of a permutation test. With many measures,'
        " one in twenty falls below 0.05 by chance.</p>"
    )
    left_out = (
        f'<p class="note">Not in both runs: {plural(found.left_out, "question")}.</p>'
        if found.left_out
        else ""
    )
    same = f'<p class="note">The same in both: {inert(", ".join(found.same))}.</p>'
    return (
        '<section class="report"><h3>Two runs compared</h3>'
        f'<p class="note">Before: {inert(label(before))}</p>'
        f'<p class="note">After: {inert(label(after))}</p>'
        f"{changes if rows else '<p>No measure differs.</p>'}{same if found.same else ''}{left_out}"
        f"{_plots(found.plots)}{_turned('Became wrong', found.lost)}"
        f"{_turned('Became right', found.gained)}</section>"
    )


def _change(change: Change) -> str:
    verdict = f'<span class="note {change.verdict}">{change.verdict}</span>'
    return (
        f'<tr><th scope="row">{inert(change.measure.name)}{verdict if change.verdict else ""}</th>'
        f'<td class="number">{_number(change.before)}</td>'
        f'<td class="number">{_number(change.after)}</td>'
        f'<td class="number">{change.difference:+.3f}</td>'
        f'<td class="number">{change.low:+.3f} to {change.high:+.3f}</td>'
        f'<td class="number">{change.p:.3f}</td></tr>'
    )


def _turned(title: str, turned: Sequence[Turned]) -> str:
    rows = "".join(
        f'<li dir="auto">{inert(one.question)} <span class="note">{inert(one.was)} → '
        f"{inert(one.became)}</span></li>"
        for one in turned
    )
    return f"<h4>{title} ({len(turned)})</h4><ul>{rows}</ul>" if turned else ""


def _asked(identity: Identity) -> str:
    """Return what was asked of what, in words."""
    model = identity.model or "without a language model"
    return f"index {Path(identity.index).name}, {model}, {plural(identity.k, 'passage')}"


def _moment(text: str) -> str:
    then = datetime.fromisoformat(text).astimezone()
    return f"{then.day} {then:%B %Y, %H:%M}"


def _lasting(seconds: float) -> str:
    if seconds < _MINUTE:
        return plural(max(round(seconds), 1), "second")
    return plural(round(seconds / _MINUTE), "minute")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{_number(figure.low)}–{_number(figure.high)}"
