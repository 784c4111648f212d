"""Uploaded files: kept in the index's own folder, so that the source of a citation survives."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from gradio import processing_utils
from gradio.data_classes import FileData

from assistant.assistant import Assistant
from assistant.errors import LoadError, SettingsError
from assistant.exchanges import title_of
from assistant.holdings import FileReport, OnProgress, Outcome
from assistant.loading import Limits, read_file, source_of, storable
from assistant.loading.limits import limits_of
from assistant.locations import Location
from assistant.uploads import discard, earlier, earlier_versions, left_over, uploads_of
from assistant.web.language import number, say

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ufffd]')
"""Characters that the name of a file can't have on one system or another."""
_LONGEST_NAME = 200
_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)
_TEXT = (".txt", ".md")


class Upload(NamedTuple):
    """A file that was uploaded, and its name, with the folders that it came in."""

    path: Path
    name: str


def received(path: str, name: str = "") -> Upload:
    """Return an uploaded file by the path that the upload was answered with.

    Raises :class:`LoadError` where nothing is there, and gr.Error for any other path.
    """
    file = Path(path)
    # It takes plain data, whatever its types say.
    processing_utils.check_all_files_in_cache(FileData(path=path).model_dump())  # type: ignore[arg-type]
    if not file.is_file():
        raise LoadError(f"{file.name!r} is not here, or not any more. Upload it, then add it.")
    return Upload(file, name or file.name)


def claimed(files: Sequence[Upload], most: int) -> list[Upload]:
    """Move uploaded files to where nothing else finds them, and return them there.

    What has the same content was uploaded as one file, whoever sent it. More
    files than ``most`` raise :class:`SettingsError`, one that can't be moved
    :class:`LoadError`, and all go.
    """
    paths = dict.fromkeys(file.path for file in files)
    try:
        check_count(len(files), most)
        folder = Path(tempfile.mkdtemp(prefix="assistant-"))
        place = {path: folder / str(number) for number, path in enumerate(paths)}
        for path in paths:
            shutil.move(path, place[path])
        return [Upload(place[file.path], file.name) for file in files]
    except OSError as error:
        raise LoadError(f"The upload can't be kept: {error.strerror}. Send it again.") from error
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def check_count(count: int, most: int) -> None:
    """Raise :class:`SettingsError` for more files than may be uploaded at once."""
    if count > most:
        raise SettingsError(
            say(
                "{count} files are too many at once; {most} may be. Upload them in parts, add their"
                " folder with `assistant add`, or set ASSISTANT_MAX_UPLOADS.",
                count=count,
                most=most,
            )
        )


def check_size(megabytes: float, most: float) -> None:
    """Raise :class:`SettingsError` for more megabytes than may be uploaded at once."""
    if megabytes > most:
        raise SettingsError(
            say(
                "{megabytes} MB are more than the {most} MB that may be uploaded at once. Upload"
                " them in parts, or add their folder with `assistant add`.",
                megabytes=number(megabytes, 1),
                most=number(most),
            )
        )


def keep(files: Sequence[Upload], index: Path) -> list[Path]:
    """Move uploaded files into the index's folder under their own names; return where they are.

    A file of a name that is there already replaces it: it is taken for the
    newer version, and the earlier one is kept beside it until :func:`add`.
    Two files of one name in the same upload are both kept, the second as
    "name (2).ext", unless they are the same. One that can't be kept raises
    :class:`LoadError`, and none is kept.
    """
    try:
        kept: list[Path] = []
        with ExitStack() as undoing:
            for file in files:
                target = _target(file, uploads_of(index), kept)
                if target not in kept:
                    _replace(file.path, target)
                    undoing.callback(_undo, target, index)
                    kept.append(target)
            undoing.pop_all()
        return kept
    finally:
        # In the end: the same content under two names was uploaded as one file.
        for file in files:
            file.path.unlink(missing_ok=True)
            with suppress(OSError):  # Others of the same upload are in it.
                file.path.parent.rmdir()


def check_text(text: str) -> None:
    """Raise :class:`LoadError` for a text that is empty."""
    if not text.strip():
        raise LoadError(say("There is no text. Paste some, then add it."))


