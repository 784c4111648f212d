"""The chat's events: a question is asked, its answer grows, is stopped, asked anew, judged."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Generator, Iterator, Sequence
from threading import Semaphore
from typing import Any

import gradio as gr

from assistant.conversations import Conversations
from assistant.errors import AssistantError, StoreError
from assistant.exchanges import Thumb, history
from assistant.tools import AT_ONCE, LONGEST_QUESTION
from assistant.types import Citation
from assistant.web import conversation, sources
from assistant.web.beside import Beside
from assistant.web.conversation import Conversation, Stage, Thread
from assistant.web.desk import Desk
from assistant.web.growing import Crowded, Growing
from assistant.web.keeping import UNFORESEEN, in_words, owned, thread_at
from assistant.web.language import later, say
from assistant.web.transcript import lost, transcript, welcome

LONGEST_REASON = 1000
"""Characters of a reason that are kept."""
BUSY = later("Too many questions are being answered already. Ask again in a moment.")
SHOWN = 7
"""Values that show a thread: itself, its place, transcript, sources, box, the two buttons."""
Within = tuple[str, ...]
"""The documents that are chosen to be asked; none stands for all."""
_LOG = logging.getLogger(__name__)


class Chat:
    """The left side's events.

    Each takes the thread's place as the page knows it and the thread as the
    server does, and returns the values that show a thread.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        # What is being answered. A page's state may be written once more by an answer that was
        # stopped already, and can't tell.
        self._running: dict[_Key, Growing[tuple[Thread, bool]]] = {}
        self._places = Semaphore(2 * AT_ONCE)

    # -- events --------------------------------------------------------------------------------

    def ask(
        self, question: str, within: Within, place: str, thread: Thread, request: gr.Request
    ) -> Iterator[Sequence[Any]]:
        """Yield the page as the answer grows; ends with the answer, or with what went wrong."""
        question = question.strip()[:LONGEST_QUESTION]
        if not question:
            yield [gr.skip()] * SHOWN
            return
        thread = self.thread(place, thread, request)
        one_at_a_time(thread.said)
        yield from self._answered(self._begun(thread, question), within)

    def ask_example(
        self,
        within: Within,
        place: str,
        thread: Thread,
        request: gr.Request,
        event: gr.EventData,
    ) -> Iterator[Sequence[Any]]:
        """Ask the example question that was clicked."""
        yield from self.ask(clicked(event, "ask"), within, place, thread, request)

    def ask_again(
        self,
        within: Within,
        place: str,
        thread: Thread,
        request: gr.Request,
        event: gr.EventData,
    ) -> Iterator[Sequence[Any]]:
        """Ask the last question anew, or what it was changed to: the answer takes its place."""
        thread = self.thread(place, thread, request)
        one_at_a_time(thread.said)
        if not thread.said:
            yield [gr.skip()] * SHOWN
            return
        question = clicked(event, "question").strip()[:LONGEST_QUESTION]
        thread = self._begun_again(thread, question or thread.said[-1].question)
        yield from self._answered(thread, within)

    def reopen(self, place: str, thread: Thread, request: gr.Request) -> tuple[Any, ...]:
        """Show what the page showed before it was loaded anew, or what to do first."""
        try:
            self.desk.find(place)
        except AssistantError as error:
            return self.shown(owned(place, request, thread).new, instead=lost(error))
        return self.shown(self.thread(place, thread, request))

    def stop(self, place: str, thread: Thread, request: gr.Request) -> tuple[Any, ...]:
        """Show a running answer as stopped; the event that made it ends."""
        return self.shown(self.stopped(self.thread(place, thread, request)))

    def new(self, place: str, thread: Thread, request: gr.Request) -> tuple[Any, ...]:
        """Begin a new conversation; a running answer ends where it is."""
        thread = self.stopped(self.thread(place, thread, request))
        return self.shown(thread.new)

    def judge(
        self, place: str, thread: Thread, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Keep what somebody thinks of an answer; returns thread and transcript."""
        thread = self.thread(place, thread, request)
        one_at_a_time(thread.said)
        number = int(clicked(event, "number") or 0)
        thumb = Thumb(clicked(event, "thumb"))
        reason = clicked(event, "reason").strip()[:LONGEST_REASON]
        with in_words():
            self.kept(thread).judge(thread.owner, thread.id, number, thumb, reason)
        thread = thread.now(conversation.judge(thread.said, number, thumb, reason))
        return thread, transcript(thread.said)

    def expect(
        self, place: str, thread: Thread, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Keep what the right answer would have been; returns thread and transcript."""
        thread = self.thread(place, thread, request)
        one_at_a_time(thread.said)
        number = int(clicked(event, "number") or 0)
        expected = clicked(event, "expected").strip()[:LONGEST_REASON]
        with in_words():
            self.kept(thread).expect(thread.owner, thread.id, number, expected)
        thread = thread.now(conversation.expect(thread.said, number, expected))
        return thread, transcript(thread.said)

    def welcome(self, place: str, thread: Thread, request: gr.Request) -> Any:
        """Say anew what to do first, where nothing was asked yet: the documents have changed."""
        if owned(place, request, thread).id:
            return gr.skip()
        try:
            return welcome(self.desk.find(place))
        except AssistantError as error:
            return lost(error)

    # -- threads -------------------------------------------------------------------------------

    def thread(self, place: str, thread: Thread, request: gr.Request) -> Thread:
        """Return the thread, read from its file where the server does not have it any more."""
        thread = thread_at(self.desk.at(place), place, request, thread)
        if conversation.running(thread.said) and _key(thread) not in self._running:
            return thread.now(conversation.stop(thread.said))
        return thread

    def kept(self, thread: Thread) -> Conversations:
        """Return the conversations that the thread is kept among."""
        return self.desk.find(thread.place).conversations

    def stopped(self, thread: Thread) -> Thread:
        """Return the thread with a running answer stopped, and kept as it is."""
        if conversation.running(thread.said):
            growing = self._running.pop(_key(thread), None)
            if growing:
                growing.stop()
            return self._end(thread.now(conversation.stop(thread.said)))
        return thread

    def shown(
        self,
        thread: Thread,
        *,
        box: str | None = None,
        sources_changed: bool = True,
        instead: str = "",
    ) -> tuple[Any, ...]:
        """Return the values that show a thread: where it is empty what to do, or ``instead``."""
        said, running = thread.said, conversation.running(thread.said)
        return (
            thread,
            thread.place,
            transcript(said) if said else instead or welcome(self.desk.at(thread.place)),
            sources.panel([exchange.sources for exchange in said])
            if sources_changed
            else gr.skip(),
            gr.skip() if box is None else box,
            gr.Button(visible=not running),
            gr.Button(visible=running),
        )

    def busy(self, index: str) -> bool:
        """Tell whether somebody is being answered from an index."""
        return any(key.index == index for key in self._running)

    # -- inside --------------------------------------------------------------------------------

    def _answered(self, thread: Thread, within: Within) -> Iterator[Sequence[Any]]:
        """Yield the page while the thread's last question is answered, until it is stopped."""
        key, now = _key(thread), thread
        self._running[key] = growing = Growing(self._growing(thread, within), self._places)
        try:
            yield self.shown(now, box="")
            for now, sources_changed in growing:
                if conversation.running(now.said):
                    yield self.shown(now, sources_changed=sources_changed)
            if self._running.get(key) is not growing:
                return  # It was stopped, and kept as it was then.
        except Crowded:
            now = now.now(conversation.change(now.said, stage=Stage.FAILED, problem=say(BUSY)))
        finally:
            # Also where nobody waits any more, as when the page was closed.
            growing.stop()
            if self._running.get(key) is growing:
                del self._running[key]
                now = self._end(now.now(conversation.stop(now.said)))
        yield self.shown(now)

    def _growing(self, thread: Thread, within: Within) -> Generator[tuple[Thread, bool]]:
        """Yield the thread as its last answer grows, and whether its sources changed."""
        said, exchange, earlier = thread.said, thread.said[-1], history(thread.said[:-1])
        assistant = self.desk.at(thread.place)
        beside = Beside(assistant)
        cited: tuple[Citation, ...] | None = None
        ended, problem = Stage.DONE, ""
        try:
            for answer in assistant.stream(exchange.question, earlier, within=within):
                panel = None
                if answer.citations != cited or answer.refused:
                    cited, panel = answer.citations, beside.section(answer, exchange.number)
                said = conversation.change(said, stage=Stage.RUNNING, answer=answer, sources=panel)
                yield thread.now(said), panel is not None
        except AssistantError as error:
            ended, problem = Stage.FAILED, str(error)
        except Exception:  # noqa: BLE001 - shown in words, logged in full
            _LOG.exception("The question %r could not be answered", exchange.question)
            ended, problem = Stage.FAILED, say(UNFORESEEN)
        yield thread.now(conversation.change(said, stage=ended, problem=problem)), True

    def _begun(self, thread: Thread, question: str) -> Thread:
        talk, number, problem = thread.id, 0, ""
        try:
            talk, number = self.kept(thread).begin(thread.owner, thread.id, question)
        except StoreError as error:
            problem = _not_kept(error)
        # Whose conversation was deleted meanwhile begins another.
        said: Conversation = thread.said if talk == thread.id else ()
        said = conversation.begin(said, question, number)
        said = conversation.change(said, stage=Stage.RUNNING, problem=problem)
        return dataclasses.replace(thread, id=talk, said=said)

    def _begun_again(self, thread: Thread, question: str) -> Thread:
        number, problem = thread.said[-1].number, ""
        try:
            self.kept(thread).again(thread.owner, thread.id, number, question)
        except StoreError as error:
            problem = _not_kept(error)
        said = conversation.begin_again(thread.said, question)
        return thread.now(conversation.change(said, stage=Stage.RUNNING, problem=problem))

    def _end(self, thread: Thread) -> Thread:
        last = thread.said[-1]
        try:
            self.kept(thread).end(
                thread.owner, thread.id, last.number, last.stage, last.answer, last.problem
            )
        except StoreError as error:
            said = conversation.change(thread.said, stage=last.stage, problem=_not_kept(error))
            return thread.now(said)
        return thread


@dataclasses.dataclass(frozen=True, slots=True)
class _Key:
    """Names an exchange, by the index as its tab's address names it."""

    index: str
    owner: str
    talk: str
    number: int


def clicked(event: gr.EventData, name: str) -> str:
    """Return what the button that was clicked says under a name, or nothing."""
    data = event._data
    return str(data.get(name, "")) if isinstance(data, dict) else ""


def _key(thread: Thread) -> _Key:
    """Return what tells the thread's last exchange from all others that may be answered now."""
    return _Key(thread.index, thread.owner, thread.id, thread.said[-1].number)


def one_at_a_time(said: Conversation) -> None:
    """Refuse what would change a conversation while an answer is being made in it."""
    if conversation.running(said):
        raise gr.Error(say("Wait for the answer, or stop it first."), title=say("One at a time"))


def _not_kept(error: StoreError) -> str:
    return say("This conversation is not kept: {error}", error=error)
