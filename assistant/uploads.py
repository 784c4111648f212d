"""The files of an index that were uploaded to it: they lie in its own folder, and go with it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

UPLOADS = "uploads"
"""The folder, in that of the index."""
_EARLIER = ".earlier-"
_RUN = f"{_EARLIER}{secrets.token_hex(4)}-"
"""How the names of earlier versions begin that this process keeps while it replaces them."""


def uploads_of(index: Path) -> Path:
    """Return the folder of what was uploaded to the index in a folder."""
    return (index / UPLOADS).absolute()


def uploaded(index: Path) -> Iterator[Path]:
    """Yield the uploaded files of an index, in order; earlier versions are no files of it."""
    for path in sorted(uploads_of(index).rglob("*")):
        if path.is_file() and not path.name.startswith(_EARLIER):
            yield path


def earlier(file: Path) -> Path:
    """Return where a file's earlier version is kept until what replaces it is in the index."""
    return file.with_name(_RUN + file.name)


def earlier_versions(file: Path) -> list[Path]:
    """Return the earlier versions of a file that are kept, also by a process that was killed."""
    beside = file.parent.iterdir() if file.parent.is_dir() else ()
    return sorted(path for path in beside if _replaced_by(path) == file)


def left_over(index: Path) -> list[Path]:
    """Return the files whose earlier versions were kept by a process that was killed."""
    kept = uploads_of(index).rglob(f"{_EARLIER}*")
    return [
        file for path in kept if not path.name.startswith(_RUN) and (file := _replaced_by(path))
    ]


def _replaced_by(path: Path) -> Path | None:
    """Return the file that a path is an earlier version of, or None."""
    name = path.name[len(_RUN) :]
    return path.with_name(name) if name and path.name.startswith(_EARLIER) else None


def discard(file: Path, index: Path) -> None:
    """Delete a file if it was uploaded to the index, and its folders if they are empty now.

    Its earlier versions go with it.
    """
    folder = uploads_of(index)
    if ".." in file.parts or folder not in file.parents:
        return
    for path in (file, *earlier_versions(file)):
        path.unlink(missing_ok=True)
    with suppress(OSError):  # A folder that is not empty stays, and so do those above it.
        for parent in file.parents:
            if parent == folder:
                return
            parent.rmdir()