def keep_text(title: str, text: str, index: Path) -> list[Path]:
    """Keep a text as a file under its title, or its first words; return where it is, as keep().

    With headings as in Markdown, it is Markdown.
    """
    name = safe(title.replace("/", "-")) or safe(title_of(text).replace("/", "-")) or "text"
    if not name.lower().endswith(_TEXT):
        name += _TEXT[bool(_HEADING.search(text))]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "text"
        file.write_bytes(text.encode("utf-8", "replace"))
        return keep([Upload(file, name)], index)


def add(
    assistant: Assistant, kept: Sequence[Path], on_progress: OnProgress | None = None
) -> list[FileReport]:
    """Add kept files, and return what became of them, whatever else is in their folders.

    In the end each is there as the index holds it: one that was not added goes,
    and where the earlier version of one stays in the index it is put back.
    """
    try:
        mine = set(kept)
        reports = [
            report
            for report in assistant.add(
                to_be_added(kept, assistant.folder), on_progress=on_progress
            )
            if not mine.isdisjoint((Path(report.path), *Path(report.path).parents))
        ]
        for report in reports:
            if report.outcome is Outcome.DUPLICATE:
                assistant.remove(report.path)
        return reports
    finally:
        for file in dict.fromkeys([*kept, *left_over(assistant.folder)]):
            _settle(assistant, file)


def to_be_added(kept: Sequence[Path], index: Path) -> list[Path]:
    """Return the paths to add for kept files: of those in folders the outermost.

    So their names say where in the folder they are, as if it had been added itself.
    """
    folder = uploads_of(index)
    return list(dict.fromkeys(folder / file.relative_to(folder).parts[0] for file in kept))


def safe(name: str) -> str:
    """Return a name with its folders as any system can keep it; nothing leads out of them."""
    parts = (_part(part) for part in PurePosixPath(storable(name).replace("\\", "/")).parts)
    return "/".join(filter(None, parts))


def _part(name: str) -> str:
    path = PurePosixPath(_FORBIDDEN.sub("_", name).strip(" ."))
    stem = path.stem.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return (stem + path.suffix[:20]).strip(" .") if name.strip("/ .") else ""


def _target(file: Upload, folder: Path, taken: list[Path]) -> Path:
    target, count = folder / (safe(file.name) or "file"), 1
    first = target
    while target in taken and target.read_bytes() != file.path.read_bytes():
        count += 1
        target = first.with_name(f"{first.stem} ({count}){first.suffix}")
    return target


def _settle(assistant: Assistant, file: Path) -> None:
    """Have an uploaded file be what the index holds of it, or not be there."""
    locations, source = assistant.index.locations, source_of(file)
    held = [place for place in (locations.at(source), *locations.under(source)) if place]
    if not held:
        discard(file, assistant.folder)
    elif versions := earlier_versions(file):
        limits = limits_of(assistant.settings)
        fits = (one for one in (file, *versions) if _is_held(one, file, held, limits))
        if (right := next(fits, file)) != file:
            right.replace(file)
        for version in versions:
            version.unlink(missing_ok=True)


def _is_held(version: Path, file: Path, held: Sequence[Location], limits: Limits) -> bool:
    """Tell whether a version of a file has all that the index holds of it."""
    inside = [place.source[len(source_of(file)) :].lstrip("/\\") for place in held]
    try:
        found = [read_file(version / path, limits) for path in inside]
    except LoadError:
        return False
    return [hashlib.sha256(data).hexdigest() for data in found] == [one.checksum for one in held]


def _replace(file: Path, target: Path) -> None:
    """Copy a file to its target; what is there now is kept beside it, if nothing older is."""
    if target.is_file() and not earlier(target).exists():
        _copy(target, earlier(target))
    try:
        _copy(file, target)
    except LoadError:
        _put_back(target)
        raise


def _undo(target: Path, index: Path) -> None:
    if not _put_back(target):
        discard(target, index)


def _put_back(target: Path) -> bool:
    """Have a file be again what it was before it was replaced, and tell whether it was there."""
    if not earlier(target).exists():
        return False
    earlier(target).replace(target)
    return True


def _copy(file: Path, target: Path) -> None:
    """Copy beside the target, then rename: a reader sees the old file or the new one, whole."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".upload-")
    except OSError as error:
        raise LoadError(f"{target.name} can't be kept: {error.strerror}.") from error
    os.close(handle)
    try:
        shutil.copyfile(file, name)
        Path(name).replace(target)
    except OSError as error:
        raise LoadError(f"{target.name} can't be kept: {error.strerror}.") from error
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
