"""The file that a document was read from, if it still is the very same."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from assistant.errors import LoadError
from assistant.index import Index
from assistant.loading import Limits, archive_of, read_file
from assistant.locations import is_web
from assistant.types import Document
from assistant.web.language import say

PDF = ".pdf"


class Original(NamedTuple):
    """A file's bytes, or None; ``remark`` says what became of it, where that is worth saying."""

    data: bytes | None
    remark: str = ""


def original(index: Index, document: Document, limits: Limits) -> Original:
    """Return the bytes of a document's file, where one of its locations still holds them.

    Nothing but the index's own locations is opened. What lies in an archive is
    read for the sake of its pages only, and a page of the web not again.
    """
    remark = ""
    for location in index.locations.of(document.name):
        path = Path(location.source)
        if is_web(location.source) or (not is_pdf(path) and archive_of(path)):
            continue
        try:
            data = read_file(path, limits)
        except LoadError:
            remark = remark or say(
                "Its file is no longer where it was; this is its text as indexed."
            )
            continue
        if hashlib.sha256(data).hexdigest() == document.checksum:
            return Original(data)
        remark = say("Its file has changed since it was indexed; this is its text as it was then.")
    return Original(None, remark)


def is_pdf(path: Path) -> bool:
    """Tell whether a file is one that has pages to draw."""
    return path.suffix.lower() == PDF
