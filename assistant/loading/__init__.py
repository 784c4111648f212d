"""File → Document: one module a family of formats, reading and naming done once for all."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import EmptyDocument, LoadError, UnsupportedFormat
from assistant.loading import formats, isolation
from assistant.loading.extracted import Extracted, readable_name, sane_title
from assistant.loading.finding import Found, archive_of, find_files, read_file
from assistant.loading.formats import ARCHIVE, COMMON, KINDS, READERS, SUFFIXES
from assistant.loading.limits import Limits
from assistant.loading.receipts import remarks
from assistant.types import Document

__all__ = [
    "COMMON",
    "KINDS",
    "SUFFIXES",
    "Found",
    "Limits",
    "archive_of",
    "find_files",
    "load",
    "parse",
    "read_file",
    "source_of",
    "storable",
]
_DEFAULT = Limits()


def source_of(path: Path) -> str:
    """Return a file's absolute path as text that can be stored, whatever bytes its name has."""
    return storable(str(path.absolute()))


def storable(name: str) -> str:
    """Return a file's name as text that can be stored, whatever bytes it has."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def parse(path: Path, name: str, data: bytes, limits: Limits = _DEFAULT) -> Document:
    """Turn a file's bytes into a document; raises :class:`LoadError` where they can't be used.

    All but plain text is read by a process of its own, within the limits.
    """
    try:
        extracted = _extracted(path, data, limits)
    except LoadError as error:
        raise type(error)(f"{path.name}: {error}") from error.__cause__
    receipt = replace(extracted.receipt, characters=len(extracted.text))
    notes = remarks(receipt)
    if not any(map(_is_seen, extracted.text)):
        raise EmptyDocument(f"{path.name}: it holds no text. {' '.join(notes)}".strip())
    return Document(
        name=storable(name),
        title=sane_title(extracted.title) or storable(readable_name(path.name)),
        text=extracted.text,
        source=source_of(path),
        checksum=hashlib.sha256(data).hexdigest(),
        pages=extracted.pages,
        headings=extracted.headings,
        notes=notes,
        modified=_changed(path),
        places=extracted.places,
        receipt=receipt,
    )


def _extracted(path: Path, data: bytes, limits: Limits) -> Extracted:
    suffix = path.suffix.lower()
    if suffix == ARCHIVE:
        held = len(isolation.members(path, limits))
        raise LoadError(f"it is an archive of {held} files. `assistant add` adds what is in it.")
    if suffix not in READERS:
        raise UnsupportedFormat(f"it is of a kind that can't be read. Readable are {KINDS}.")
    if formats.is_harmless(suffix):
        return formats.read(suffix, data, limits)
    return isolation.read(suffix, data, limits)


def _is_seen(character: str) -> bool:
    """Tell what a reader sees from white space, and from marks of no width."""
    return character.isprintable() and not character.isspace()


def _changed(path: Path) -> str:
    try:
        facts = (archive_of(path) or path).stat()
        return datetime.fromtimestamp(facts.st_mtime, UTC).date().isoformat()
    except (OSError, ValueError, OverflowError):
        return ""


def load(path: Path, name: str | None = None, *, limits: Limits = _DEFAULT) -> Document:
    """Load a file as a document, under a name that defaults to the file's own.

    Raises :class:`LoadError`, whose message names the file and says what to do.
    """
    return parse(path, name or path.name, read_file(path, limits), limits)
