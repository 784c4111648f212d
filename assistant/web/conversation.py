"""One person's conversation on the page: exchanges, each with its sources as they are shown."""

from __future__ import annotations

import dataclasses

from assistant.exchanges import Exchange as Exchange  # noqa: PLC0414
from assistant.exchanges import Stage as Stage  # noqa: PLC0414
from assistant.exchanges import Thumb
from assistant.types import Answer

LONGEST = 60
"""Exchanges shown; older ones leave the page."""


@dataclasses.dataclass(frozen=True, slots=True)
class Shown(Exchange):
    """An exchange with its sources, and what became of them since it was kept."""

    sources: str = ""
    since: str = ""


Conversation = tuple[Shown, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Thread:
    """What a tab shows: a browser's id, whose it is, the conversation it is kept as, if any yet.

    ``index`` is the one that the tab's address names, or nothing. A tab's state is lost when the
    server starts anew, or forgets it: then there is no owner.
    """

    browser: str = ""
    owner: str = ""
    id: str = ""
    said: Conversation = ()
    index: str = ""

    @property
    def place(self) -> str:
        """What the page keeps, to be shown this thread again."""
        return f"{self.browser}/{self.id}/{self.index}"

    @property
    def new(self) -> Thread:
        """A new conversation of the same owner with the same index."""
        return dataclasses.replace(self, id="", said=())

    def now(self, said: Conversation) -> Thread:
        """Return the thread with other exchanges."""
        return dataclasses.replace(self, said=said)


def begin(conversation: Conversation, question: str, number: int = 0) -> Conversation:
    """Return the conversation with a new question at its end; unless given, it gets a number."""
    number = number or (conversation[-1].number + 1 if conversation else 1)
    return (*conversation, Shown(number, question))[-LONGEST:]


def begin_again(conversation: Conversation, question: str) -> Conversation:
    """Return the conversation with another question, or the same, in place of its last."""
    return (*conversation[:-1], Shown(conversation[-1].number, question))


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
        problem=problem or last.problem,
    )
    return (*conversation[:-1], changed)


def stop(conversation: Conversation) -> Conversation:
    """Return the conversation with a running answer stopped where it is."""
    if running(conversation):
        return change(conversation, stage=Stage.STOPPED)
    return conversation


def running(conversation: Conversation) -> bool:
    """Tell whether an answer is being made."""
    return bool(conversation) and conversation[-1].stage is Stage.RUNNING


def judge(conversation: Conversation, number: int, thumb: Thumb, reason: str) -> Conversation:
    """Return the conversation with what somebody thinks of one answer."""
    return tuple(
        dataclasses.replace(
            exchange,
            thumb=thumb,
            reason=reason,
            expected=exchange.expected if thumb is Thumb.DOWN else None,
        )
        if exchange.number == number
        else exchange
        for exchange in conversation
    )


def expect(conversation: Conversation, number: int, expected: str) -> Conversation:
    """Return the conversation with the right answer to one question, as somebody has it."""
    return tuple(
        dataclasses.replace(exchange, expected=expected) if exchange.number == number else exchange
        for exchange in conversation
    )
