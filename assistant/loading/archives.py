"""Zip archives: what is in one, and whether it would fill the memory."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from assistant.errors import CorruptDocument, EncryptedDocument, LoadError
from assistant.loading.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0"
_MOST_UNPACKED = 500_000_000
_MOST_MEMBERS = 100_000
_SMALL = 1_000_000
"""Bytes that a part may always unpack to: blank forms are packed very tightly."""
_ENCRYPTED = 0x1
_LONGEST_NAME = 1000
_DRIVE = re.compile(r"^[A-Za-z]:")


def check_archive(data: bytes, limits: Limits) -> None:
    """Refuse what is no office file, and archives made to fill the memory."""
    if data.startswith(_OLE):
        raise EncryptedDocument(
            "it is encrypted, or in an old Office format. Save it in the new one (.docx, .pptx, "
            ".xlsx) without a password."
        )
    with _opened(io.BytesIO(data), "it is no Office, ODF or EPUB document") as archive:
        entries = archive.infolist()
    # The archive is read no further than the sizes it declares, so these can't be a lie.
    size = sum(entry.file_size for entry in entries)
    if size > _MOST_UNPACKED or size > max(limits.expansion * len(data), _SMALL):
        raise CorruptDocument(
            f"it would unpack to {size / 1e6:,.0f} MB from {len(data) / 1e6:.2f} MB, which no real "
            "document does. If this one is, raise ASSISTANT_MAX_EXPANSION."
        )


def members(path: Path, limits: Limits) -> list[str]:
    """Return the names of the files in an archive, as paths that stay inside it.

    Hidden files are left out, and so are folders and the copies that some
    programs add. Names that would become one are numbered; of members with the
    same name the last counts, as it replaced the others. Raises :class:`LoadError`.
    """
    contents = _contents(path)
    size = sum(entry.file_size for entry in contents.entries.values())
    if size > max(limits.expansion * contents.packed, _SMALL):
        raise CorruptDocument(
            f"it would unpack to {size / 1e6:,.0f} MB from {contents.packed / 1e6:.2f} MB. If it "
            "is harmless, raise ASSISTANT_MAX_EXPANSION."
        )
    return list(contents.entries)


def member(path: Path, name: str, limits: Limits) -> bytes:
    """Return the bytes of a file in an archive, by its name as :func:`members` gives it."""
    contents = _contents(path)
    entry = contents.entries.get(name)
    if entry is None:
        raise LoadError("it is no longer in the archive. Add the archive again.")
    if entry.flag_bits & _ENCRYPTED:
        raise EncryptedDocument("it needs a password. Unpack the archive and add its files.")
    if entry.file_size > limits.file_bytes:
        raise LoadError(
            f"it has {entry.file_size / 1e6:,.1f} MB; the limit for a file is "
            f"{limits.file_bytes / 1e6:g} MB. Split it, or raise ASSISTANT_MAX_FILE_MB."
        )
    packed = max(entry.compress_size, 1)
    if entry.file_size > max(limits.expansion * packed, _SMALL):
        raise CorruptDocument(
            f"it would unpack to {entry.file_size / packed:,.0f} times its size. "
            "If it is harmless, raise ASSISTANT_MAX_EXPANSION."
        )
    try:
        return contents.archive.read(entry)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise CorruptDocument(f"it can't be unpacked ({error}). Make the archive anew.") from error


class _Contents(NamedTuple):
    """An open archive, the files in it by their names, and its size in bytes."""

    archive: ZipFile
    entries: dict[str, ZipInfo]
    packed: int


def _contents(path: Path) -> _Contents:
    """Open an archive, unless it was the last one and has not changed since."""
    try:
        facts = path.stat()
        return _opened_at(path, facts.st_size, (facts.st_ino, facts.st_mtime_ns))
    except OSError as error:
        raise LoadError(f"it can't be opened: {error.strerror or error}.") from error


@lru_cache(maxsize=1)
def _opened_at(path: Path, size: int, _: tuple[int, int]) -> _Contents:
    # Its files are asked for one after another, and to open it takes longer the more it holds.
    archive = _opened(path, "it is no zip archive")
    return _Contents(archive, _entries(archive), size)


def _opened(file: Path | io.BytesIO, fault: str) -> ZipFile:
    try:
        return ZipFile(file)
    except (BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise CorruptDocument(f"{fault}, or is damaged. Check its ending.") from error


def _entries(archive: ZipFile) -> dict[str, ZipInfo]:
    """Return the files in an archive by names of their own."""
    every = archive.infolist()
    if len(every) > _MOST_MEMBERS:
        raise CorruptDocument(
            f"it holds {len(every):,} files; the limit is {_MOST_MEMBERS:,}. Unpack it and add "
            "the folder."
        )
    latest = {entry.filename: entry for entry in every if not entry.is_dir()}
    named = [(_inside(name), entry) for name, entry in latest.items()]
    seen = [(name, entry) for name, entry in named if name and not _is_hidden(name)]
    names = _distinct([name for name, _ in seen])
    return dict(zip(names, (entry for _, entry in seen), strict=True))


def _distinct(names: Sequence[str]) -> Iterator[str]:
    """Yield names in order, those that came before with a number: "a (2).txt"."""
    taken = set(names)
    numbers: dict[str, Iterator[int]] = {}
    for name in names:
        if name not in numbers:
            numbers[name] = count(2)
            yield name
            continue
        path = PurePosixPath(name)
        tries = (f"{path.stem} ({number}){path.suffix}" for number in numbers[name])
        free = next(str(free) for free in map(path.with_name, tries) if str(free) not in taken)
        taken.add(free)
        yield free


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _inside(name: str) -> str:
    """Return a member's name without what would lead out of the archive."""
    plain = _DRIVE.sub("", name.replace("\\", "/").replace("\x00", ""))[-_LONGEST_NAME:]
    return "/".join(part for part in plain.split("/") if part not in {"", ".", ".."})
