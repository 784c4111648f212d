"""Two runs compared, as HTML: which measures differ, and which answers turned."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.web.evaluate.runs import Change, Comparison, Run, Turned
from assistant.web.evaluate.shown import columns, drawn, label, questions, written
from assistant.web.inert import inert
from assistant.web.language import number, say


def comparison(found: Comparison, before: Run, after: Run) -> str:
    """Return what differs between two runs."""
    rows = "".join(map(_change, found.changes))
    paired = say(
        "Paired by question; p is that of a permutation test. With many measures, one in twenty"
        " falls below 0.05 by chance."
    )
    head = columns(say("Measure"), say("Before"), say("After"), say("Difference"), "95 %", "p")
    changes = (
        f'<div class="table"><table><thead>{head}</thead>'
        f"<tbody>{rows}</tbody></table></div>"
        f'<p class="note">{paired}</p>'
    )
    out = say("Not in both runs: {questions}.", questions=questions(found.left_out))
    left_out = f'<p class="note">{out}</p>' if found.left_out else ""
    unchanged = say("The same in both: {measures}.", measures=inert(", ".join(found.same)))
    same, none = f'<p class="note">{unchanged}</p>', f"<p>{say('No measure differs.')}</p>"
    return (
        f'<section class="report"><h3>{say("Two runs compared")}</h3>'
        f'<p class="note">{say("Before")}: {inert(label(before))}</p>'
        f'<p class="note">{say("After")}: {inert(label(after))}</p>'
        f"{changes if rows else none}{same if found.same else ''}{left_out}"
        f"{drawn(found.plots)}{_turned(say('Became wrong'), found.lost)}"
        f"{_turned(say('Became right'), found.gained)}</section>"
    )


def _change(change: Change) -> str:
    verdict = f'<span class="note {change.verdict}">{change.verdict}</span>'
    return (
        f'<tr><th scope="row">{inert(change.measure.name)}{verdict if change.verdict else ""}</th>'
        f'<td class="number">{written(change.before)}</td>'
        f'<td class="number">{written(change.after)}</td>'
        f'<td class="number">{_signed(change.difference)}</td>'
        f'<td class="number">{_signed(change.low)} … {_signed(change.high)}</td>'
        f'<td class="number">{number(change.p, 3)}</td></tr>'
    )


def _signed(value: float) -> str:
    return f"{'+' if value >= 0 else '−'}{number(abs(value), 3)}"


def _turned(title: str, turned: Sequence[Turned]) -> str:
    rows = "".join(
        f'<li dir="auto">{inert(one.question)} <span class="note">{inert(one.was)} → '
        f"{inert(one.became)}</span></li>"
        for one in turned
    )
    return f"<h4>{title} ({len(turned)})</h4><ul>{rows}</ul>" if turned else ""
