"""File → Document: one module a family of formats, reading and naming done once for all."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from assistant.errors import (
    AssistantError,
    CorruptDocument,
    EmptyDocument,
    LoadError,
    UnsupportedFormat,
)
from assistant.loading.docx import read_docx
from assistant.loading.extracted import Extracted, readable_name, sane_title
from assistant.loading.html import read_html
from assistant.loading.markdown import read_markdown
from assistant.loading.pdf import read_pdf
from assistant.loading.plain import read_plain
from assistant.types import Document

READERS: dict[str, Callable[[bytes], Extracted]] = {
    ".txt": read_plain,
    ".log": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
SUFFIXES = tuple(READERS)
"""The endings of the file names that can be read, in lower case."""
MAX_BYTES = 200_000_000


class Found(NamedTuple):
    """The files among some paths, each with its name in the index, and those left out.

    ``skipped`` holds the files inside folders that no reader knows.
    """

    files: list[tuple[Path, str]]
    skipped: list[Path]


def find_files(paths: Iterable[str | Path]) -> Found:
    """Expand folders into the files in them, in order, hidden ones left out.

    A file given directly keeps its name, whatever its ending; one in a folder
    is named by its path from there. A path that does not exist is kept, for
    :func:`load` to complain about. Links to folders are not followed.
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
            if folder and path.is_file() and path.suffix.lower() not in READERS:
                found.skipped.append(path)
            else:
                found.files.append((path, name))
    return found


def _inside(folder: Path) -> Iterator[tuple[Path, str]]:
    barred: list[str] = []
    for place, folders, files in os.walk(
        folder, onerror=lambda error: barred.append(str(error.filename))
    ):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(place, name)
            if not name.startswith(".") and path.is_file():
                yield path, path.relative_to(folder).as_posix()
    # A folder that can't be listed goes on as if it were a file, for `load` to complain about.
    yield from ((Path(name), Path(name).name) for name in barred)


def source_of(path: Path) -> str:
    """Return a file's absolute path as text that can be stored, whatever bytes its name has."""
    return storable(str(path.absolute()))


def storable(name: str) -> str:
    """Return a file's name as text that can be stored, whatever bytes it has."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_file(path: Path, max_bytes: int = MAX_BYTES) -> bytes:
    """Return a file's bytes; raises :class:`LoadError` for what is no file, or too large."""
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode) and not os.access(path, os.R_OK | os.X_OK):
            raise LoadError(f"{path.name} is a folder that can't be opened. Check who may read it.")
        if stat.S_ISDIR(facts.st_mode):
            raise LoadError(f"{path.name} is a folder. Give its path to add the files in it.")
        if not stat.S_ISREG(facts.st_mode):
            raise LoadError(f"{path.name} is not a regular file. Only files can be added.")
        if facts.st_size > max_bytes:
            raise LoadError(
                f"{path.name} has {facts.st_size / 1e6:.1f} MB; the limit for a file is "
                f"{max_bytes / 1e6:g} MB. Split it, or raise ASSISTANT_MAX_FILE_MB."
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise LoadError(f"{path} does not exist. Check the path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LoadError(
            f"{path.name} can't be read: {reason}. Check its name and who may read it."
        ) from error
    if not data:
        raise EmptyDocument(f"{path.name} is empty. Nothing was added.")
    return data


def parse(path: Path, name: str, data: bytes) -> Document:
    """Turn a file's bytes into a document; raises :class:`LoadError` where they can't be used."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnsupportedFormat(
            f"{path.name} is of a kind that can't be read. Readable are {', '.join(SUFFIXES)}."
        )
    try:
        extracted = reader(data)
    except LoadError as error:
        raise type(error)(f"{path.name}: {error}") from error.__cause__
    except AssistantError:
        raise
    except Exception as error:
        # The libraries behind the readers fail in many ways on damaged or hostile files.
        raise CorruptDocument(
            f"{path.name}: it is damaged, or not what its name says ({type(error).__name__}). "
            "Open it in its own program and save it anew."
        ) from error
    if not extracted.text.strip():
        raise EmptyDocument(f"{path.name}: it holds no text. {' '.join(extracted.notes)}".strip())
    return Document(
        name=storable(name),
        title=sane_title(extracted.title) or storable(readable_name(path.name)),
        text=extracted.text,
        source=source_of(path),
        checksum=hashlib.sha256(data).hexdigest(),
        pages=extracted.pages,
        headings=extracted.headings,
        notes=extracted.notes,
        modified=_changed(path),
    )


def _changed(path: Path) -> str:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    except (OSError, ValueError, OverflowError):
        return ""


def load(path: Path, name: str | None = None, *, max_bytes: int = MAX_BYTES) -> Document:
    """Load a file as a document, under a name that defaults to the file's own.

    Raises :class:`LoadError`, whose message names the file and says what to do.
    """
    return parse(path, name or path.name, read_file(path, max_bytes))
