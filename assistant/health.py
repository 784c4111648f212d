"""How an index stands, and whether it holds together: every passage, in both stores."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from assistant import checks, folders
from assistant.dense import StoreState
from assistant.errors import StoreError
from assistant.holdings import DocumentInfo
from assistant.index import Index

_PROBE_SECONDS = 600
_NAMED = 5
_TRIES = 3
_REMEDY = "`assistant verify --repair` makes it anew."


@dataclass(frozen=True, slots=True)
class Kept:
    """A folder that is kept in sync, and when it last was (UTC, ISO 8601)."""

    folder: str
    synced: str


@dataclass(frozen=True, slots=True)
class Status:
    """The size and state of an index; ``vectors`` is current, behind or missing.

    ``folders`` are those kept in sync; ``files`` says of each document what was read.
    """

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
    folders: tuple[Kept, ...]
    files: tuple[DocumentInfo, ...]


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
        disk_bytes=folders.disk_bytes(index.folder),
        vectors=index.dense.state().value,
        format=index.catalog.meta("format") or "",
        folders=tuple(Kept(*kept) for kept in index.locations.folders().items()),
        files=tuple(index.catalog.documents()),
    )


def verify(index: Index, *, repair: bool = False) -> Verification:
    """Check the catalog's file, every document, passage and vector, the full text, and Chroma.

    With ``repair`` everything is mended that follows from what is right: the
    full text from the passages, Chroma from the catalog. A document that is
    damaged itself has to be added again.
    """
    problems: list[str] = []
    repaired: list[str] = []
    catalog = index.catalog
    for find, mend in (
        (partial(checks.structure, catalog), partial(checks.mend_structure, catalog)),
        (partial(checks.documents, catalog), None),
        (partial(checks.full_text, catalog), partial(checks.mend_full_text, catalog)),
        (partial(_vector_problems, index), index.repair),
    ):
        found = left = _found(find)
        if found and repair and mend:
            left = _mended(find, mend)
            repaired += [problem for problem in found if problem not in left]
        problems += left
    return Verification(not problems, _passages(index), tuple(problems), tuple(repaired))


def _found(find: Callable[[], Iterable[str]]) -> list[str]:
    try:
        return list(find())
    except StoreError as error:
        return [str(error)]


def _mended(find: Callable[[], Iterable[str]], mend: Callable[[], None]) -> list[str]:
    """Mend, and return the problems that are left."""
    try:
        mend()
    except StoreError as error:
        return [*_found(find), str(error)]
    return _found(find)


def _passages(index: Index) -> int:
    try:
        return index.catalog.counts()[1]
    except StoreError:
        return 0


def _vector_problems(index: Index) -> list[str]:
    """Ask Chroma for every passage by its own vector, in a process that may crash."""
    if index.dense.state() is StoreState.MISSING:
        return [
            "Chroma's store is missing, not finished, or not as it was written. Answers come from "
            "the catalog's vectors. `assistant verify --repair` makes it anew."
        ]
    for _ in range(_TRIES):
        found = _probed(index)
        if found is not None:
            return found
    return ["Chroma was written while it was checked. Check again when nothing is being added."]


def _probed(index: Index) -> list[str] | None:
    """Return what a probe finds wrong, or None where another process wrote meanwhile."""
    command = [sys.executable, "-m", "assistant.probe", str(index.folder), index.chroma_url]
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
        return [f"Chroma's store did not answer within {_PROBE_SECONDS} seconds. {_REMEDY}"]
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        what = last[0] if last else f"the process that opened it ended with {done.returncode}"
        return [f"Chroma's store is damaged: {what.rstrip('.')}. {_REMEDY}"]
    found = json.loads(done.stdout)
    return found and [
        f"Passages {what}: {len(ids)}, such as {', '.join(ids[:_NAMED])}. {_REMEDY}"
        for what, ids in found.items()
        if ids
    ]
