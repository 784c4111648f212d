"""A question within its conversation → what is found for it, and whether that can answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answering import follow_ups
from assistant.refusal import Judgement
from assistant.retrieval import Found
from assistant.types import Turn


def search(
    question: str,
    history: Sequence[Turn],
    find: Callable[[str], Found],
    judge: Callable[[Found], Judgement],
) -> tuple[Found, Judgement]:
    """Search for a question in the first of its readings that can be answered, or in its first."""
    refused: list[tuple[Found, Judgement]] = []
    for reading in follow_ups.readings(question, history):
        found = find(reading)
        judgement = judge(found)
        if judgement.answerable:
            return found, judgement
        refused.append((found, judgement))
    return refused[0]
