"""The reader's events: a document is opened at the evidence, and read on from there."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import chunking
from assistant.assistant import Assistant
from assistant.errors import AssistantError, LoadError, QueryError, SettingsError
from assistant.loading import isolation
from assistant.loading.limits import limits_of
from assistant.loading.pdf_pages import Picture
from assistant.render import line
from assistant.tools import LONGEST_QUESTION
from assistant.types import Answer, Citation, Document, Hit, Span
from assistant.web import opened
from assistant.web.chat import clicked
from assistant.web.conversation import Exchange, Thread
from assistant.web.desk import Desk
from assistant.web.keeping import UNFORESEEN, in_words, owned
from assistant.web.language import say
from assistant.web.opened import Opened
from assistant.web.original import Original, is_pdf, original
from assistant.web.progress import problem
from assistant.web.reading import (
    Marked,
    Place,
    View,
    evidence,
    marked_in,
    whereabouts,
    window,
)

READS = """
const ask = (read, wanted, section) => trigger('click', {
  read, wanted: wanted ?? section?.dataset.wanted ?? '', document: section?.dataset.document ?? '',
});
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-read]');
  if (button) ask(button.dataset.read, null, button.closest('section.reader'));
});
element.addEventListener('submit', (event) => {
  event.preventDefault();
  ask('0 1 any 0 0 0', event.target.querySelector('input').value, event.target.closest('section'));
});
"""
"""Makes a part of the page hand on which of its buttons opens what."""
MOST_FOUND, NEAR = 12, 0.6
"""Places shown at most of what is looked for in one document, and how near they have to come to
the best one."""
TAB = "reader"
"""Names the reader's tab."""
_SHOW = "() => document.dispatchEvent(new Event('document-opened'))"
_LOG = logging.getLogger(__name__)


def build() -> gr.HTML:
    """Return the part of the page that documents are opened in."""
    return gr.HTML(opened.empty(), elem_id="reader", apply_default_css=False, js_on_load=READS)


class Readers:
    """The reader's events, each of a tab's place."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def connect(
        self, at: Sequence[Any], beside: Sequence[gr.HTML], shown: gr.HTML, tabs: gr.Tabs
    ) -> None:
        """Have the buttons of the parts beside, and the reader's own, open documents.

        ``at`` says which thread the page shows, its place first; with another thread,
        what an answer of this one stands on is closed.
        """
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        at[0].change(opened.empty, None, [shown], queue=False, **private)
        for part in (*beside, shown):
            part.click(
                self.open,
                list(at),
                [shown, tabs],
                concurrency_limit=4,
                concurrency_id="read",
                **private,
            ).then(None, None, None, js=_SHOW, api_visibility="private")

    def open(
        self, at: str, thread: Thread, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, Any]:
        """Return the document that the button asks for, opened there, and the reader's tab."""
        assistant = self.desk.at(at)
        place = Place.read(clicked(event, "read"))
        if place is None:
            return gr.skip(), gr.skip()
        reader = Reader(assistant)
        if place.number:
            answer = _answer(assistant, owned(at, request, thread), place.number)
            if answer is None:
                return gr.skip(), gr.skip()
            make = partial(reader.opened, answer)
        else:
            wanted = clicked(event, "wanted").strip()[:LONGEST_QUESTION]
            make = partial(reader.alone, clicked(event, "document"), wanted)
        try:
            html = make(place)
        except AssistantError as error:
            html = problem(str(error))
        except Exception:  # noqa: BLE001 - shown in words, logged in full
            _LOG.exception("A document could not be opened at %s", place)
            html = problem(say(UNFORESEEN))
        return html, gr.Tabs(selected=TAB)


