"""What people and documents said to each other, as values: exchanges, conversations, thumbs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from assistant.types import Answer, Turn, to_json

if TYPE_CHECKING:
    from pydantic import TypeAdapter

LONGEST_TITLE = 120
"""Characters of a title; of one made from a question, about two thirds."""
_CUT = 80


class Stage(StrEnum):
    """How far an exchange has come."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Thumb(StrEnum):
    """What somebody thought of an answer."""

    NONE = ""
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer so far; ``number`` counts from 1 within its conversation.

    ``asked`` is when (UTC, ISO 8601); ``problem`` says in words what went wrong,
    ``reason`` why the thumb points where it does. ``expected`` is what somebody
    says that the right answer is: a text, or nothing where the documents don't
    hold it; None where nobody said.
    """

    number: int
    question: str
    answer: Answer | None = None
    stage: Stage = Stage.RUNNING
    problem: str = ""
    asked: str = ""
    thumb: Thumb = Thumb.NONE
    reason: str = ""
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is kept: exchanges in order; times in UTC, ISO 8601."""

    id: str
    title: str
    begun: str
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of a conversation; ``changed`` is when something was last asked."""

    id: str
    title: str
    changed: str
    questions: int


def history(exchanges: Sequence[Exchange]) -> list[Turn]:
    """Return the turns so far; questions that got no answer are left out."""
    turns = []
    for exchange in exchanges:
        if exchange.answer is not None and exchange.answer.text:
            turns.append(Turn("user", exchange.question))
            turns.append(Turn("assistant", exchange.answer.text))
    return turns


def packed(answer: Answer | None) -> str | None:
    """Return an answer as the JSON it is kept in."""
    # One character takes the place of each that can't be stored, so that offsets stay right.
    return None if answer is None else clean(json.dumps(to_json(answer), ensure_ascii=False))


def unpacked(text: str) -> Answer | None:
    """Return the answer of a JSON, or None where it is none of today's."""
    try:
        return _answers().validate_json(text)
    except ValueError:
        return None


@cache
def _answers() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)


def title_of(question: str) -> str:
    """Return the title of a conversation that begins with a question."""
    words = " ".join(question.split())
    if len(words) <= _CUT:
        return words
    return f"{words[: _CUT - 1].rsplit(' ', 1)[0]}…"


def clean(text: str) -> str:
    """Return a text with what no file can hold, halves of surrogate pairs, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
