"""One person's conversation: questions, and what became of each. Kept on the server, by session."""

from __future__ import annotations

import dataclasses
from enum import StrEnum

from assistant.types import Answer, Turn

LONGEST = 60
"""Exchanges kept; older ones leave the page."""


class Stage(StrEnum):
    """How far an exchange has come."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer so far, with the sources as they were when it was given."""

    number: int
    question: str
    answer: Answer | None = None
    sources: str = ""
    stage: Stage = Stage.RUNNING
    problem: str = ""


Conversation = tuple[Exchange, ...]


def begin(conversation: Conversation, question: str) -> Conversation:
    """Return the conversation with a new question at its end."""
    number = conversation[-1].number + 1 if conversation else 1
    return (*conversation, Exchange(number, question))[-LONGEST:]


def change(
    conversation: Conversation,
    *,
    stage: Stage,
    answer: Answer | None = None,
    sources: str | None = None,
    problem: str = "",
) -> Conversation:
    """Return the conversation with its last exchange changed; what isn't given stays."""
    last = conversation[-1]
    changed = dataclasses.replace(
        last,
        stage=stage,
        answer=answer or last.answer,
        sources=last.sources if sources is None else sources,
        problem=problem,
    )
    return (*conversation[:-1], changed)


def stop(conversation: Conversation) -> Conversation:
    """Return the conversation with a running answer stopped where it is."""
    if conversation and conversation[-1].stage is Stage.RUNNING:
        return change(conversation, stage=Stage.STOPPED)
    return conversation


def history(conversation: Conversation) -> list[Turn]:
    """Return the turns so far; questions that got no answer are left out."""
    turns = []
    for exchange in conversation:
        if exchange.answer is not None and exchange.answer.text:
            turns.append(Turn("user", exchange.question))
            turns.append(Turn("assistant", exchange.answer.text))
    return turns
