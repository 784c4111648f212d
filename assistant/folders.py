"""The folder that holds the indexes: what is in it, how an index gets a name, another, or goes.

An index is renamed and deleted only where no program has it open. Before its
files are deleted it gets a hidden name, so that whatever breaks off leaves it
whole or gone; what was left over goes the next time.
"""

from __future__ import annotations

import os
import shutil
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from assistant import chroma_server, conversations
from assistant.database import Database
from assistant.dense import seal_of
from assistant.errors import (
    IndexBusy,
    IndexNotFound,
    SettingsError,
    StoreError,
    StoreUnavailable,
)
from assistant.index import CATALOG, LOCK
from assistant.loading import source_of
from assistant.locations import PLACE

LONGEST_NAME = 60
"""Characters of an index's name."""
_GOING = ".deleted-"
_NOT_IN_NAMES = set('/\\:*?"<>|')
_TAKEN = {"con", "prn", "aux", "nul"}
"""Names that Windows keeps to itself."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An index as it stands in a list; ``problem`` says why it can't be read, if it can't."""

    name: str
    documents: int = 0
    problem: str = ""


def names(folder: Path) -> list[str]:
    """Return the names of the indexes in a folder."""
    found = (path.parent.name for path in folder.glob(f"*/{CATALOG}"))
    return sorted(name for name in found if not name.startswith("."))


def listed(index: Path) -> Listed:
    """Return what a list says of the index in a folder, which is not opened for it."""
    try:
        with closing(Database(index / CATALOG)) as catalog:
            [(documents,)] = catalog.read("SELECT count(*) FROM documents")
    except StoreError as error:
        return Listed(index.name, problem=str(error))
    return Listed(index.name, documents)


@dataclass(frozen=True, slots=True)
class Measured(Listed):
    """An index as it stands in a list, with the size of all its files."""

    disk_bytes: int = 0


def measured(index: Path) -> Measured:
    """Return what a longer list says of the index in a folder."""
    one = listed(index)
    return Measured(one.name, one.documents, one.problem, disk_bytes(index))


def disk_bytes(index: Path) -> int:
    """Return the size of all files of an index."""
    return sum(file.stat().st_size for file in index.rglob("*") if file.is_file())


def checked(name: str) -> str:
    """Return a name that any file system takes; raises :class:`SettingsError` for any other."""
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name:
        fault = "it is empty"
    elif len(name) > LONGEST_NAME:
        fault = f"it has {len(name)} characters, and {LONGEST_NAME} are the most"
    elif not name.isprintable() or _NOT_IN_NAMES & set(name):
        fault = f"it holds a sign that can't be seen, or one of {' '.join(sorted(_NOT_IN_NAMES))}"
    elif name[0] in ".-" or name[-1] == ".":
        fault = "it begins or ends with a sign that has a meaning in file names"
    elif name.casefold() in _TAKEN:
        fault = "Windows keeps it to itself"
    else:
        return name
    raise SettingsError(f"{name!r} is no name for an index: {fault}. Choose another.")


def new(folder: Path, name: str) -> Path:
    """Return where an index of this name would be; it must not be there yet."""
    target = folder / checked(name)
    if target.exists():
        raise SettingsError(f"There is something named {target.name!r} already. Choose another.")
    return target


def rename(index: Path, name: str, let_go: Callable[[], None] | None = None) -> Path:
    """Give an index another name, with all that it holds; return where it is now.

    ``let_go`` closes what this program has open of it, once nobody writes to it any more.
    """
    target = new(index.parent, name)
    with _alone(index, let_go):
        _note_place(index)
        index.rename(target)
    return target


def delete(index: Path, let_go: Callable[[], None] | None = None) -> None:
    """Delete an index with all that it holds: documents, uploads, conversations.

    ``let_go`` is as in :func:`rename`.
    """
    going = index.with_name(f"{_GOING}{uuid.uuid4().hex}")
    with _alone(index, let_go):
        _empty_server(index)
        index.rename(going)
    sweep(index.parent)
    if going.exists():
        raise StoreError(
            f"The index {index.name!r} is gone, but not all of its files: see to the rights of "
            f"{going}, and delete what is left there."
        )


def sweep(folder: Path) -> None:
    """Delete what was left over of indexes whose deletion broke off."""
    for left in folder.glob(f"{_GOING}*"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _alone(index: Path, let_go: Callable[[], None] | None) -> Iterator[None]:
    """See that no program has an index open, this one included, and tell what fails in words.

    Whoever begins to write to it meanwhile waits, but on Windows, where no
    folder is moved that has an open file, as its lock is.
    """
    if not (index / CATALOG).is_file():
        raise IndexNotFound(f"There is no index {index.name!r} in {index.parent}.")
    if index.is_symlink():
        raise StoreError(f"{index} is a link to another folder. Rename or delete it by hand.")
    with ExitStack() as held:
        try:
            held.enter_context(FileLock(index / LOCK, timeout=0))
            if let_go:
                let_go()
            _fold(Database(index / CATALOG))
            if (index / conversations.FILE).exists():
                _fold(Database(index / conversations.FILE))
        except (Timeout, IndexBusy):
            raise IndexBusy(
                f"The index {index.name!r} is in use: a program is writing to it, or has it open. "
                "Wait for it, or end that program, then try again."
            ) from None
        if os.name == "nt":
            held.close()
        try:
            yield
        except OSError as error:
            raise StoreError(
                f"The index {index.name!r} can't be moved or deleted: {error.strerror or error}. "
                f"See to the rights of {index.parent}, and that no program has files of it open."
            ) from error


def _note_place(index: Path) -> None:
    """Note where an index is, if it does not say so: its uploads are found again by that."""
    fact = (PLACE, source_of(index))
    with (
        suppress(StoreError),
        closing(Database(index / CATALOG)) as catalog,
        catalog.write() as connection,
    ):
        connection.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", fact)


def _empty_server(index: Path) -> None:
    """Delete what a Chroma server holds of an index, if that is where its vectors are."""
    try:
        with closing(Database(index / CATALOG)) as catalog:
            seal = seal_of(catalog)
    except StoreError:
        return  # A damaged catalog does not tell.
    try:
        chroma_server.delete(seal)
    except StoreUnavailable as error:
        raise StoreUnavailable(
            f"{error} Nothing was deleted. If that server is gone for good, delete the folder "
            f"{index} yourself."
        ) from error


def _fold(database: Database) -> None:
    with closing(database):
        try:
            database.fold()
        except IndexBusy:
            raise
        except StoreError:
            return  # A damaged file is in nobody's use.
