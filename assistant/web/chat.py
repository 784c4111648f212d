"""What happens in the chat: a question is asked, its answer grows, is stopped, is cleared."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.tools import LONGEST_QUESTION
from assistant.types import Answer, Citation, Document
from assistant.web import sources
from assistant.web.conversation import Conversation, Stage, begin, change, history, stop
from assistant.web.transcript import transcript

UNFORESEEN = "Something went wrong that should not have; the program's log has the details."
_LOG = logging.getLogger(__name__)


class Chat:
    """The left side's events. Each returns values for: state, transcript, sources, box, buttons."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    def ask_example(self, said: Conversation, event: gr.EventData) -> Iterator[Sequence[Any]]:
        """Ask the example question that was clicked."""
        yield from self.ask(clicked(event, "ask"), said)

    def ask(self, question: str, said: Conversation) -> Iterator[Sequence[Any]]:
        """Yield the page as the answer grows; ends with the answer, or with what went wrong."""
        question = question.strip()[:LONGEST_QUESTION]
        if not question:
            yield [gr.skip()] * 6
            return
        if said and said[-1].stage is Stage.RUNNING:
            raise gr.Error(
                "Wait for the answer, or stop it, then ask again.",
                title="One at a time",
            )
        said = begin(said, question)
        yield self._shown(said, box="")
        exchange = said[-1]
        cited: tuple[Citation, ...] | None = None
        beside = _Beside(self.assistant)
        try:
            for answer in self.assistant.stream(exchange.question, history(said[:-1])):
                panel = None
                if answer.citations != cited or answer.refused:
                    cited, panel = (
                        answer.citations,
                        beside.section(answer, exchange.number),
                    )
                said = change(said, stage=Stage.RUNNING, answer=answer, sources=panel)
                yield self._shown(said, sources_changed=panel is not None)
            said = change(said, stage=Stage.DONE)
        except AssistantError as error:
            said = change(said, stage=Stage.FAILED, problem=str(error))
        except Exception:  # noqa: BLE001 - shown in words, logged in full
            _LOG.exception("The question %r could not be answered", exchange.question)
            said = change(said, stage=Stage.FAILED, problem=UNFORESEEN)
        yield self._shown(said)

    def stop(self, said: Conversation) -> tuple[Any, ...]:
        """Show a running answer as stopped; Gradio cancels the event that made it."""
        return self._shown(stop(said))

    def clear(self) -> tuple[Any, ...]:
        """Begin a new conversation."""
        return self._shown(())

    def welcome(self, said: Conversation) -> str:
        """Show the documents as they are now, when the page is opened."""
        return transcript(said, self.assistant.documents())

    def _shown(
        self,
        said: Conversation,
        *,
        box: str | None = None,
        sources_changed: bool = True,
    ) -> tuple[Any, ...]:
        running = bool(said) and said[-1].stage is Stage.RUNNING
        documents = [] if said else self.assistant.documents()
        return (
            said,
            transcript(said, documents),
            sources.panel([exchange.sources for exchange in said])
            if sources_changed
            else gr.skip(),
            gr.skip() if box is None else box,
            gr.Button(visible=not running),
            gr.Button(visible=running),
        )


class _Beside:
    """Makes the sources of one growing answer, and reads each cited document once."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.read: dict[str, Document] = {}

    def section(self, answer: Answer, number: int) -> str:
        return sources.section(answer, number, self._document)

    def _document(self, name: str) -> Document:
        if name not in self.read:
            self.read[name] = self.assistant.document(name)
        return self.read[name]


def clicked(event: gr.EventData, name: str) -> str:
    """Return what the button that was clicked says under a name, or nothing."""
    data = event._data
    return str(data.get(name, "")) if isinstance(data, dict) else ""
