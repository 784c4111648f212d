"""The vector index: a Chroma collection, derived from the catalog and always replaceable.

Any LangChain program can open it as ``langchain_chroma.Chroma`` with the
collection name ``passages``: it holds each passage's text, its vector, and
the metadata source, title, heading, page, start and end.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.rows import StoredPassage
from assistant.types import Passage, Vector

COLLECTION = "passages"
_STAMP_FILE = "stamp"


class VectorStore:
    """One Chroma folder, opened when first needed. Errors are Chroma's own: the caller decides."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is opened yet."""
        self.folder = folder
        self._client: Any = None
        self._collection: Any = None

    @property
    def exists(self) -> bool:
        """Tell whether there is a store on disk."""
        return (self.folder / "chroma.sqlite3").is_file()

    @property
    def opened(self) -> bool:
        """Tell whether the store is open in this process."""
        return self._collection is not None

    @property
    def stamp(self) -> str:
        """The mark that tells this store from any other, or nothing."""
        path = self.folder / _STAMP_FILE
        return path.read_text("ascii") if path.is_file() else ""

    @stamp.setter
    def stamp(self, value: str) -> None:
        (self.folder / _STAMP_FILE).write_text(value, "ascii")

    def query(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """Return the ids of about the k nearest passages with their cosine, nearest first."""
        found = self._open().query(query_embeddings=[vector], n_results=k, include=["distances"])
        return [
            (identity, 1.0 - distance)
            for identity, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def count(self) -> int:
        """Return the number of vectors that the store says it has."""
        return int(self._open().count())

    def ids(self) -> set[str]:
        """Return the ids of all passages in the store."""
        return set(self._open().get(include=[])["ids"])

    def upsert(self, passages: Sequence[StoredPassage]) -> None:
        """Put passages in, in batches that Chroma takes."""
        collection = self._open()
        step = self._largest_batch()
        for first in range(0, len(passages), step):
            batch = passages[first : first + step]
            collection.upsert(
                ids=[stored.passage.id for stored in batch],
                embeddings=[stored.vector for stored in batch],
                documents=[stored.passage.text for stored in batch],
                metadatas=[_metadata(stored.passage) for stored in batch],
            )

    def delete(self, ids: Sequence[str]) -> None:
        """Take passages out; ids that are not there do no harm."""
        collection = self._open()
        step = self._largest_batch()
        for first in range(0, len(ids), step):
            collection.delete(ids=list(ids[first : first + step]))

    def reset(self) -> None:
        """Delete the store and make an empty one."""
        from chromadb.api.shared_system_client import SharedSystemClient

        self.close()
        # Chroma keeps what it opened by path, even where opening it failed.
        SharedSystemClient.clear_system_cache()
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self._open()

    def close(self) -> None:
        """Let go of the files, so that the next use sees what other processes wrote."""
        if self._client is not None:
            self._client.close()
        self._client = self._collection = None

    def _open(self) -> Any:
        if self._collection is None:
            from chromadb import PersistentClient

            self.folder.mkdir(parents=True, exist_ok=True)
            # Without settings of its own: LangChain's Chroma could not open the same folder in
            # this process with others.
            self._client = PersistentClient(str(self.folder))
            self._collection = self._client.get_or_create_collection(
                COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )
        return self._collection

    def _largest_batch(self) -> int:
        return self._client.get_max_batch_size() if self._client else 1


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