class Reader:
    """Opens documents that an answer stands on."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    def opened(self, answer: Answer, place: Place) -> str:
        """Return as HTML the document that holds the evidence with a mark, at that place."""
        cited = evidence(answer)
        if not cited:
            return opened.empty()
        index = next((n for n, one in enumerate(cited) if one.mark == place.mark), 0)
        here = cited[index]
        catalog = self.assistant.index.catalog
        found = whereabouts(catalog, here)
        if not found.holds:
            remark = say(
                "These words are no longer in the index: their document changed or was removed. "
                "This is what was cited."
            )
            return opened.gone(here, remark)
        document = self.assistant.document(found.document)
        around = [_to(place, one) for one in (*cited[:index][-1:], *cited[index + 1 :][:1])]
        reading = Opened(
            document,
            replace(place, mark=here.mark),
            Span(found.start, found.end),
            marked_in(document, cited, catalog),
            (
                around[0] if index else None,
                around[-1] if index + 1 < len(cited) else None,
            ),
            (index + 1, len(cited)),
            labelled=not answer.refused,
        )
        return self._shown(reading)

    def alone(self, name: str, wanted: str, place: Place) -> str:
        """Return a document by itself, at what is found of what is wanted in it, as HTML."""
        document = self.assistant.document(name)
        remark, hits = "", list[Hit]()
        try:
            hits = self.assistant.retrieve(wanted, MOST_FOUND, within=[name]) if wanted else []
        except (QueryError, SettingsError) as error:
            remark = str(error)
        found = _best(hits)
        order = sorted(found, key=lambda one: one.start)
        index = next((n for n, one in enumerate(order) if one.mark == place.mark), 0)
        here = order[index] if order else Marked(0, 0, 0)
        around = [Place(0, one.mark) for one in (*order[:index][-1:], *order[index + 1 :][:1])]
        reading = Opened(
            document,
            replace(place, mark=here.mark),
            Span(here.start, here.end),
            found,
            (around[0] if index else None, around[-1] if index + 1 < len(order) else None),
            (index + 1, len(order)) if order else (0, 0),
            labelled=False,
            remark=remark,
            wanted=wanted,
            found=[(Place(0, one.mark), _gist(document, one)) for one in found],
        )
        return self._shown(reading)

    def _shown(self, reading: Opened) -> str:
        file = original(self.assistant.index, reading.document, limits_of(self.assistant.settings))
        remark = reading.remark or file.remark
        paged = file.data is not None and has_pages(reading.document)
        if paged and reading.place.view is not View.TEXT:
            try:
                return opened.page_of(self._drawn(reading, file))
            except LoadError as error:
                remark = say("The page can’t be drawn: {error}", error=error)
        shown = window(reading.document.text, reading.at, reading.place)
        place = replace(reading.place, page=reading.place.page or _page(reading))
        return opened.text_of(
            replace(reading, place=place, remark=remark, has_pages=paged, shown=shown)
        )

    def _drawn(self, reading: Opened, file: Original) -> Opened:
        document = reading.document
        number = min(reading.place.page or _page(reading), len(document.pages))
        page = document.pages[number - 1]
        marked = [one for one in reading.marked if one.start < page.end and page.start < one.end]
        return replace(
            reading,
            place=replace(reading.place, page=number, view=View.PAGE),
            has_pages=True,
            picture=self._picture(file, document, number, marked),
            on_page=marked,
        )

    def _picture(
        self, file: Original, document: Document, number: int, marked: Sequence[Marked]
    ) -> Picture:
        low, high = document.pages[number - 1]
        spans = [Span(max(one.start, low) - low, min(one.end, high) - low) for one in marked]
        limits = limits_of(self.assistant.settings)
        text = document.text[low:high]
        return isolation.draw(file.data or b"", number, text, spans, limits)


def has_pages(document: Document) -> bool:
    """Tell whether a document has pages that can be drawn."""
    return bool(document.pages) and is_pdf(Path(document.source))


def _answer(assistant: Assistant, thread: Thread, number: int) -> Answer | None:
    """Return an answer of a thread, or as it was kept where the server does not have it."""
    said: Sequence[Exchange] = thread.said
    if thread.id and not said:
        with in_words():
            said = assistant.conversations.get(thread.owner, thread.id).exchanges
    return next((one.answer for one in said if one.number == number), None)


def _page(reading: Opened) -> int:
    """Return the page on which the evidence begins."""
    return chunking.page_of(reading.document.pages, reading.at.start) or 1


def _to(place: Place, citation: Citation) -> Place:
    """Return the place of other evidence, in the same view."""
    view = View.TEXT if place.view is View.TEXT else View.ANY
    return Place(place.number, citation.mark, view)


def _best(hits: Sequence[Hit]) -> list[Marked]:
    """Return the sentences that bear most on what is looked for, the strongest first."""
    sentences = sorted((one for hit in hits for one in hit.evidence), key=lambda one: -one.score)
    near = [one for one in sentences if one.score >= NEAR * sentences[0].score]
    numbered = enumerate(near[:MOST_FOUND], start=1)
    return [Marked(mark, one.start, one.end) for mark, one in numbered]


def _gist(document: Document, one: Marked) -> str:
    where = chunking.place_in(document, one.start, one.end)
    said = line(document.text[one.start : one.end])
    return f"{where}: {said}" if where else said
