"""What an index holds of documents, and what becomes of the files that are brought to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import NamedTuple

from assistant.places import NOTHING_SAID, Receipt

WEB = ("http://", "https://")
"""How addresses of pages of the web begin."""


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
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file; ``message`` says why, where that is worth saying.

    ``path`` is the file's, or the address of a page of the web.
    """

    path: str
    outcome: Outcome
    document: str
    passages: int
    message: str = ""

    @property
    def name(self) -> str:
        """What the file is called, without its folders; an address stays whole."""
        return file_name(self.path)


class Progress(NamedTuple):
    """How far a long piece of work has come: files, and passages of the file in hand.

    ``path`` is the file's, or a page's address; ``report`` what became of it, once it is done.
    """

    path: str
    files_done: int
    files_total: int
    passages_done: int
    passages_total: int
    report: FileReport | None = None

    @property
    def name(self) -> str:
        """What the file is called, without its folders; an address stays whole."""
        return file_name(self.path)


OnProgress = Callable[[Progress], None]
"""Hears of progress; by raising :class:`Stopped` it ends the work, and what is done stays."""


def file_name(path: str) -> str:
    """Return a file's name without its folders; the address of a page of the web as it is."""
    return path if path.startswith(WEB) else PurePath(path).name
