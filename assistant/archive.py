"""An index as one file, to move it between machines: a zip of a manifest and what is in the folder.

manifest.json     formats, encoder, counts; size and SHA-256 of each other member
catalog.sqlite3   the catalog as it was at one moment
uploads/…         the files that were added through the chat page

Chroma is not in it: it is made anew from the catalog, without encoding anything.
An archive may come from anyone, so nothing in it is trusted before it is checked.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant import dense, digests, folders
from assistant.catalog import Catalog
from assistant.errors import ArchiveError, IndexMismatch, StoreError
from assistant.index import CATALOG, Index
from assistant.locations import Locations
from assistant.schema import STATEMENTS
from assistant.types import Encoder
from assistant.uploads import UPLOADS, uploaded

VERSION = 1
_MANIFEST = "manifest.json"
_MOST_MANIFEST_BYTES = 10_000_000
_MOST_EXPANSION = 200
"""How many times its own size an archive may come to; catalogs come to two or three."""
_SPARE_BYTES = 100_000_000
_STEP = 1 << 20
_TABLES = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"


class Member(BaseModel):
    """A file of the archive, as the manifest has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What an archive says of itself. ``folder`` is where the index lay, on its own machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    archive: int
    format: str
    encoder: str
    precision: str
    documents: int
    passages: int
    generation: int
    folder: str
    exported: str
    members: dict[str, Member]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was exported or imported."""

    index: str
    file: Path
    documents: int
    passages: int
    bytes: int


def save(index: Index, file: Path) -> Moved:
    """Write an index to one file, as it is at this moment; others may read and write it meanwhile.

    The file is there whole, or not at all. Raises :class:`ArchiveError` where
    it can't be written.
    """
    try:
        with _beside(file.parent, ".export-") as scratch:
            copy = scratch / CATALOG
            index.catalog.copy(copy)
            members = {CATALOG: copy}
            folder = index.folder.absolute()
            members |= {path.relative_to(folder).as_posix(): path for path in uploaded(folder)}
            manifest = _manifest(copy, index.folder, members)
            packed = scratch / "archive"
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(_MANIFEST, manifest.model_dump_json(indent=1))
                for name, path in members.items():
                    archive.write(path, name)
            packed.replace(file)
    except OSError as error:
        raise ArchiveError(f"{file} can't be written: {error.strerror or error}.") from error
    size = file.stat().st_size
    return Moved(index.folder.name, file, manifest.documents, manifest.passages, size)


def load(
    file: Path,
    folder: Path,
    encoder_name: str,
    encoder: Callable[[str], Encoder],
    *,
    chroma_url: str = "",
) -> Moved:
    """Make an index in a new folder from one file; it is there whole, or not at all.

    Raises :class:`ArchiveError` where the file is none of ours, damaged or
    dangerous, or where the folder exists, and :class:`IndexMismatch` where the
    index was built with another encoder.
    """
    if folder.exists():
        raise ArchiveError(
            f"There is an index {folder.name!r} already. Import under another name (--index), or "
            f"delete {folder} first."
        )
    try:
        with zipfile.ZipFile(file) as archive, _beside(folder.parent, ".import-") as scratch:
            manifest = _read_manifest(archive, file)
            _check_encoder(manifest, encoder_name)
            unpacked = scratch / folder.name
            for name, member in manifest.members.items():
                _extract(archive, name, member, unpacked / name)
            _check_catalog(unpacked / CATALOG)
            with closing(Catalog(unpacked / CATALOG)) as catalog:
                dense.forget(catalog)
                Locations(catalog).moved(Path(manifest.folder) / UPLOADS, folder / UPLOADS)
            # Opening it makes Chroma anew.
            with closing(Index(unpacked, encoder_name, encoder, chroma_url=chroma_url)) as index:
                documents, passages, _ = index.catalog.counts()
            unpacked.rename(folder)
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ArchiveError(f"{file} can't be imported: {error}.") from error
    return Moved(folder.name, file, documents, passages, folders.disk_bytes(folder))


def _manifest(catalog: Path, folder: Path, members: dict[str, Path]) -> Manifest:
    with closing(sqlite3.connect(catalog)) as connection:
        facts = dict(connection.execute("SELECT key, value FROM meta"))
        documents, passages = connection.execute(
            "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
        ).fetchone()
    return Manifest(
        archive=VERSION,
        format=facts["format"],
        encoder=facts.get("encoder", ""),
        precision=facts.get("precision", ""),
        documents=documents,
        passages=passages,
        generation=int(facts["generation"]),
        folder=str(folder.absolute()),
        exported=datetime.now(UTC).isoformat(timespec="seconds"),
        members={
            name: Member(bytes=path.stat().st_size, sha256=digests.of_file(path))
            for name, path in members.items()
        },
    )


@contextmanager
def _beside(parent: Path, prefix: str) -> Iterator[Path]:
    """Yield a folder on the same disk, so that what was made there can be renamed into place."""
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=parent) as scratch:
        yield Path(scratch)


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """Return the manifest, once it agrees with what is in the archive and is safe to follow."""
    try:
        with archive.open(_MANIFEST) as stream:
            manifest = Manifest.model_validate_json(stream.read(_MOST_MANIFEST_BYTES))
    except (KeyError, ValidationError) as error:
        raise ArchiveError(f"{file} is no exported index: it has no valid {_MANIFEST}.") from error
    if manifest.archive != VERSION:
        raise ArchiveError(
            f"{file} was exported by another version of this program (archive {manifest.archive}, "
            f"not {VERSION}). Export it again with this one."
        )
    names = archive.namelist()
    if sorted(names) != sorted([_MANIFEST, *manifest.members]) or CATALOG not in manifest.members:
        raise ArchiveError(f"{file} does not hold what its {_MANIFEST} says. Export it again.")
    strange = [name for name in manifest.members if not _is_ours(name)]
    if strange:
        raise ArchiveError(f"{file} is no exported index: {strange[0]!r} does not belong in one.")
    total = sum(member.bytes for member in manifest.members.values())
    if total > _MOST_EXPANSION * file.stat().st_size:
        raise ArchiveError(
            f"{file} would come to {total / 1e6:,.0f} MB, which no exported index does."
        )
    return manifest


def _is_ours(name: str) -> bool:
    folder, *inside = name.split("/")
    return name == CATALOG or (
        folder == UPLOADS
        and bool(inside)
        and not {"", ".", ".."}.intersection(inside)
        and not set("\\:\0").intersection(name)
    )


def _check_encoder(manifest: Manifest, encoder_name: str) -> None:
    if manifest.encoder != encoder_name:
        raise IndexMismatch(
            f"The index was built with the embedding model {manifest.encoder!r}, but "
            f"{encoder_name!r} is set. Set ASSISTANT_ENCODER={manifest.encoder} and import again."
        )


def _extract(archive: zipfile.ZipFile, name: str, member: Member, target: Path) -> None:
    """Write a member out, if it is of the size and has the checksum that it should."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(target.parent).free < member.bytes + _SPARE_BYTES:
        raise ArchiveError(f"There is no space for the {member.bytes / 1e6:,.0f} MB of {name}.")
    checksum, left = hashlib.sha256(), member.bytes
    with archive.open(name) as stream, target.open("xb") as out:
        while piece := stream.read(min(_STEP, left + 1)):
            left -= len(piece)
            if left < 0:
                break
            checksum.update(piece)
            out.write(piece)
    if left or checksum.hexdigest() != member.sha256:
        raise ArchiveError(f"{name} is not what was exported: it was changed or damaged since.")


