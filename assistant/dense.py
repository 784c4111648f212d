"""Nearest passages by cosine: Chroma where it is up to date, the catalog's vectors where not.

A small index is compared with as a whole, which is exact, takes a millisecond,
and spares a command the second that opening Chroma takes.

Chroma follows the catalog. While it is being written a flag stands in the
catalog; a store found with that flag, without its stamp, or failing to answer
is not trusted and is rebuilt from the catalog's vectors, which embeds nothing.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum

from assistant.catalog import Catalog
from assistant.types import Matrix, Vector
from assistant.vectors import VectorStore

_STAMP = "vectors_stamp"
_WRITING = "vectors_writing"
_VERSION = "vectors_version"


SCANNED = 20_000
"""Passages up to which comparing with all takes less time than asking Chroma, and is exact."""


class StoreState(StrEnum):
    """How the vector index stands to the catalog."""

    CURRENT = "current"
    BEHIND = "behind"
    MISSING = "missing"


class DenseIndex:
    """Chroma and the catalog's vectors as one searchable whole."""

    def __init__(self, catalog: Catalog, store: VectorStore) -> None:
        """Take both; nothing is opened yet."""
        self._catalog = catalog
        self._store = store
        self._lock = threading.RLock()
        self._version: str | None = None
        self._exact: dict[bool, tuple[int, list[str], Matrix]] = {}

    def state(self) -> StoreState:
        """Tell whether Chroma can be trusted, and whether it has everything."""
        facts = self._catalog.meta
        if facts(_WRITING) == "1" or not self._stamped():
            return StoreState.MISSING
        return StoreState.BEHIND if any(self._catalog.pending()) else StoreState.CURRENT

    def search(self, vector: Vector, k: int, only: Sequence[str] | None = None) -> dict[str, float]:
        """Return the ids of the k nearest passages with their cosine, nearest first.

        With ``only`` it is the nearest of these passages.
        """
        if only is not None:
            return _nearest(*self._catalog.vectors(only), vector, k)
        with self._lock:
            if self._catalog.size <= SCANNED or self.state() is StoreState.MISSING:
                return self._scan(vector, k, pending=False)
            added, removed = self._catalog.pending()
            try:
                found = self._query(vector, k + len(removed))
            except Exception:  # noqa: BLE001 - a damaged store fails in many ways
                self._distrust()
                return self._scan(vector, k, pending=False)
            if added:
                found.update(self._scan(vector, k, pending=True))
            gone = set(removed) - set(added)
            best = sorted((i for i in found if i not in gone), key=lambda i: -found[i])
            return {identity: found[identity] for identity in best[:k]}

    def warm_up(self, vector: Vector) -> None:
        """Open Chroma, if it can be trusted, so that the next search need not."""
        with self._lock, suppress(Exception):  # what is wrong with it shows when it is searched
            if self._catalog.size > SCANNED and self.state() is not StoreState.MISSING:
                self._query(vector, 1)

    def update(self) -> int:
        """Bring Chroma up to the catalog, under the writer's lock; return how many it was told."""
        with self._lock:
            if self.state() is StoreState.MISSING:
                return self.rebuild()
            added, removed = self._catalog.pending()
            if not added and not removed:
                return 0
            self._catalog.set_meta(**{_WRITING: "1"})
            self._store.close()
            self._store.delete(removed)
            self._upsert(added)
            self._settle([*added, *removed])
            return len(added) + len(removed)

    def rebuild(self) -> int:
        """Make Chroma anew from the catalog, under the writer's lock; return how many it holds."""
        with self._lock:
            self._catalog.set_meta(**{_WRITING: "1"})
            told = [identity for identities in self._catalog.pending() for identity in identities]
            self._store.reset()
            ids = [identity for (identity,) in self._catalog.read("SELECT id FROM passages")]
            self._upsert(ids)
            stamp = uuid.uuid4().hex
            self._store.stamp = stamp
            self._settle(told, **{_STAMP: stamp})
            return len(ids)

    def _upsert(self, ids: Sequence[str]) -> None:
        """Give Chroma passages, step by step: with their vectors they take much memory."""
        for first in range(0, len(ids), _STEP):
            self._store.upsert(list(self._catalog.passages(ids[first : first + _STEP]).values()))

    def close(self) -> None:
        """Let go of Chroma's files."""
        with self._lock:
            self._store.close()
            self._version = None

    def _settle(self, told: list[str], **facts: str) -> None:
        version = str(int(self._catalog.meta(_VERSION) or 0) + 1)
        self._catalog.settle(told, **{_WRITING: "0", _VERSION: version, **facts})
        self._version = version

    def _stamped(self) -> bool:
        stamp = self._catalog.meta(_STAMP)
        return stamp is not None and self._store.exists and self._store.stamp == stamp

    def _distrust(self) -> None:
        self._catalog.set_meta(**{_WRITING: "1"})
        self._store.close()

    def _query(self, vector: Vector, k: int) -> dict[str, float]:
        version = self._catalog.meta(_VERSION)
        if version != self._version:
            # Another process wrote: a client that is open answers queries from before that.
            self._store.close()
            self._version = version
        return dict(self._store.query(vector, k))

    def _scan(self, vector: Vector, k: int, *, pending: bool) -> dict[str, float]:
        """Compare with every vector of the catalog, or with those that Chroma lacks."""
        generation = self._catalog.generation
        kept = self._exact.get(pending)
        if kept is None or kept[0] != generation:
            only = self._catalog.pending()[0] if pending else None
            kept = (generation, *self._catalog.vectors(only))
            self._exact[pending] = kept
        _, ids, matrix = kept
        return _nearest(ids, matrix, vector, k)


def _nearest(ids: Sequence[str], matrix: Matrix, vector: Vector, k: int) -> dict[str, float]:
    import numpy as np

    if not ids:
        return {}
    cosines = matrix @ vector
    nearest = np.argsort(-cosines)[:k]
    return {ids[row]: float(cosines[row]) for row in nearest}


_STEP = 2000
