"""What an index holds of documents, and what becomes of the files that are brought to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from assistant.places import NOTHING_SAID, Receipt


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What an index holds of one document: counts, not text. ``added`` is UTC, ISO 8601.

    ``locations`` are the paths of all files with its content; ``source`` is the first.
    """

    name: str
    title: str
    source: str
    checksum: str
    characters: int
    pages: int
    passages: int
    notes: tuple[str, ...]
    added: str
    modified: str = ""
    receipt: Receipt = NOTHING_SAID
    locations: tuple[str, ...] = ()


class Outcome(StrEnum):
    """What became of one file that was to be added, or that is no longer there."""

    ADDED = "added"
    UPDATED = "updated"
    RENAMED = "renamed"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file; ``message`` says why, where that is worth saying."""

    path: Path
    outcome: Outcome
    document: str
    passages: int
    message: str = ""


class Progress(NamedTuple):
    """How far a long piece of work has come: files, and passages of the file in hand."""

    file: Path
    files_done: int
    files_total: int
    passages_done: int
    passages_total: int


OnProgress = Callable[[Progress], None]
