"""A conversation as a file to keep or to hand on: Markdown, JSON or Word, with its sources."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping, Set
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from assistant import render
from assistant.errors import SettingsError
from assistant.exchanges import Conversation, Exchange
from assistant.types import Answer

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.text.paragraph import Paragraph

FORMATS = MappingProxyType({"md": "Markdown", "json": "JSON", "docx": "Word"})
"""The formats by their files' endings, and what they are called."""
_BOLD = "\ue000"
_MARKS = re.compile(r"(\ue000|\[\d{1,4}\])")
_NOT_IN_XML = re.compile("[\ue000\ufffe\uffff]")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 60
_NO_ANSWER = "No answer was given."


def export(conversation: Conversation, ending: str) -> bytes:
    """Return a conversation as a file of the format with this ending.

    The JSON is what ``assistant check-citations`` takes. Raises
    :class:`SettingsError` for a format that is not known.
    """
    if ending not in _WRITERS:
        known = ", ".join(f".{known}" for known in FORMATS)
        raise SettingsError(f"A conversation can't be saved as {ending!r}. Choose one of {known}.")
    return _WRITERS[ending](conversation)


def file_name(conversation: Conversation) -> str:
    """Return a conversation's title as the name of a file, without an ending."""
    name = _NOT_IN_NAMES.sub("-", render.plain(conversation.title))
    return name[:_LONGEST_NAME].strip("-.") or "conversation"


def _markdown(conversation: Conversation) -> bytes:
    blocks = [f"# {render.markdown_line(conversation.title)}", f"*{_dated(conversation)}*"]
    for exchange in conversation.exchanges:
        blocks.append(f"## {render.markdown_line(exchange.question)}")
        blocks += [f"*{render.markdown_line(remark)}*" for remark in _remarks(exchange)]
        if exchange.answer:
            blocks.append(render.to_markdown(exchange.answer).strip())
    if cited := _documents(conversation):
        blocks += ["## Documents cited", "\n".join(f"- {render.markdown_line(d)}" for d in cited)]
    return ("\n\n".join(blocks) + "\n").encode()


def _json(conversation: Conversation) -> bytes:
    return render.to_json_text(conversation).encode()


def _word(conversation: Conversation) -> bytes:
    import docx

    word = docx.Document()
    title = _storable(render.line(conversation.title))
    word.core_properties.title, word.core_properties.author = title, ""
    word.core_properties.comments = ""
    word.add_heading(title, 0)
    word.add_paragraph(_dated(conversation))
    for exchange in conversation.exchanges:
        word.add_heading(_storable(render.line(exchange.question)), 1)
        for remark in _remarks(exchange):
            word.add_paragraph().add_run(_storable(render.line(remark))).italic = True
        if exchange.answer:
            _add_answer(word, exchange.answer)
    if cited := _documents(conversation):
        word.add_heading("Documents cited", 1)
        for document in cited:
            word.add_paragraph(_storable(render.line(document)), "List Bullet")
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


_WRITERS: Mapping[str, Callable[[Conversation], bytes]] = MappingProxyType(
    {"md": _markdown, "json": _json, "docx": _word}
)


def _add_answer(word: Word, answer: Answer) -> None:
    marks = {f"[{citation.mark}]" for citation in answer.citations}
    bold = False
    for row in filter(None, map(str.strip, render.body(answer, _BOLD).splitlines())):
        item = row.startswith("- ")
        paragraph = word.add_paragraph(style="List Bullet" if item else None)
        bold = _add_runs(paragraph, row.removeprefix("- "), marks, bold=bold)
    if answer.reason:
        word.add_paragraph().add_run(_storable(render.line(answer.reason))).italic = True
    sources = [(f"[{c.mark}] {render.place(c)}", render.line(c.quote)) for c in answer.citations]
    if sources:
        word.add_heading("Sources", 2)
    elif answer.refused and answer.hits:
        word.add_heading("The nearest passages, which do not answer this", 2)
        nearest = answer.hits[: render.NEAREST]
        sources = [(render.place(hit.passage), render.gist(hit)) for hit in nearest]
    for place, quote in sources:
        word.add_paragraph(_storable(place))
        word.add_paragraph(_storable(f"“{quote}”"), "Quote")


def _add_runs(paragraph: Paragraph, row: str, marks: Set[str], *, bold: bool) -> bool:
    """Add a row of an answer, its marks raised; tell whether it ends in bold."""
    for piece in _MARKS.split(row):
        if piece == _BOLD:
            bold = not bold
        elif piece:
            run = paragraph.add_run(_storable(piece))
            run.bold = bold or None
            run.font.superscript = piece in marks or None
    return bold


def _dated(conversation: Conversation) -> str:
    begun = datetime.fromisoformat(conversation.begun)
    asked = render.plural(len(conversation.exchanges), "question")
    return f"A conversation of {begun.day} {begun:%B %Y}: {asked}, answered from documents."


def _remarks(exchange: Exchange) -> Iterator[str]:
    """Yield what an answer does not say itself."""
    if exchange.answer is None:
        yield _NO_ANSWER
    elif exchange.answer.standalone != exchange.question and not exchange.answer.refused:
        yield f"Searched for: {exchange.answer.standalone}"
    if exchange.answer and exchange.answer.within:
        yield f"Asked within: {render.named(exchange.answer.within)}"
    if exchange.problem:
        yield exchange.problem


def _documents(conversation: Conversation) -> list[str]:
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


def _storable(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
