"""Answers to render, made by hand, and events and news of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from assistant.assistant import Assistant
from assistant.indexes import Indexes
from assistant.types import Answer, Citation, Claim, Document, Hit, Passage, Verdict
from assistant.web.desk import Desk

HOSTILE = (
    '<script>alert(1)</script> ![x](http://evil.example/a.png) <img src="http://evil.example/b">'
    " [y](javascript:alert(2)) <svg onload=alert(3)> {{constructor}} ${alert(4)} `$(x)`"
    ' " onmouseover="alert(5)" \u202egnp.exe\u2066 </mark></div></article>'
    "\n\n[z]: http://evil.example/c\n\n[z] <http://evil.example/d> http://evil.example/e"
    "\n\n<iframe src=//evil.example></iframe>"
)
_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)((?:\s[^>]*)?)>")
_ATTRIBUTE = re.compile(r'\s([a-zA-Z-]+)(?:="([^"]*)")?')
TAGS = set(
    "a article b blockquote br button caption code dd details div dl dt em figcaption figure footer"
    " form h1 h2 h3 h4 h5 header hr img input label li mark ol p pre progress section span strong"
    " summary table tbody td th thead tr ul".split()
)
ATTRIBUTES = set(
    "alt aria-busy aria-current aria-disabled aria-label aria-labelledby aria-pressed checked class"
    " colspan data-again data-answer data-ask data-back data-do data-document data-format data-id"
    " data-many data-name data-number data-place data-quote data-read data-remove data-run"
    " data-save data-show data-source data-text data-thumb data-wanted dir height href id max"
    " placeholder role scope src start style tabindex title type value width".split()
)

_VALUES = {
    "style": re.compile(
        r"text-align:(?:left|right|center)|(?:(?:left|top|width|height):[\d.]+%;?)+"
    ),
    "href": re.compile(r"logout|\./(?:\?index=[\w%.~-]+)?"),
    "src": re.compile(r"data:image/png;base64,[\w+/=]*"),
}


def assert_inert(html: str) -> None:
    """Check that a piece of HTML holds only tags and attributes that we write ourselves."""
    rest = _TAG.sub("", html)
    assert "<" not in rest, rest
    for name, attributes in _TAG.findall(html):
        assert name.lstrip("/") in TAGS, name
        assert not _ATTRIBUTE.sub("", attributes).strip(" /"), attributes
        for attribute, value in _ATTRIBUTE.findall(attributes):
            assert attribute in ATTRIBUTES, attribute
            assert attribute not in _VALUES or _VALUES[attribute].fullmatch(value), value


def visible(html: str) -> str:
    """Return the text of a piece of HTML, as read."""
    from html import unescape

    return unescape(_TAG.sub("", html))


def desk(assistant: Assistant) -> Desk:
    """Return a desk at which this assistant is the one that is served."""
    return Desk(Indexes(assistant))


def document(text: str, name: str = "notes.md", title: str = "Notes") -> Document:
    return Document(name, title, text, f"/tmp/{name}", "0" * 64)  # noqa: S108


def citation(doc: Document, quote: str, mark: int = 1, page: int | None = None) -> Citation:
    start = doc.text.index(quote)
    end = start + len(quote)
    place = f"p. {page}" if page else ""
    return Citation(mark, doc.name, doc.title, page, start, end, quote, Verdict.SUPPORTED, place)


def answer(
    sentences: Sequence[tuple[str, Verdict, tuple[str, ...]]],
    citations: Sequence[Citation] = (),
    *,
    model: str = "extractive",
    separator: str = " ",
) -> Answer:
    """Return an answer of these sentences, the first citing the first citation, and so on."""
    text, claims = "", []
    for number, (sentence, verdict, missing) in enumerate(sentences):
        text += separator if text else ""
        start = len(text)
        text += sentence
        marks = (citations[number].mark,) if number < len(citations) else ()
        claims.append(Claim(sentence, start, len(text), marks, verdict, missing))
        text += "".join(f" [{mark}]" for mark in marks)
    return Answer(
        "Why?", "Why?", text, tuple(claims), tuple(citations), (), False, "", model, 0.9
    )  # fmt: skip


def refusal(doc: Document, reason: str = "The documents do not answer this.") -> Answer:
    passage = Passage("1", doc.name, doc.title, doc.text, 0, len(doc.text), None, "", ())
    hits = (Hit(passage, 0.2, ()),)
    return Answer("Why?", "Why?", "", (), (), hits, True, reason, "extractive", 0.1)


def last(news: Iterator[tuple[Any, ...]]) -> str:
    """Return the last news as they are read; the button to cancel is gone by then."""
    *_, (html, button, _typed) = news
    assert button == gr.skip() or not button.visible
    return visible(html)


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, data)
