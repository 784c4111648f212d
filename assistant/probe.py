"""Asks a Chroma store for every passage by its own vector; run as a process of its own.

A damaged store can crash the process that opens it, so :mod:`assistant.health`
runs this as ``python -m assistant.probe FOLDER URL`` and reads what it writes.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

from assistant.catalog import Catalog
from assistant.dense import seal_of
from assistant.errors import StoreError
from assistant.index import CATALOG, home_of
from assistant.types import Matrix
from assistant.vectors import VectorStore

_STEP = 500
_NEAREST, _FAR = 10, 1000
_SAME = 0.999


def probe(folder: Path, chroma_url: str = "") -> dict[str, list[str]] | None:
    """Return the ids of the passages that are not as they should be, by what is wrong.

    None means that the store was written meanwhile. Raises whatever Chroma
    raises where it can't answer.
    """
    catalog = Catalog(folder / CATALOG)
    store = VectorStore(home_of(folder, chroma_url))
    try:
        with store.home.reading() as free:
            seal = seal_of(catalog)
            found = _faults(catalog, store, seal) if free and seal else None
        return found if seal_of(catalog) == seal else None
    finally:
        store.close()
        catalog.close()


def _faults(catalog: Catalog, store: VectorStore, seal: str) -> dict[str, list[str]]:
    ids, vectors = catalog.vectors()
    waiting, leaving = catalog.pending()
    store.open(seal)
    expected = set(ids) - set(waiting)
    held = store.ids()
    present = [row for row, identity in enumerate(ids) if identity in expected & held]
    lost: list[str] = []
    altered: list[str] = []
    for first in range(0, len(present), _STEP):
        some = present[first : first + _STEP]
        names = [ids[row] for row in some]
        lost += _lost(store, names, vectors[some], _NEAREST)
        with suppress(StoreError):  # what the catalog can't read is told by another check
            altered += store.altered(list(catalog.passages(names).values()))
    # A search of the graph is not exact: what it misses at first, it finds when it looks further.
    missed = set(lost)
    rows = [row for row in present if ids[row] in missed]
    lost = _lost(store, [ids[row] for row in rows], vectors[rows], _FAR) if rows else []
    return {
        "missing from Chroma": sorted(expected - held),
        "in Chroma but in no document": sorted(held - set(ids) - set(leaving)),
        "not found by their own vector": lost,
        "with another text or place in Chroma": altered,
    }


def _lost(store: VectorStore, ids: list[str], vectors: Matrix, k: int) -> list[str]:
    """Return those of the passages that are not among the k nearest to their own vector."""
    return [
        identity
        for identity, found in zip(ids, store.query_all(vectors, k), strict=True)
        # Passages with the same text share a vector: any of them may come first.
        if found.get(identity, max(found.values(), default=0.0)) < _SAME
    ]


if __name__ == "__main__":
    try:
        faults = probe(Path(sys.argv[1]), sys.argv[2])
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the store does
        sys.exit(str(error) or repr(error))
    sys.stdout.write(json.dumps(faults))
