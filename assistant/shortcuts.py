"""One call from Python: an index by name, which stays open for the next call."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal, overload

from assistant.assistant import Assistant
from assistant.types import Excerpt, Hit


@overload
def retrieve(
    question: str,
    k: int = ...,
    index: str = ...,
    *,
    view: Literal["passages"] = ...,
    within: Sequence[str] = ...,
) -> list[Hit]: ...


@overload
def retrieve(
    question: str,
    k: int = ...,
    index: str = ...,
    *,
    view: Literal["evidence"],
    characters: int | None = ...,
    tokens: int | None = ...,
    within: Sequence[str] = ...,
) -> list[Excerpt]: ...


def retrieve(
    question: str, k: int = 8, index: str = "default", **how: Any
) -> list[Hit] | list[Excerpt]:
    """Return what an index holds on a question, as :meth:`Assistant.retrieve` does.

    The index stays open for the next call. Raises :class:`IndexNotFound`.
    """
    found: list[Hit] | list[Excerpt] = _opened(index).retrieve(question, k, **how)
    return found


@lru_cache(maxsize=8)
def _opened(index: str) -> Assistant:
    return Assistant.open(index, create=False)
