"""The vector index: a Chroma collection, derived from the catalog and always replaceable.

It holds each passage's text, its vector, and the metadata source, title,
heading, page, start and end. Where Chroma keeps it is its home's business: a
folder (:mod:`assistant.chroma_folder`) or a server (:mod:`assistant.chroma_server`).

A finished store has a seal, which the catalog keeps. A store that does not
match the seal was damaged, replaced, or changed by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from assistant.errors import StoreError
from assistant.rows import StoredPassage
from assistant.types import Matrix, Passage, Vector

COSINE = {"space": "cosine"}
"""How a collection's vectors are compared."""


class Opened(NamedTuple):
    """A Chroma client and the collection it was opened for."""

    client: Any
    collection: Any


class Home(Protocol):
    """Where Chroma keeps a store, and how a new one takes the place of the old."""

    def changeable(self, seal: str, size: int) -> bool:
        """Tell whether the store of this seal may be changed where it is, to hold so many."""
        ...

    def plausible(self, seal: str) -> bool:
        """Tell, at the cost of a look, whether there seems to be the store of this seal."""
        ...

    def open(self, seal: str) -> Opened:
        """Open the store of this seal; raises where there is none or it was changed."""
        ...

    def reading(self) -> AbstractContextManager[bool]:
        """Hold off those who write, and tell true; or false while one of them is at it."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Wait for those who read, and hold them off."""
        ...

    def create(self, size: int) -> Opened:
        """Make an empty store, for so many passages, beside the one in use."""
        ...

    def publish(self, built: Opened, before: str) -> Opened:
        """Put what was created in the place of the store of the seal before; return it opened."""
        ...

    def discard(self, built: Opened) -> None:
        """Delete what was created and will not be finished."""
        ...

    def close(self, opened: Opened) -> None:
        """Let go of a store, so that its next opening sees what other processes wrote."""
        ...

    def seal(self, opened: Opened) -> str:
        """Return what tells the finished store from any other, and from itself once changed."""
        ...

    def away(self, error: Exception) -> bool:
        """Tell whether an error means that the store can't be reached, not that it is damaged."""
        ...


class VectorStore:
    """A store at a home. Errors are Chroma's own as well: the caller decides."""

    def __init__(self, home: Home) -> None:
        """Name the home; nothing is opened yet."""
        self.home = home
        self._opened: Opened | None = None

    @property
    def opened(self) -> bool:
        """Tell whether the store is open in this process."""
        return self._opened is not None

    def open(self, seal: str) -> None:
        """Open the store of this seal."""
        self._opened = self.home.open(seal)

    def query(self, vector: Vector, k: int) -> dict[str, float]:
        """Return the ids of about the k nearest passages with their cosine, nearest first."""
        return self.query_all([vector], k)[0]

    def query_all(self, vectors: Sequence[Vector] | Matrix, k: int) -> list[dict[str, float]]:
        """Return for each vector the ids of about the k nearest passages with their cosine."""
        found = self._known.collection.query(
            query_embeddings=list(vectors), n_results=k, include=["distances"]
        )
        return [
            {identity: 1.0 - distance for identity, distance in zip(ids, distances, strict=True)}
            for ids, distances in zip(found["ids"], found["distances"], strict=True)
        ]

    def ids(self) -> set[str]:
        """Return the ids of all passages in the store."""
        return set(self._known.collection.get(include=[])["ids"])

    def altered(self, passages: Sequence[StoredPassage]) -> list[str]:
        """Return the ids of those passages whose text or metadata the store has otherwise."""
        found = self._known.collection.get(
            ids=[stored.passage.id for stored in passages], include=["documents", "metadatas"]
        )
        held = dict(
            zip(found["ids"], zip(found["documents"], found["metadatas"], strict=True), strict=True)
        )
        return [
            passage.id
            for passage, *_ in passages
            if held.get(passage.id) != (passage.text, _metadata(passage))
        ]

    def change(self, removed: Sequence[str], batches: Iterable[Sequence[StoredPassage]]) -> str:
        """Take passages out and put others in; return the new seal."""
        with self.home.writing():
            return self._change(removed, batches)

    def _change(self, removed: Sequence[str], batches: Iterable[Sequence[StoredPassage]]) -> str:
        opened = self._known
        step = int(opened.client.get_max_batch_size())
        for first in range(0, len(removed), step):
            # Ids that are not there do no harm.
            opened.collection.delete(ids=list(removed[first : first + step]))
        for batch in batches:
            self._upsert(batch)
        return self.home.seal(opened)

    def build(self, size: int, batches: Iterable[Sequence[StoredPassage]], before: str) -> str:
        """Make the store anew, in place of the one of the seal before; return the new seal."""
        self.close()
        self._opened = built = self.home.create(size)
        try:
            for batch in batches:
                self._upsert(batch)
        except BaseException:
            self._opened = None
            self.home.discard(built)
            raise
        self._opened = None  # a folder is closed to be renamed, also where that fails then
        self._opened = self.home.publish(built, before)
        return self.home.seal(self._opened)

    def close(self) -> None:
        """Let go of the store, so that the next use sees what other processes wrote."""
        if self._opened is not None:
            self.home.close(self._opened)
        self._opened = None

    @property
    def _known(self) -> Opened:
        if self._opened is None:
            raise StoreError("it is not open")
        return self._opened

    def _upsert(self, passages: Sequence[StoredPassage]) -> None:
        """Put passages in, in batches that Chroma takes."""
        step = int(self._known.client.get_max_batch_size())
        for first in range(0, len(passages), step):
            batch = passages[first : first + step]
            self._known.collection.upsert(
                ids=[stored.passage.id for stored in batch],
                embeddings=[stored.vector for stored in batch],
                documents=[stored.passage.text for stored in batch],
                metadatas=[_metadata(stored.passage) for stored in batch],
            )


def _metadata(passage: Passage) -> dict[str, str | int]:
    facts: dict[str, str | int] = {
        "source": passage.document,
        "title": passage.title,
        "heading": passage.heading,
        "start": passage.start,
        "end": passage.end,
    }
    if passage.page is not None:
        facts["page"] = passage.page
    return facts
