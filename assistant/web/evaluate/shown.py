"""What the tab shows, as HTML: how a run stands, the runs there are, and one of them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from assistant.web.evaluate.running import Stage, Status
from assistant.web.evaluate.runs import (
    Figure,
    Head,
    Identity,
    Plot,
    Run,
    Scored,
)
from assistant.web.inert import inert
from assistant.web.language import later, moment, number, say, several

_HEADLINES = {
    "correct": later("right answers"),
    "hit@1": later("evidence in the first passage"),
    "citation_precision": later("citations that touch the evidence"),
    "refused": later("refused, of the unanswerable"),
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
        said = say("“{name}” is done. It is the newest run below.", name=now.name)
    elif now.doing == "asking":
        said = several(
            "Stopped after {done} of {count} question of “{name}”. Run it again to go on.",
            "Stopped after {done} of {count} questions of “{name}”. Run it again to go on.",
            now.total,
            done=number(now.done),
            name=now.name,
        )
    else:
        said = say("Stopped before the first question of “{name}”.", name=now.name)
    return f'<p class="note" role="status">{inert(said)}</p>'


def _progress(now: Status) -> str:
    done, total = number(now.done), number(now.total)
    doing = {
        "indexing": say("Reading documents: {done} of {total}", done=done, total=total),
        "asking": say("Asking: {done} of {total} questions", done=done, total=total),
    }.get(now.doing, say("Getting ready"))
    left = _left(now.left) if now.left is not None else "…"
    return (
        f'<div class="progress"><label>{inert(now.name)}. {doing}'
        f'<progress max="{max(now.total, 1)}" value="{now.done}"></progress></label>'
        f'<p class="note">{left}</p></div>'
    )


def others(now: Status) -> str:
    """Return what somebody sees of another's run."""
    if now.stage is Stage.RUNNING:
        other = say("Another evaluation is running. One runs at a time.")
        return f'<p class="note">{other}</p>'
    return ""


def table(found: Sequence[Run], chosen: str) -> str:
    """Return the list of runs, each to be opened; the one that is open is marked."""
    if not found:
        return f'<p class="note">{say("No runs yet.")}</p>'
    return f'<ul class="runs">{"".join(_row(run, run.name == chosen) for run in found)}</ul>'


def _row(run: Run, here: bool) -> str:
    identity = run.identity
    if identity is None:
        return ""
    facts = f'<span class="title">{inert(identity.set)}</span> <span>{_moment(run.started)}</span>'
    if run.head is None:
        about = f'<span class="note">{inert(_asked(identity))}</span>'
        so_far = several(
            "Not finished: {count} question so far",
            "Not finished: {count} questions so far",
            run.answered,
        )
        return f'<li><div class="run">{facts}{about}<span>{so_far}</span></div>{_gone(run)}</li>'
    measures = " · ".join(
        f"{say(what)} <b>{written(figure.value)}</b> ({_interval(figure)})"
        for what, figure in _headlines(run.head)
    )
    asked = f"{questions(run.head.questions)}, {_asked(identity)}"
    current = ' aria-current="true"' if here else ""
    return (
        f'<li><button type="button" class="run" data-run="{inert(run.name)}"{current}>{facts}'
        f'<span class="note">{inert(asked)}</span>'
        f"<span>{measures}</span></button>{_gone(run)}</li>"
    )


def _gone(run: Run) -> str:
    """Return the button that deletes a run, once it is confirmed."""
    asked = inert(say("Delete the run of {run}?", run=label(run)))
    what = inert(say("Delete the run of {run}", run=label(run)))
    return (
        f'<button type="button" class="remove" data-remove="{inert(run.name)}" data-text="{asked}"'
        f' aria-label="{what}" title="{say("Delete")}">×</button>'
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
    more, nothing = len(wrong) - _MOST_WRONG, f"<p>{say('Nothing.')}</p>"
    further = say("and {count} more in the report", count=number(more))
    rest = f'<p class="note">{further}</p>' if more > 0 else ""
    return (
        f'<section class="report"><header><h3 tabindex="-1">{inert(head.identity.set)},'
        f" {_moment(run.started)}</h3>"
        f'<p class="note">{questions(head.questions)}, {inert(_asked(head.identity))}</p>'
        '<p><button type="button" class="plain" data-save="report">'
        f"{say('Save the whole report')}</button></p></header>{_tiles(head)}{drawn(plots)}"
        f"{''.join(_group(group, figures) for group, figures in groups.items())}"
        f"<h4>{say('What went wrong')} ({number(len(wrong))})</h4>"
        f"{''.join(map(_wrong, wrong[:_MOST_WRONG])) or nothing}{rest}</section>"
    )


def _tiles(head: Head) -> str:
    tiles = "".join(
        f"<div><dt>{say(what)}</dt><dd>{written(figure.value)}"
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
        f'<td class="number">{written(figure.value)}</td>'
        f'<td class="number">{_interval(figure)}</td>'
        f'<td class="number">{number(figure.n)}</td></tr>'
        for figure in figures
    )
    return (
        f'<details class="measures"><summary>{inert(name)}</summary><div class="table"><table>'
        f"<thead>{columns(say('Measure'), say('Value'), '95 %', say('Of'))}"
        f"</thead><tbody>{rows}</tbody></table></div></details>"
    )


def columns(first: str, *figures: str) -> str:
    """Return the head of a table: what its rows are of, then its columns of figures."""
    rest = "".join(f'<th scope="col" class="number">{name}</th>' for name in figures)
    return f'<tr><th scope="col">{first}</th>{rest}</tr>'


def drawn(plots: Iterable[Plot]) -> str:
    """Return plots as pictures."""
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
        expected = f"<p>{say('A refusal: the documents don’t hold the answer.')}</p>"
    return (
        f'<details class="wrong"><summary><span dir="auto">{question}</span>'
        f' <span class="note">{inert(one.became)}</span></summary>'
        f"<h5>{say('Expected')}</h5>{expected}{quotes}<h5>{say('Got')}</h5>{_got(one)}"
        f'<p class="note">{inert(one.remark)}</p>'
        f'<p><button type="button" class="plain" data-ask="{question}">'
        f"{say('Ask it here')}</button></p>"
        "</details>"
    )


def _got(one: Scored) -> str:
    answer = one.outcome.answer
    if answer is None:
        return f"<p>{inert(one.outcome.failure)}</p>"
    said = say("Refused. {reason}", reason=answer.reason) if answer.refused else answer.text
    return f'<p dir="auto">{inert(said)}</p>'


def _asked(identity: Identity) -> str:
    """Return what was asked of what, in words."""
    model = identity.model or say("without a language model")
    index = say("index {name}", name=Path(identity.index).name)
    return f"{index}, {model}, {several('{count} passage', '{count} passages', identity.k)}"


def questions(count: int) -> str:
    """Return a number of questions, in words."""
    return several("{count} question", "{count} questions", count)


def _moment(text: str) -> str:
    return moment(datetime.fromisoformat(text).astimezone())


def _left(seconds: float) -> str:
    if seconds < _MINUTE:
        return several("{count} second left", "{count} seconds left", max(round(seconds), 1))
    return several("{count} minute left", "{count} minutes left", round(seconds / _MINUTE))


def written(value: float) -> str:
    """Return a figure with as many digits as tell something."""
    return number(value, 0) if abs(value) >= 100 else number(value, 2)


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{written(figure.low)}–{written(figure.high)}"
