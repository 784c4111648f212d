"""One call from Python: an index by name, which stays open for the next call."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, overload

from assistant.assistant import Assistant
from assistant.types import Excerpt, Hit


@overload
def retrieve(
    question: str, k: int = ..., index: str = ..., *, view: Literal["passages"] = ...
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
) -> list[Excerpt]: ...


def retrieve(
    question: str, k: int = 8, index: str = "default", **view: Any
) -> list[Hit] | list[Excerpt]:
    """Return what an index holds on a question, as :meth:`Assistant.retrieve` does.

    The index stays open for the next call. Raises :class:`IndexNotFound`.
    """
    found: list[Hit] | list[Excerpt] = _opened(index).retrieve(question, k, **view)
    return found


@lru_cache(maxsize=8)
def _opened(index: str) -> Assistant:
    return Assistant.open(index, create=False)
