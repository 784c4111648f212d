"""What SQLite says went wrong, in the words and the error tree of this program."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from assistant.errors import IndexBusy, StoreError

_FULL = {
    "SQLITE_FULL",
    "SQLITE_IOERR_WRITE",
    "SQLITE_IOERR_SHMSIZE",
    "SQLITE_IOERR_FSYNC",
    "SQLITE_IOERR_TRUNCATE",
}
_REFUSED = ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")


class Kind(NamedTuple):
    """What a file is called in a message, and what to do where it is damaged."""

    name: str
    remedy: str


CATALOG = Kind(
    "catalog",
    "`assistant verify` says where; if it can't open it either, delete the index's folder and add "
    "the documents again.",
)


@contextmanager
def explained(path: Path, kind: Kind = CATALOG) -> Iterator[None]:
    """Turn SQLite's errors into :class:`StoreError` and :class:`IndexBusy`."""
    file = f"{kind.name} {path}"
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError):
        raise  # a fault of this program, not of the file
    except sqlite3.Error as error:
        raise _error(file, kind.remedy, error) from error


def _error(file: str, remedy: str, error: sqlite3.Error) -> StoreError:
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith("SQLITE_BUSY"):
        return IndexBusy(
            f"Another process keeps the {file} locked. Wait for it to end, then try again."
        )
    if name in _FULL:
        return StoreError(
            f"The {file} could not be written: {error}. Make space on its disk, then do "
            "the same again: what was finished is kept."
        )
    if name.startswith(_REFUSED):
        return StoreError(
            f"The {file} can't be opened or written: {error}. See to the rights of the "
            "file and its folder."
        )
    return StoreError(f"The {file} is damaged: {error}. {remedy}")
