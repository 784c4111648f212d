"""How an index stands, and whether it holds together: every passage, in both stores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.dense import StoreState
from assistant.index import Index
from assistant.rows import StoredPassage
from assistant.types import Document

_PROBE_SECONDS = 600
_NAMED = 5


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder that is kept in sync, and when it last was (UTC, ISO 8601)."""

    folder: str
    synced: str


@dataclass(frozen=True, slots=True)
class Status:
    """The size and state of an index; ``vectors`` is current, behind or missing."""

    name: str
    folder: str
    documents: int
    passages: int
    characters: int
    generation: int
    encoder: str
    precision: str
    disk_bytes: int
    vectors: str
    format: str
    files: int
    folders: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of an index found; ``problems`` are those left after ``repaired`` was done."""

    ok: bool
    passages_checked: int
    problems: tuple[str, ...]
    repaired: tuple[str, ...]


def status(index: Index) -> Status:
    """Return the size and state of an index."""
    documents, passages, characters = index.catalog.counts()
    return Status(
        name=index.folder.name,
        folder=str(index.folder),
        documents=documents,
        passages=passages,
        characters=characters,
        generation=index.catalog.generation,
        encoder=index.catalog.meta("encoder") or "",
        precision=index.catalog.meta("precision") or "",
        disk_bytes=sum(f.stat().st_size for f in index.folder.rglob("*") if f.is_file()),
        vectors=index.dense.state().value,
        format=index.catalog.meta("format") or "",
        files=index.locations.count(),
        folders=tuple(Kept(*kept) for kept in index.locations.folders().items()),
    )


def verify(index: Index, *, repair: bool = False) -> Verification:
    """Check every passage against its document, its vectors, the full text and Chroma.

    With ``repair`` a faulty Chroma is made anew from the catalog; damage in
    the catalog itself can only be mended by adding the document again.
    """
    problems = [*_catalog_problems(index)]
    vectors = _vector_problems(index)
    repaired: tuple[str, ...] = ()
    if vectors and repair:
        index.repair()
        repaired = tuple(vectors)
        vectors = _vector_problems(index)
    problems += vectors
    return Verification(not problems, index.catalog.counts()[1], tuple(problems), repaired)


def _catalog_problems(index: Index) -> Iterator[str]:
    catalog = index.catalog
    for (report,) in catalog.read("PRAGMA integrity_check(5)"):
        if report != "ok":
            yield f"The catalog is damaged: {report}. Delete the index and add the files again."
    unsearchable = next(
        catalog.read("SELECT count(*) FROM passages WHERE key NOT IN (SELECT rowid FROM search)")
    )[0]
    if unsearchable:
        yield f"{unsearchable} passages are missing from the full text. Add their documents again."
    document: Document | None = None
    for stored in catalog.every_passage():
        name = stored.passage.document
        if document is None or document.name != name:
            document = catalog.document(name)
        fault = _fault(stored, document)
        if fault:
            yield f"A passage of {name!r} at {stored.passage.start} {fault}. Add the file again."


def _fault(stored: StoredPassage, document: Document) -> str:
    import numpy as np

    passage = stored.passage
    if document.text[passage.start : passage.end] != passage.text:
        return "does not match its document's text"
    if any(s.start < passage.start or s.end > passage.end for s in passage.sentences):
        return "has a sentence outside itself"
    norms = np.linalg.norm(np.vstack([stored.vector, stored.sentence_vectors]), axis=1)
    if not np.allclose(norms, 1.0, atol=1e-2):
        return "has a vector that is not of unit length"
    return ""


def _vector_problems(index: Index) -> list[str]:
    """Ask Chroma for every passage by its own vector, in a process that may crash."""
    if index.dense.state() is StoreState.MISSING:
        return ["Chroma's store is missing or was not finished; answers use the catalog's vectors."]
    command = [sys.executable, "-m", "assistant.probe", str(index.folder)]
    importable = os.pathsep.join(filter(None, sys.path))
    try:
        # The command is this Python and a module of this package.
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=False,
            env={**os.environ, "PYTHONPATH": importable},
        )
    except subprocess.TimeoutExpired:
        return [f"Chroma's store did not answer within {_PROBE_SECONDS} seconds."]
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        return [f"Chroma's store is damaged: {last[0] if last else f'exit {done.returncode}'}"]
    found = json.loads(done.stdout)
    return [
        f"{len(ids)} passages {what}, such as {', '.join(ids[:_NAMED])}."
        for what, ids in found.items()
        if ids
    ]
