"""Paths → the files to be read, those in folders and archives among them; a file → its bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from assistant.errors import EmptyDocument, LoadError
from assistant.loading import isolation
from assistant.loading.formats import ARCHIVE, SUFFIXES
from assistant.loading.limits import Limits

_NOT_WALKED = frozenset({"node_modules", "__pycache__"})
_DEFAULT = Limits()


class Found(NamedTuple):
    """The files among some paths, each with its name in the index, and those left out.

    ``skipped`` holds the files inside folders and archives that no reader knows.
    """

    files: list[tuple[Path, str]]
    skipped: list[Path]


def find_files(paths: Iterable[str | Path], limits: Limits = _DEFAULT) -> Found:
    """Expand folders and archives into the files in them, in order, hidden ones left out.

    A file given directly keeps its name, whatever its ending; one in a folder
    is named by its path from there, one in an archive by the archive's name
    and its path within: "reports.zip/2009/may.pdf". A path that does not exist
    is kept, for :func:`read_file` to complain about, and so is an archive that
    can't be opened. Links to folders are not followed.
    """
    found = Found([], [])
    seen: set[str] = set()
    for given in map(Path, paths):
        folder = os.path.isdir(given)  # noqa: PTH112 - Path.is_dir raises where it may not look
        inside = _inside(given) if folder else [(given, given.name)]
        for path, name in inside:
            real = str(path) if "\0" in str(path) else os.path.realpath(path)
            if real in seen:
                continue
            seen.add(real)
            if _suffix(path) == ARCHIVE and path.is_file():
                _add_members(path, name, found, limits)
            elif folder and path.is_file() and _suffix(path) not in SUFFIXES:
                found.skipped.append(path)
            else:
                found.files.append((path, name))
    return found


def _inside(folder: Path) -> Iterator[tuple[Path, str]]:
    barred: list[str] = []
    for place, folders, files in os.walk(
        folder, onerror=lambda error: barred.append(str(error.filename))
    ):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in _NOT_WALKED
        )
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():
                yield path, path.relative_to(folder).as_posix()
    # A folder that can't be listed goes on as if it were a file, for `read_file` to complain about.
    yield from ((Path(name), Path(name).name) for name in barred)


def _add_members(path: Path, name: str, found: Found, limits: Limits) -> None:
    members: list[str] = []
    with suppress(LoadError):
        members = isolation.members(path, limits)
    if not members:
        # As a file it is complained about, with the reason.
        found.files.append((path, name))
    for member in members:
        if _suffix(Path(member)) in SUFFIXES:
            found.files.append((path / member, f"{name}/{member}"))
        else:
            found.skipped.append(path / member)


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def archive_of(path: Path) -> Path | None:
    """Return the archive that a path leads into, or None for a path of the file system."""
    inside = (above for above in path.parents if _suffix(above) == ARCHIVE)
    return next((above for above in inside if os.path.isfile(above)), None)  # noqa: PTH113


def read_file(path: Path, limits: Limits = _DEFAULT) -> bytes:
    """Return the bytes of a file, or of one in an archive.

    Raises :class:`LoadError` for what is no file, too large, or can't be read.
    """
    archive = archive_of(path)
    data = _member(archive, path, limits) if archive else _file(path, limits)
    if not data:
        raise EmptyDocument(f"{path.name} is empty. Nothing was added.")
    return data


def _member(archive: Path, path: Path, limits: Limits) -> bytes:
    name = path.relative_to(archive).as_posix()
    if _suffix(path) == ARCHIVE:
        raise LoadError(
            f"{archive.name}/{name} is an archive in an archive. Unpack the outer one, and add "
            "what is in it."
        )
    try:
        return isolation.member(archive, name, limits)
    except LoadError as error:
        raise type(error)(f"{archive.name}/{name}: {error}") from error


def _file(path: Path, limits: Limits) -> bytes:
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode) and not os.access(path, os.R_OK | os.X_OK):
            raise LoadError(f"{path.name} is a folder that can't be opened. Check who may read it.")
        if stat.S_ISDIR(facts.st_mode):
            raise LoadError(f"{path.name} is a folder. Give its path to add the files in it.")
        if not stat.S_ISREG(facts.st_mode):
            raise LoadError(f"{path.name} is not a regular file. Only files can be added.")
        if facts.st_size > limits.file_bytes:
            raise LoadError(
                f"{path.name} has {facts.st_size / 1e6:.1f} MB; the limit for a file is "
                f"{limits.file_bytes / 1e6:g} MB. Split it, or raise ASSISTANT_MAX_FILE_MB."
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise LoadError(f"{path} does not exist. Check the path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LoadError(
            f"{path.name} can't be read: {reason}. Check its name and who may read it."
        ) from error
