"""The files of an index that were uploaded to it: they lie in its own folder, and go with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

UPLOADS = "uploads"
"""The folder, in that of the index."""


def uploads_of(index: Path) -> Path:
    """Return the folder of what was uploaded to the index in a folder."""
    return (index / UPLOADS).absolute()


def uploaded(index: Path) -> Iterator[Path]:
    """Yield the uploaded files of an index, in order."""
    yield from sorted(path for path in uploads_of(index).rglob("*") if path.is_file())


def discard(file: Path, index: Path) -> None:
    """Delete a file if it was uploaded to the index, and its folders if they are empty now."""
    folder = uploads_of(index)
    if ".." in file.parts or folder not in file.parents:
        return
    file.unlink(missing_ok=True)
    with suppress(OSError):  # A folder that is not empty stays, and so do those above it.
        for parent in file.parents:
            if parent == folder:
                return
            parent.rmdir()
