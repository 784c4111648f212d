"""A conversation as paragraphs, each with its part in the whole: what Word and PDF are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from enum import StrEnum
from typing import NamedTuple

from assistant import render
from assistant.exchanges import Conversation
from assistant.exporting import said
from assistant.types import Answer

_BOLD = "\ue000"
_MARKS = re.compile(r"(\ue000|\[\d{1,4}\])")


class Part(StrEnum):
    """What a paragraph is."""

    TITLE = "title"
    HEADING = "heading"
    SUBHEADING = "subheading"
    TEXT = "text"
    ITEM = "item"
    REMARK = "remark"
    QUOTE = "quote"


class Run(NamedTuple):
    """Characters that look alike; a citation's mark is ``raised``."""

    text: str
    bold: bool = False
    raised: bool = False


class Paragraph(NamedTuple):
    """A paragraph without breaks of lines."""

    part: Part
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """All its characters."""
        return "".join(run.text for run in self.runs)


def paragraphs(conversation: Conversation) -> Iterator[Paragraph]:
    """Yield a conversation from its title to the list of the documents cited."""
    yield _line(Part.TITLE, conversation.title)
    yield _line(Part.TEXT, said.dated(conversation))
    for exchange in conversation.exchanges:
        yield _line(Part.HEADING, exchange.question)
        for remark in said.remarks(exchange):
            yield _line(Part.REMARK, remark)
        if exchange.answer:
            yield from _answer(exchange.answer)
    if cited := said.documents(conversation):
        yield _line(Part.HEADING, "Documents cited")
        for document in cited:
            yield _line(Part.ITEM, document)


def _answer(answer: Answer) -> Iterator[Paragraph]:
    marks = {f"[{citation.mark}]" for citation in answer.citations}
    bold = False
    for row in filter(None, map(str.strip, render.body(answer, _BOLD).splitlines())):
        runs, bold = _runs(row.removeprefix("- "), marks, bold=bold)
        yield Paragraph(Part.ITEM if row.startswith("- ") else Part.TEXT, runs)
    if answer.reason:
        yield _line(Part.REMARK, answer.reason)
    sources = [(f"[{c.mark}] {render.place(c)}", render.line(c.quote)) for c in answer.citations]
    if sources:
        yield _line(Part.SUBHEADING, "Sources")
    elif answer.refused and answer.hits:
        yield _line(Part.SUBHEADING, "The nearest passages, which do not answer this")
        nearest = answer.hits[: render.NEAREST]
        sources = [(render.place(hit.passage), render.gist(hit)) for hit in nearest]
    for place, quote in sources:
        yield _line(Part.TEXT, place)
        yield _line(Part.QUOTE, f"“{quote}”")


def _runs(row: str, marks: Set[str], *, bold: bool) -> tuple[tuple[Run, ...], bool]:
    """Return a row of an answer, its marks raised, and whether it ends in bold."""
    runs = []
    for piece in _MARKS.split(row):
        if piece == _BOLD:
            bold = not bold
        elif piece:
            runs.append(Run(piece, bold, piece in marks))
    return tuple(runs), bold


def _line(part: Part, text: str) -> Paragraph:
    return Paragraph(part, (Run(render.line(text)),))
