"""The documents side of the page: what is held, how adding goes, what became of each file."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.holdings import DocumentInfo, FileReport, Outcome, Progress
from assistant.render import plural
from assistant.web.inert import inert

MOST_ROWS = 1000
"""Documents listed; a longer table only slows the page."""
_WORDS = {
    Outcome.ADDED: "added",
    Outcome.UPDATED: "replaced by this version",
    Outcome.UNCHANGED: "already there, unchanged",
    Outcome.RENAMED: "already there, now under this name",
    Outcome.REMOVED: "removed",
    Outcome.DUPLICATE: "already there under another name",
    Outcome.SKIPPED: "left out",
    Outcome.FAILED: "not added",
}


def table(documents: Sequence[DocumentInfo]) -> str:
    """Return the table of documents, each with a button that removes it."""
    if not documents:
        return '<div class="empty"><p>No documents yet.</p></div>'
    rows = "".join(map(_row, documents[:MOST_ROWS]))
    rest = len(documents) - MOST_ROWS
    more = f'<p class="note">and {plural(rest, "more document")}</p>' if rest > 0 else ""
    return (
        '<div class="table"><table><caption class="unseen">Documents</caption><thead><tr>'
        '<th scope="col">Document</th><th scope="col" class="number">Read</th>'
        '<th scope="col" class="number">Passages</th>'
        '<th scope="col"><span class="unseen">Remove</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def _row(document: DocumentInfo) -> str:
    name = inert(document.name)
    title = (
        f'<span class="title" dir="auto">{inert(document.title)}</span>' if document.title else ""
    )
    notes = "".join(f'<span class="note">{inert(note)}</span>' for note in document.notes)
    return (
        f'<tr><td>{title}<span class="place" dir="auto">{name}</span>{notes}</td>'
        f'<td class="number">{_read(document)}</td>'
        f'<td class="number">{document.passages:,}</td>'
        f'<td><button type="button" class="remove" data-remove="{name}"'
        f' aria-label="Remove {name}" title="Remove">×</button></td></tr>'
    )


def _read(document: DocumentInfo) -> str:
    receipt = document.receipt
    if receipt.units:
        return plural(receipt.units, str(receipt.unit))
    return plural(document.characters, "character")


def progress(step: Progress) -> str:
    """Return how far adding has come: which file, and how much of it."""
    inside = step.passages_done / step.passages_total if step.passages_total else 0.0
    share = (step.files_done + inside) / max(step.files_total, 1)
    done = (
        f"{step.passages_done:,} of {plural(step.passages_total, 'passage')}"
        if step.passages_total
        else "reading"
    )
    return (
        f'<div class="progress" role="status"><label>{inert(step.name)}: {done}'
        f'<progress max="1" value="{share:.3f}">{share:.0%}</progress></label>'
        f'<p class="note">File {step.files_done + 1} of {step.files_total}</p></div>'
    )


def reports(found: Sequence[FileReport]) -> str:
    """Return what became of each file, in words."""
    return f'<ul class="reports" role="status">{"".join(map(_report, found))}</ul>'


def problem(message: str) -> str:
    """Return a message of something that did not work."""
    return f'<p class="problem" role="alert">{inert(message)}</p>'


def _report(report: FileReport) -> str:
    failed = report.outcome is Outcome.FAILED
    passages = f", {plural(report.passages, 'passage')}" if report.passages else ""
    message = f'<span class="note" dir="auto">{inert(report.message)}</span>'
    return (
        f'<li class="{"failed" if failed else "fine"}"><span dir="auto">{inert(report.name)}'
        f"</span>: {_WORDS[report.outcome]}{passages}{message if report.message else ''}</li>"
    )
