"""Zip archives: what is in one, and whether it would fill the memory."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

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
    programs add. Raises :class:`LoadError`.
    """
    with path.open("rb") as file, _opened(file, "it is no zip archive") as archive:
        entries = list(_entries(archive))
        packed = path.stat().st_size
    size = sum(entry.file_size for _, entry in entries)
    if size > max(limits.expansion * packed, _SMALL):
        raise CorruptDocument(
            f"it would unpack to {size / 1e6:,.0f} MB from {packed / 1e6:.2f} MB. If it is "
            "harmless, raise ASSISTANT_MAX_EXPANSION."
        )
    return list(dict.fromkeys(name for name, _ in entries))


def member(path: Path, name: str, limits: Limits) -> bytes:
    """Return the bytes of a file in an archive, by its name as :func:`members` gives it."""
    with path.open("rb") as file, _opened(file, "it is no zip archive") as archive:
        entry = next((entry for known, entry in _entries(archive) if known == name), None)
        if entry is None:
            raise LoadError("it is no longer in the archive. Add the archive again.")
        if entry.flag_bits & _ENCRYPTED:
            raise EncryptedDocument("it needs a password. Unpack the archive and add its files.")
        if entry.file_size > limits.file_bytes:
            raise LoadError(
                f"it has {entry.file_size / 1e6:,.1f} MB; the limit for a file is "
                f"{limits.file_bytes / 1e6:g} MB. Split it, or raise ASSISTANT_MAX_FILE_MB."
            )
        if entry.file_size > max(limits.expansion * entry.compress_size, _SMALL):
            raise CorruptDocument(
                f"it would unpack to {entry.file_size / entry.compress_size:,.0f} times its size. "
                "If it is harmless, raise ASSISTANT_MAX_EXPANSION."
            )
        try:
            return archive.read(entry)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise CorruptDocument(
                f"it can't be unpacked ({error}). Make the archive anew."
            ) from error


def _opened(file: BinaryIO | io.BytesIO, fault: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise CorruptDocument(f"{fault}, or is damaged. Check its ending.") from error


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    entries = archive.infolist()
    if len(entries) > _MOST_MEMBERS:
        raise CorruptDocument(
            f"it holds {len(entries):,} files; the limit is {_MOST_MEMBERS:,}. Unpack it and add "
            "the folder."
        )
    for entry in entries:
        name = _inside(entry.filename)
        hidden = any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
        if name and not entry.is_dir() and not hidden:
            yield name, entry


def _inside(name: str) -> str:
    """Return a member's name without what would lead out of the archive."""
    plain = _DRIVE.sub("", name.replace("\\", "/").replace("\x00", ""))[-_LONGEST_NAME:]
    return "/".join(part for part in plain.split("/") if part not in {"", ".", ".."})
