"""The documents that an index holds: the head of the page, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.holdings import DocumentInfo, file_name
from assistant.places import Receipt, Unit
from assistant.text import fold
from assistant.web.inert import inert
from assistant.web.language import date, later, number, say, several

MOST_ROWS = 1000
"""Documents listed; a longer table only slows the page."""


class Order(StrEnum):
    """What comes first in the table."""

    NAME = later("By name")
    NEWEST = later("Newest first")
    LONGEST = later("Longest first")
    UNREAD = later("Not fully read first")


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
        return f'<div class="empty"><p>{say("No documents yet.")}</p></div>'
    rows = "".join(_row(document, document.name in chosen) for document in documents[:MOST_ROWS])
    rest, every = len(documents) - MOST_ROWS, say("Choose all that are listed")
    others = several("and {count} more document", "and {count} more documents", max(rest, 0))
    more = f'<p class="note">{others}</p>' if rest > 0 else ""
    return (
        f'<div class="table"><table><caption class="unseen">{say("Documents")}</caption><thead>'
        f'<tr><th scope="col"><input type="checkbox" class="all" aria-label="{every}"></th>'
        f'<th scope="col">{say("Document")}</th><th scope="col" class="number">{say("Read")}</th>'
        f'<th scope="col" class="number">{say("Passages")}</th>'
        f'<th scope="col"><span class="unseen">{say("Remove")}</span></th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>{more}"
    )


def nothing_found() -> str:
    """Return what is shown where no document is as it is looked for."""
    return f'<div class="empty"><p>{say("No document has this in its name or title.")}</p></div>'


def _row(document: DocumentInfo, chosen: bool) -> str:
    name = inert(document.name)
    checked = " checked" if chosen else ""
    return (
        f'<tr><td><input type="checkbox" class="pick" data-name="{name}"'
        f' aria-label="{say("Ask within {name}", name=name)}"{checked}></td>'
        f'<td><button type="button" class="open" data-read="0 0 any 0 0 0" data-document="{name}"'
        f' dir="auto" title="{say("Open, and search in it")}">{inert(document.title) or name}'
        "</button>"
        f'<span class="place" dir="auto">{name}</span>{_details(document)}</td>'
        f'<td class="number">{_read(document)}</td>'
        f'<td class="number">{number(document.passages)}</td>'
        f'<td><button type="button" class="remove" data-remove="{name}"'
        f' aria-label="{say("Remove {name}", name=name)}" title="{say("Remove")}">×</button></td>'
        "</tr>"
    )


def _details(document: DocumentInfo) -> str:
    """Return the receipt: what was read and what was not, when and from where."""
    name = inert(document.name)
    partly = _partly(document)
    facts = [
        (say("Read"), ", ".join(dict.fromkeys([_read(document), _characters(document)]))),
        *((say("Note"), note) for note in document.notes),
        (say("Added"), _day(document.added)),
        (say("Changed"), _day(document.modified)),
        (say("Size"), _size(document)),
        (say("From"), ", ".join(map(file_name, document.locations or (document.source,)))),
    ]
    listed = "".join(
        f'<dt>{what}</dt><dd dir="auto">{inert(said)}</dd>' for what, said in facts if said
    )
    status = say("Read in part") if partly else say("Read in full")
    return (
        f'<details class="receipt{" partly" if partly else ""}"><summary>{status}</summary>'
        f'<dl>{listed}</dl><button type="button" class="again" data-again="{name}">'
        f"{say('Read it again')}</button></details>"
    )


def _read(document: DocumentInfo) -> str:
    receipt = document.receipt
    if not receipt.units:
        return _characters(document)
    missing = _missing(receipt)
    units = _units(receipt)
    if missing:
        return say("{some} of {units}", some=number(receipt.units - missing), units=units)
    return units


def _units(receipt: Receipt) -> str:
    count = receipt.units
    said = {
        Unit.PAGE: several("{count} page", "{count} pages", count),
        Unit.SLIDE: several("{count} slide", "{count} slides", count),
        Unit.SHEET: several("{count} sheet", "{count} sheets", count),
        Unit.ROW: several("{count} row", "{count} rows", count),
        Unit.RECORD: several("{count} record", "{count} records", count),
        Unit.CHAPTER: several("{count} chapter", "{count} chapters", count),
        Unit.LINE: several("{count} line", "{count} lines", count),
    }
    return said[receipt.unit or Unit.PAGE]


def _characters(document: DocumentInfo) -> str:
    return several("{count} character", "{count} characters", document.characters)


def _partly(document: DocumentInfo) -> bool:
    receipt = document.receipt
    return bool(receipt.blank or receipt.unread or receipt.skipped)


def _missing(receipt: Receipt) -> int:
    return len({*receipt.blank, *receipt.unread})


def _day(moment: str) -> str:
    with suppress(ValueError):
        return date(datetime.fromisoformat(moment))
    return ""


def _size(document: DocumentInfo) -> str:
    with suppress(OSError, ValueError):
        size = Path(document.source).stat().st_size
        if size >= 1e5:
            return f"{number(size / 1e6, 1)} MB"
        return f"{number(max(size / 1e3, 0.1), 1)} kB"
    return ""
