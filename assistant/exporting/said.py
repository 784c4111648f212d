"""What every format says around the answers themselves: when, what went wrong, what is cited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from assistant.exchanges import Conversation, Exchange
from assistant.render import named, plural

_NO_ANSWER = "No answer was given."


def dated(conversation: Conversation) -> str:
    """Return when a conversation began, and how long it is."""
    begun = datetime.fromisoformat(conversation.begun)
    asked = plural(len(conversation.exchanges), "question")
    return f"A conversation of {begun.day} {begun:%B %Y}: {asked}, answered from documents."


def remarks(exchange: Exchange) -> Iterator[str]:
    """Yield what an answer does not say itself."""
    if exchange.answer is None:
        yield _NO_ANSWER
    elif exchange.answer.standalone != exchange.question and not exchange.answer.refused:
        yield f"Searched for: {exchange.answer.standalone}"
    if exchange.answer and exchange.answer.within:
        yield f"Asked within: {named(exchange.answer.within)}"
    if exchange.problem:
        yield exchange.problem


def documents(conversation: Conversation) -> list[str]:
    """Return the documents that are cited, each once."""
    cited = {
        citation.document: f"{citation.title} ({citation.document})"
        if citation.title not in {"", citation.document}
        else citation.document
        for exchange in conversation.exchanges
        if exchange.answer
        for citation in exchange.answer.citations
    }
    return list(cited.values())
