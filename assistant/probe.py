"""Asks a Chroma store for every passage by its own vector; run as a process of its own.

A damaged store can crash the process that opens it, so :mod:`assistant.health`
runs this as ``python -m assistant.probe FOLDER`` and reads what it writes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assistant.catalog import Catalog
from assistant.index import CATALOG, CHROMA
from assistant.vectors import VectorStore

_NEAREST = 10
_SAME = 0.999


def probe(folder: Path) -> dict[str, list[str]]:
    """Return the ids of the passages that are not as they should be, by what is wrong."""
    catalog = Catalog(folder / CATALOG)
    store = VectorStore(folder / CHROMA)
    ids, vectors = catalog.vectors()
    waiting, _ = catalog.pending()
    expected = set(ids) - set(waiting)
    held = store.ids()
    present = expected & held
    lost = []
    for identity, vector in zip(ids, vectors, strict=True):
        if identity in present:
            found = store.query(vector, _NEAREST)
            # Passages with the same text share a vector: any of them may come first.
            if identity not in dict(found) and not (found and found[0][1] > _SAME):
                lost.append(identity)
    return {
        "are missing from Chroma": sorted(expected - held),
        "are in Chroma but in no document": sorted(held - set(ids)),
        "can't be found by their own vector": lost,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(probe(Path(sys.argv[1]))))
