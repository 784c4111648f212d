"""Retrieval in one call: an index named there stays open for the next."""

from __future__ import annotations

from functools import lru_cache

from assistant.assistant import Assistant
from assistant.types import Hit


def retrieve(question: str, k: int = 8, index: str = "default") -> list[Hit]:
    """Return the k passages of an index that bear most on a question, best first.

    The index stays open for the next call. Raises :class:`IndexNotFound`.
    """
    return _opened(index).retrieve(question, k)


@lru_cache(maxsize=8)
def _opened(index: str) -> Assistant:
    return Assistant.open(index, create=False)
