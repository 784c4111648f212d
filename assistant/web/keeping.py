"""Whose page it is, which index and conversation it shows; kept conversations read again for it.

A browser keeps an id of its own, by which its conversations are known, and each
tab the conversation that it shows: so a reload shows it again, another tab
begins one of its own, and another browser knows of none. Whoever has logged in
is known by name instead. The index stands in the tab's address.
"""

from __future__ import annotations

import dataclasses
import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Self

import gradio as gr

from assistant.assistant import Assistant
from assistant.errors import AssistantError, ConversationNotFound, StoreError
from assistant.exchanges import Exchange
from assistant.web import sources
from assistant.web.conversation import LONGEST, Shown, Thread
from assistant.web.language import later, say
from assistant.web.standing import standing

UNFORESEEN = later("Something went wrong that should not have; the program's log has the details.")
_BROWSER = re.compile(r"[\w-]{32}", re.ASCII)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """What a page hands over with each event: its browser's id, its conversation, its index."""

    browser: str
    talk: str
    index: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Return what a page handed over; what is missing is empty."""
        browser, talk, index = [*text.split("/", 2), "", ""][:3]
        return cls(browser, talk, index)


def owned(place: str, request: gr.Request, known: Thread) -> Thread:
    """Return the thread a page names: the one that is known, or only whose it is and which.

    A browser without an id gets one.
    """
    page = Place.read(place)
    browser = page.browser
    if not _BROWSER.fullmatch(browser):
        browser = secrets.token_urlsafe(24)
    owner = f"user {request.username}" if request.username else f"browser {browser}"
    if (known.owner, known.index) == (owner, page.index):
        return known
    return Thread(browser, owner, page.talk, index=page.index)


def thread_at(assistant: Assistant, place: str, request: gr.Request, known: Thread) -> Thread:
    """Return the thread a page names: the one that is known, or as it was kept.

    Where its owner has no such conversation, the thread is a new one.
    """
    thread = owned(place, request, known)
    if thread is known or not thread.id:
        return thread
    try:
        return opened(assistant, thread, thread.id)
    except ConversationNotFound:
        return thread.new
    except StoreError:
        # What can't be read must not keep anyone from asking: what is asked next says it.
        _LOG.warning("The conversation %s can't be shown again", thread.id, exc_info=True)
        return thread.new


def opened(assistant: Assistant, thread: Thread, talk: str) -> Thread:
    """Return the thread of a conversation of the same owner, as it was kept.

    Raises :class:`ConversationNotFound`.
    """
    kept = assistant.conversations.get(thread.owner, talk)
    said = tuple(_shown(assistant, exchange) for exchange in kept.exchanges[-LONGEST:])
    return replace(thread, id=kept.id, said=said)


@contextmanager
def in_words() -> Iterator[None]:
    """Show what goes wrong with kept conversations as a message on the page."""
    try:
        yield
    except AssistantError as error:
        _LOG.info("Shown on the page: %s", error)
        raise gr.Error(str(error), title=say("That did not work")) from error


def _shown(assistant: Assistant, exchange: Exchange) -> Shown:
    """Return a kept exchange with its sources where they stand now."""
    fields = {f.name: getattr(exchange, f.name) for f in dataclasses.fields(Exchange)}
    if exchange.answer is None:
        return Shown(**fields)
    now = standing(assistant, exchange.answer)
    panel = sources.section(
        now.answer,
        exchange.number,
        assistant.document,
        assistant.reasons(exchange.answer),
        now.remarks,
    )
    return Shown(**fields | {"answer": now.answer}, sources=panel, since=now.summary)
