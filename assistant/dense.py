"""Nearest passages by cosine: Chroma where it is up to date, the catalog's vectors where not.

A small index is compared with as a whole, which is exact, takes a millisecond,
and spares a command the second that opening Chroma takes.

Chroma follows the catalog. While it is written a flag stands in the catalog, and
each writing ends with a new seal there. Readers look at both before and after
they ask, so that no answer is of a store that changed under them. A store found
with the flag, not matching its seal, or failing to answer is not trusted; it is
made anew from the catalog's vectors, which embeds nothing. What Chroma finds is
scored by the catalog's vectors: it proposes, they decide.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from enum import StrEnum

from assistant.catalog import Catalog
from assistant.database import Database
from assistant.errors import StoreError
from assistant.rows import StoredPassage
from assistant.types import Matrix, Vector
from assistant.vectors import Home, VectorStore

_LOG = logging.getLogger(__name__)

_SEAL = "vectors_seal"
_WRITING = "vectors_writing"
_STEP = 2000
_PAUSE_SECONDS = 30.0
_SAME = 0.01
"""How far Chroma's cosine may be from the catalog's, for rounding."""

SCANNED = 20_000
"""Passages up to which comparing with all takes less time than asking Chroma, and is exact."""


class StoreState(StrEnum):
    """How the vector index stands to the catalog."""

    CURRENT = "current"
    BEHIND = "behind"
    MISSING = "missing"


class DenseIndex:
    """Chroma and the catalog's vectors as one searchable whole."""

    def __init__(self, catalog: Catalog, home: Home) -> None:
        """Take the catalog and where Chroma keeps its store; nothing is opened yet."""
        self._catalog = catalog
        self._home = home
        self._store = VectorStore(home)
        self._opened_seal = self._doubted_seal = ""
        self._paused_until = 0.0
        self._exact: dict[bool, tuple[int, list[str], Matrix]] = {}
        self._asking = threading.RLock()
        self._scanning = threading.RLock()
        self._writing = threading.RLock()

    def state(self) -> StoreState:
        """Tell whether Chroma can be trusted, and whether it has everything."""
        if not self._trusted(self._seal()):
            return StoreState.MISSING
        return StoreState.BEHIND if any(self._catalog.pending()) else StoreState.CURRENT

    def search(self, vector: Vector, k: int, only: Sequence[str] | None = None) -> dict[str, float]:
        """Return the ids of the k nearest passages with their cosine, nearest first.

        With ``only`` it is the nearest of these passages.
        """
        if only is not None:
            return _nearest(*self._catalog.vectors(only), vector, k)
        found = self._ask(vector, k) if self._catalog.size > SCANNED else None
        if found is not None:
            return found
        with self._scanning:
            return self._scan(vector, k, pending=False)

    def warm_up(self, vector: Vector) -> None:
        """Open Chroma, if it can be trusted, so that the next search need not."""
        if self._catalog.size > SCANNED:
            self._ask(vector, 1)

    def update(self) -> int:
        """Bring Chroma up to the catalog, under the writer's lock; return how many it was told.

        Where Chroma can't be written (a full disk, a server that is away) the
        log says so, the catalog's vectors answer, and the next update or
        opening of the index tries again.
        """
        with self._writing:
            added, removed = self._catalog.pending()
            try:
                if self.state() is StoreState.MISSING:
                    return self._mend()
                if not added and not removed:
                    return 0
                if self._home.changeable(self._seal(), self._catalog.size):
                    return self._change(added, removed)
                return self._rebuild()
            except StoreError as error:
                _LOG.warning("%s Until then answers come from the catalog's vectors.", error)
                return 0

    def rebuild(self) -> int:
        """Make Chroma anew from the catalog, under the writer's lock; return how many it holds.

        Raises :class:`StoreError` where that can't be done.
        """
        with self._writing:
            return self._rebuild()

    def close(self) -> None:
        """Let go of Chroma's files."""
        with self._asking:
            self._store.close()
            self._opened_seal = ""

    # -- asking --------------------------------------------------------------------------------

    def _ask(self, vector: Vector, k: int) -> dict[str, float] | None:
        """Return what Chroma and the passages it lacks come to, or None if it can't be asked."""
        with self._asking, self._home.reading() as free:
            seal = self._seal()
            if not free or time.monotonic() < self._paused_until or not self._trusted(seal):
                return None
            added, removed = self._catalog.pending()
            try:
                self._open(seal)
                proposed = self._store.query(vector, k + len(removed))
                found = self._scored(proposed, vector)
            except Exception as error:  # noqa: BLE001 - a damaged store fails in many ways
                self._doubt(seal, error)
                return None
        if self._seal() != seal:
            return None
        if added:
            with self._scanning:
                found.update(self._scan(vector, k, pending=True))
        best = sorted(found, key=lambda identity: -found[identity])
        return {identity: found[identity] for identity in best[:k]}

    def _trusted(self, seal: str) -> bool:
        return bool(seal) and seal != self._doubted_seal and self._home.plausible(seal)

    def _open(self, seal: str) -> None:
        """Open the store, anew where it was written since: a client answers from before that."""
        if seal != self._opened_seal:
            self._store.close()
            self._store.open(seal)
            self._opened_seal = seal

    def _scored(self, proposed: dict[str, float], vector: Vector) -> dict[str, float]:
        """Return those of the proposed passages that there are, with the catalog's cosines."""
        ids, matrix = self._catalog.vectors(list(proposed))
        found = _nearest(ids, matrix, vector, len(ids))
        for identity, cosine in found.items():
            if not abs(proposed[identity] - cosine) < _SAME:
                raise StoreError(f"it has another vector for the passage {identity}")
        return found

    def _doubt(self, seal: str, error: Exception) -> None:
        """Leave Chroma alone for a while if it is away, and till it is made anew if it failed."""
        self.close()
        if self._home.away(error):
            self._paused_until = time.monotonic() + _PAUSE_SECONDS
            _LOG.warning(
                "The vector index is away (%s). Answers come from the catalog's vectors.",
                _last_line(error),
            )
        elif self._seal() == seal:
            self._doubted_seal = seal
            _LOG.warning(
                "The vector index failed (%s). It is made anew when the index is next opened or "
                "changed; until then answers come from the catalog's vectors.",
                _last_line(error),
            )
            with suppress(StoreError):  # a reader that can't write answers all the same
                self._begin()

    # -- writing -------------------------------------------------------------------------------

    def _change(self, added: list[str], removed: list[str]) -> int:
        """Tell Chroma what it lacks. Where it fails at that, make it anew."""
        try:
            with closing(VectorStore(self._home)) as writer:
                writer.open(self._seal())
                self._begin()
                seal = writer.change(removed, self._batches(added))
            self._settle([*added, *removed], seal)
        except Exception as error:
            if self._home.away(error):
                raise _unwritten(error) from error
            _LOG.warning("The vector index failed (%s).", _last_line(error))
            return self._mend()
        return len(added) + len(removed)

    def _mend(self) -> int:
        """Make Chroma anew, and say so unless it is the first time."""
        known = self._catalog.meta(_SEAL) or self._catalog.meta(_WRITING) == "1"
        size = self._rebuild()
        if known:
            _LOG.warning(
                "The vector index was damaged or unfinished. It was made anew from the catalog: "
                "%d passages, none of them embedded again.",
                size,
            )
        return size

    def _rebuild(self) -> int:
        told = [identity for identities in self._catalog.pending() for identity in identities]
        ids = [identity for (identity,) in self._catalog.read("SELECT id FROM passages")]
        before = self._catalog.meta(_SEAL) or ""
        self._begin()
        try:
            with closing(VectorStore(self._home)) as writer:
                seal = writer.build(len(ids), self._batches(ids), before)
            self._settle(told, seal)
        except Exception as error:
            raise _unwritten(error) from error
        return len(ids)

    def _batches(self, ids: Sequence[str]) -> Iterator[list[StoredPassage]]:
        """Yield passages step by step: with their vectors they take much memory."""
        for first in range(0, len(ids), _STEP):
            yield list(self._catalog.passages(ids[first : first + _STEP]).values())

    def _begin(self) -> None:
        """Note that a writing begins, then let go of the store: no search opens it from now on."""
        self._catalog.set_meta(**{_WRITING: "1"})
        self.close()

    def _settle(self, told: Iterable[str], seal: str) -> None:
        """Note that the writing has ended: of what Chroma was told, and how it is sealed."""
        self._catalog.settle(told, **{_SEAL: seal, _WRITING: "0"})

    def _seal(self) -> str:
        return seal_of(self._catalog)

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


def seal_of(catalog: Database) -> str:
    """Return the seal of the vector index, or nothing while it is written or if there is none."""
    # Both at one moment: a writing that ended between the two looks would go unseen.
    query = "SELECT key, value FROM meta WHERE key IN (?, ?)"
    facts = {key: str(value) for key, value in catalog.read(query, (_SEAL, _WRITING))}
    return "" if facts.get(_WRITING) == "1" else facts.get(_SEAL, "")


def forget(catalog: Catalog) -> None:
    """Note that there is no vector index for a catalog, as for the copy of one."""
    with catalog.write() as connection:
        connection.executemany("DELETE FROM meta WHERE key = ?", [(_SEAL,), (_WRITING,)])


def _unwritten(error: Exception) -> StoreError:
    if isinstance(error, StoreError):
        return error
    return StoreError(
        f"The vector index could not be written ({_last_line(error)}). See that there is space and "
        "the right to write; then `assistant verify --repair` makes it anew."
    )


def _last_line(error: Exception) -> str:
    said = str(error).strip().splitlines()
    return said[-1] if said else type(error).__name__
