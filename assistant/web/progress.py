"""How far work on the documents has come, and what became of each file, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.holdings import FileReport, Outcome
from assistant.web.inert import inert
from assistant.web.language import later, number, say, several
from assistant.web.work import File, Stage

_AROUND = 6
"""Files listed before and after the one in hand, where there are many."""
_MOST_REPORTS = 30
"""Files listed in the end; of more, those that something is to be said about come first."""
WORDS = {
    Outcome.ADDED: later("added"),
    Outcome.UPDATED: later("updated"),
    Outcome.UNCHANGED: later("already there, unchanged"),
    Outcome.RENAMED: later("already there, now under this name"),
    Outcome.REMOVED: later("removed"),
    Outcome.DUPLICATE: later("already there under another name"),
    Outcome.SKIPPED: later("left out"),
    Outcome.STOPPED: later("cancelled"),
    Outcome.FAILED: later("failed"),
}
_TO_BE_SEEN = (Outcome.FAILED, Outcome.STOPPED, Outcome.SKIPPED)


def working(stages: Sequence[Stage]) -> str:
    """Return how far some pieces of work have come, one after another."""
    return "".join(_over(stage) if stage.over else _going(stage) for stage in stages)


def reports(found: Sequence[FileReport]) -> str:
    """Return what became of each file, in words."""
    if not found:
        return f'<p class="note" role="status">{say("There was nothing to do.")}</p>'
    order = sorted(found, key=lambda report: report.outcome not in _TO_BE_SEEN)
    shown = order if len(found) > _MOST_REPORTS else found
    rest = len(found) - _MOST_REPORTS
    others = several("and {count} more file", "and {count} more files", max(rest, 0))
    more = f'<p class="note">{others}</p>' if rest > 0 else ""
    rows = "".join(map(_report, shown[:_MOST_REPORTS]))
    return f'<div role="status">{_summary(found)}<ul class="reports">{rows}</ul>{more}</div>'


def problem(message: str) -> str:
    """Return a message of something that did not work."""
    return f'<p class="problem" role="alert">{inert(message)}</p>'


def time_left(seconds: float) -> str:
    """Return a time in words, no more exactly than it can be known."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return say("less than a minute left")
    if minutes < 90:
        return several("about {count} minute left", "about {count} minutes left", minutes)
    hours = round(minutes / 60)
    return several("about {count} hour left", "about {count} hours left", hours)


def _going(stage: Stage) -> str:
    done = sum(file.report is not None for file in stage.files)
    facts = [stage.title]
    if stage.cancelled:
        facts.append(say("cancelling…"))
    elif stage.waiting:
        facts.append(say("waiting for its turn"))
    elif stage.files and done == len(stage.files):
        facts.append(say("finishing…"))
    elif len(stage.files) > 1:
        so_far, all_of_them = number(done), number(len(stage.files))
        facts.append(say("{done} of {total} done", done=so_far, total=all_of_them))
    if stage.seconds_left is not None and not stage.cancelled:
        facts.append(time_left(stage.seconds_left))
    said = inert(" · ".join(facts))
    return (
        f'<div class="progress"><label>{said}'
        f'<progress max="1" value="{stage.share:.3f}">{stage.share:.0%}</progress></label>'
        f"{_files(stage.files)}</div>"
    )


def _files(files: Sequence[File]) -> str:
    current = next((n for n, file in enumerate(files) if file.begun and not file.report), 0)
    low = max(0, min(current - _AROUND, len(files) - 2 * _AROUND - 1))
    high = low + 2 * _AROUND + 1
    earlier = say("{count} before these", count=number(low))
    before = f'<li class="note">{earlier}</li>' if low else ""
    rest = len(files) - high
    further = say("and {count} more", count=number(rest))
    after = f'<li class="note">{further}</li>' if rest > 0 else ""
    return f'<ol class="files">{before}{"".join(map(_file, files[low:high]))}{after}</ol>'


def _file(file: File) -> str:
    kind, said = "queued", say("waiting")
    if file.report:
        kind = "failed" if file.report.outcome is Outcome.FAILED else "done"
        said = say(WORDS[file.report.outcome])
    elif file.begun:
        kind = "now"
        passages = several(
            "{done} of {count} passage",
            "{done} of {count} passages",
            file.total,
            done=number(file.done),
        )
        said = passages if file.total else say("reading")
    return (
        f'<li class="{kind}"><span class="name" dir="auto">{inert(file.name)}</span>'
        f'<span class="state">{said}</span></li>'
    )


def _over(stage: Stage) -> str:
    return problem(stage.problem) if stage.problem else reports(stage.reports)


def _summary(found: Sequence[FileReport]) -> str:
    if len(found) < 2:
        return ""
    counts = Counter(say(WORDS[report.outcome]) for report in found)
    said = ", ".join(f"{number(count)} {words}" for words, count in counts.most_common())
    return f'<p class="note">{said}</p>'


def _report(report: FileReport) -> str:
    bad = report.outcome in {Outcome.FAILED, Outcome.STOPPED}
    held = several("{count} passage", "{count} passages", report.passages)
    passages = f", {held}" if report.passages else ""
    message = f'<span class="note" dir="auto">{inert(report.message)}</span>'
    return (
        f'<li class="{"failed" if bad else "fine"}"><span dir="auto">{inert(report.name)}'
        f"</span>: {say(WORDS[report.outcome])}{passages}{message if report.message else ''}</li>"
    )
