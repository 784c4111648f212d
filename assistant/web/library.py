"""The documents that an index holds: the head of the page, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.holdings import DocumentInfo, file_name
from assistant.places import Receipt
from assistant.render import plural
from assistant.text import fold
from assistant.web.inert import inert

MOST_ROWS = 1000
"""Documents listed; a longer table only slows the page."""


class Order(StrEnum):
    """What comes first in the table."""

    NAME = "By name"
    NEWEST = "Newest first"
    LONGEST = "Longest first"
    UNREAD = "Not fully read first"


_KEYS: dict[Order, Callable[[DocumentInfo], Any]] = {
    Order.NAME: lambda _: 0,
    Order.NEWEST: lambda document: [-ord(digit) for digit in document.added],
    Order.LONGEST: lambda document: -document.passages,
    Order.UNREAD: lambda document: not _partly(document),
}


def listed(
    documents: Sequence[DocumentInfo],
    wanted: str = "",
    order: Order = Order.NAME,
    chosen: Collection[str] = (),
) -> list[DocumentInfo]:
    """Return the documents whose name or title holds all words wanted, the chosen ones first.

    So what is chosen stays in view, whatever is looked for.
    """
    words = fold(wanted).split()

    def holds(document: DocumentInfo) -> bool:
        said = fold(f"{document.name} {document.title}")
        return document.name in chosen or all(word in said for word in words)

    found = sorted(filter(holds, documents), key=_KEYS[order])
    if words or len(found) > MOST_ROWS:
        found.sort(key=lambda document: document.name not in chosen)
    return found


def table(documents: Sequence[DocumentInfo], chosen: Collection[str] = ()) -> str:
    """Return the table of documents, each with what can be done with it."""
    if not documents:
        return '<div class="empty"><p>No documents yet.</p></div>'
    rows = "".join(_row(document, document.name in chosen) for document in documents[:MOST_ROWS])
    rest = len(documents) - MOST_ROWS
    more = f'<p class="note">and {plural(rest, "more document")}</p>' if rest > 0 else ""
    return (
        '<div class="table"><table><caption class="unseen">Documents</caption><thead><tr>'
        '<th scope="col"><input type="checkbox" class="all" aria-label="Choose all that are'
        ' listed"></th><th scope="col">Document</th><th scope="col" class="number">Read</th>'
        '<th scope="col" class="number">Passages</th>'
        '<th scope="col"><span class="unseen">Remove</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


NOTHING_FOUND = '<div class="empty"><p>No document has this in its name or title.</p></div>'


def _row(document: DocumentInfo, chosen: bool) -> str:
    name = inert(document.name)
    checked = " checked" if chosen else ""
    return (
        f'<tr><td><input type="checkbox" class="pick" data-name="{name}"'
        f' aria-label="Ask within {name}"{checked}></td>'
        f'<td><button type="button" class="open" data-read="0 0 any 0 0 0" data-document="{name}"'
        f' dir="auto" title="Open, and search in it">{inert(document.title) or name}</button>'
        f'<span class="place" dir="auto">{name}</span>{_details(document)}</td>'
        f'<td class="number">{_read(document)}</td>'
        f'<td class="number">{document.passages:,}</td>'
        f'<td><button type="button" class="remove" data-remove="{name}"'
        f' aria-label="Remove {name}" title="Remove">×</button></td></tr>'
    )


def _details(document: DocumentInfo) -> str:
    """Return the receipt: what was read and what was not, when and from where."""
    name = inert(document.name)
    partly = _partly(document)
    facts = [
        ("Read", ", ".join(dict.fromkeys([_read(document), _characters(document)]))),
        *(("Note", note) for note in document.notes),
        ("Added", _day(document.added)),
        ("Changed", _day(document.modified)),
        ("Size", _size(document)),
        ("From", ", ".join(map(file_name, document.locations or (document.source,)))),
    ]
    listed = "".join(
        f'<dt>{what}</dt><dd dir="auto">{inert(said)}</dd>' for what, said in facts if said
    )
    status = "Read in part" if partly else "Read in full"
    return (
        f'<details class="receipt{" partly" if partly else ""}"><summary>{status}</summary>'
        f'<dl>{listed}</dl><button type="button" class="again" data-again="{name}">Read it'
        " again</button></details>"
    )


def _read(document: DocumentInfo) -> str:
    receipt = document.receipt
    if not receipt.units:
        return _characters(document)
    missing = _missing(receipt)
    if missing:
        return f"{receipt.units - missing:,} of {plural(receipt.units, str(receipt.unit))}"
    return plural(receipt.units, str(receipt.unit))


def _characters(document: DocumentInfo) -> str:
    return plural(document.characters, "character")


def _partly(document: DocumentInfo) -> bool:
    receipt = document.receipt
    return bool(receipt.blank or receipt.unread or receipt.skipped)


def _missing(receipt: Receipt) -> int:
    return len({*receipt.blank, *receipt.unread})


def _day(moment: str) -> str:
    with suppress(ValueError):
        then = datetime.fromisoformat(moment)
        return f"{then.day} {then:%B %Y}"
    return ""


def _size(document: DocumentInfo) -> str:
    with suppress(OSError, ValueError):
        size = Path(document.source).stat().st_size
        return f"{size / 1e6:,.1f} MB" if size >= 1e5 else f"{max(size / 1e3, 0.1):,.1f} kB"
    return ""
