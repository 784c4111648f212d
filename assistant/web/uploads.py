"""Uploaded files: kept in the index's own folder, so that the source of a citation survives."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from assistant.errors import SettingsError
from assistant.index import UPLOADS


def keep(files: Sequence[str | Path], index: Path, most: int = 100) -> list[Path]:
    """Move uploaded files into the index's folder under their own names; return where they are.

    A file of a name that is there already replaces it: it is taken for the
    newer version. Two files of one name in the same upload are both kept, the
    second as "name (2).ext", unless they are the same. More files than
    ``most`` raise :class:`SettingsError`, and none is kept.
    """
    if len(files) > most:
        for file in map(Path, files):
            file.unlink(missing_ok=True)
        raise SettingsError(
            f"{len(files)} files are too many at once; {most} may be. Upload them in parts, add "
            "their folder with `assistant add`, or set ASSISTANT_MAX_UPLOADS."
        )
    folder = index / UPLOADS
    folder.mkdir(parents=True, exist_ok=True)
    kept: list[Path] = []
    for file in map(Path, files):
        target = _target(file, folder, kept)
        if target not in kept:
            _move(file, target)
            kept.append(target)
        file.unlink(missing_ok=True)
    return kept


def discard(source: str | Path, index: Path) -> None:
    """Delete a file if it is one that ``keep`` has kept; leave any other alone."""
    path = Path(source)
    if path.parent == index / UPLOADS:
        path.unlink(missing_ok=True)


def _target(file: Path, folder: Path, taken: list[Path]) -> Path:
    target, count = folder / file.name, 1
    while target in taken and target.read_bytes() != file.read_bytes():
        count += 1
        target = folder / f"{file.stem} ({count}){file.suffix}"
    return target


def _move(file: Path, target: Path) -> None:
    """Copy beside the target, then rename: a reader sees the old file or the new one, whole."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".upload-")
    os.close(handle)
    try:
        shutil.copyfile(file, name)
        Path(name).replace(target)
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