def _check_catalog(path: Path) -> None:
    """Look at a catalog before anything in it can act, and see that it has our tables alone."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as found:
            found.execute("PRAGMA trusted_schema = OFF")
            acting = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
            if found.execute(acting).fetchone():
                raise ArchiveError("Its catalog has programs in it, as none of this program's has.")
            report = found.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if report != "ok":
            raise ArchiveError(f"Its catalog is damaged: {report}. Export it again.")
    except sqlite3.DatabaseError as error:
        raise ArchiveError(f"Its catalog is damaged: {error}. Export it again.") from error
    tables = _tables(path)
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
        ours = set(connection.execute(_TABLES))
    if tables != ours:
        raise ArchiveError("Its catalog has other tables than this program makes.")


def _tables(path: Path) -> set[tuple[str, ...]]:
    """Open a catalog, which brings an older format up to this one, and return its tables."""
    try:
        with closing(Catalog(path)) as catalog:
            return set(catalog.read(_TABLES))
    except IndexMismatch as error:
        raise ArchiveError(
            "Its catalog has a format that this program does not know. Add the documents instead: "
            "`assistant add PATH…`."
        ) from error
    except (StoreError, ValueError) as error:
        reason = error.__cause__ or error
        raise ArchiveError(f"Its catalog is damaged: {reason}. Export it again.") from error
