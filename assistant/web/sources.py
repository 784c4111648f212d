"""The panel of sources: each cited passage in its surroundings, the evidence marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from assistant.errors import DocumentNotFound
from assistant.render import plural
from assistant.text import sentence_spans
from assistant.types import Answer, Citation, Document, Hit, Span
from assistant.web.inert import inert

REACH = 600
"""Characters shown before and after the evidence, about."""
_NEAREST = 3
_SLACK = 300
_WORD_EDGE = re.compile(r"\s")
# A line break inside a paragraph is the width of somebody's page; one before a list item is not.
_WRAPPED = re.compile(r"(?<=[^\n])[^\S\n]*\n[^\S\n]*(?![\s\-*•–|>#]|\d+[.)])")
_GAP = re.compile(r"\n\s*\n")

_UNREMARKED: Mapping[int, str] = MappingProxyType({})

Lookup = Callable[[str], Document]


def panel(sections: list[str]) -> str:
    """Return the panel: one section an answer, of which the last is shown."""
    if not any(sections):
        return (
            '<div class="empty"><p>Each answer carries numbered marks. Click one, and the passage'
            " it stands on is shown here, in its place in the document.</p></div>"
        )
    return "".join(sections)


def section(
    answer: Answer, number: int, lookup: Lookup, remarks: Mapping[int, str] = _UNREMARKED
) -> str:
    """Return the sources of one answer, or the nearest passages of a refusal.

    ``remarks`` says by mark what became of a source since the answer was given.
    """
    if answer.refused:
        cards = "".join(_nearest(hit) for hit in answer.hits[:_NEAREST])
        head = "Nearest passages" if cards else "No passages"
        note = "These come closest to the question. They are not an answer." if cards else ""
    else:
        documents = _documents(answer, lookup)
        cards = "".join(
            _card(citation, number, documents, _notes(citation, answer.hits, remarks))
            for citation in answer.citations
        )
        head = "Sources"
        names = {citation.document for citation in answer.citations}
        note = (
            f"{plural(len(answer.citations), 'passage')} from {plural(len(names), 'document')}"
            if cards
            else "This answer cites nothing."
        )
    return (
        f'<section class="sources" data-answer="{number}" aria-label="{head}:'
        f' {inert(answer.question)}"><header><h2>{head}</h2>'
        f'<p class="asked" dir="auto">{inert(answer.question)}</p><p class="note">{note}</p>'
        f"</header>{cards}</section>"
    )


def surroundings(text: str, start: int, end: int, reach: int = REACH) -> Span:
    """Return the span around the evidence, cut where sentences begin and end, else at words."""
    return Span(_cut_before(text, start, reach), _cut_after(text, end, reach))


def _cut_before(text: str, start: int, reach: int) -> int:
    low = max(0, start - reach)
    if low == 0:
        return 0
    begins = [low + span.start for span in sentence_spans(text[low:start])][1:]
    if begins and begins[0] - low <= _SLACK:
        return begins[0]
    edge = _WORD_EDGE.search(text, low, start)
    return edge.end() if edge else low


def _cut_after(text: str, end: int, reach: int) -> int:
    high = min(len(text), end + reach)
    if high == len(text):
        return high
    ends = [end + span.end for span in sentence_spans(text[end:high])][:-1]
    if ends and high - ends[-1] <= _SLACK:
        return ends[-1]
    edges = [match.start() for match in _WORD_EDGE.finditer(text, max(end, high - 80), high)]
    return edges[-1] if edges else high


def _documents(answer: Answer, lookup: Lookup) -> dict[str, Document]:
    found = {}
    for name in {citation.document for citation in answer.citations}:
        try:
            found[name] = lookup(name)
        except DocumentNotFound:
            continue  # Removed while it was being cited: the quote alone is shown.
    return found


def _twins(citation: Citation, hits: Sequence[Hit]) -> list[str]:
    """Return the documents that say the same as the passage that is cited."""
    return [
        also.document
        for hit in hits
        if hit.passage.document == citation.document
        and hit.passage.start <= citation.start < hit.passage.end
        for also in hit.also
    ]


def _notes(citation: Citation, hits: Sequence[Hit], remarks: Mapping[int, str]) -> str:
    remark = remarks.get(citation.mark, "")
    since = f'<p class="note since" dir="auto">{inert(remark)}</p>' if remark else ""
    listed = ", ".join(map(inert, dict.fromkeys(_twins(citation, hits))))
    return since + (f'<p class="note">The same in {listed}</p>' if listed else "")


def _card(citation: Citation, number: int, documents: dict[str, Document], notes: str) -> str:
    at = f"{number}-{citation.mark}"
    mark = (
        f'<button type="button" class="mark" data-back="mark-{at}"'
        f' aria-label="Mark {citation.mark}, back to the answer">{citation.mark}</button>'
    )
    head = _head(mark, citation.title, citation.document, citation.place, f"title-{at}")
    return (
        f'<article class="source" id="source-{at}" tabindex="-1" aria-labelledby="title-{at}">'
        f"{head}{_in_its_place(citation, documents.get(citation.document))}{notes}</article>"
    )


def _in_its_place(citation: Citation, document: Document | None) -> str:
    start, end = citation.start, citation.end
    if document is None or document.text[start:end] != citation.quote:
        return (
            f'<div class="passage" dir="auto"><mark>{_flow(citation.quote)}</mark></div>'
            '<p class="note">The document was changed or removed; this is what it said.</p>'
        )
    low, high = surroundings(document.text, start, end)
    high = _before_dangling_heading(document, end, high)
    before = ("… " if low else "") + _dressed(document, low, start)
    after = _dressed(document, end, high) + (" …" if high < len(document.text) else "")
    return (
        f'<div class="passage" dir="auto">{before}<mark>{_flow(citation.quote)}</mark>{after}</div>'
    )


def _before_dangling_heading(document: Document, end: int, high: int) -> int:
    """Return where to end so that the last thing shown is not a heading of what isn't."""
    if high == len(document.text):
        return high
    for heading in reversed(document.headings):
        after = heading.start + len(heading.text)
        if end <= heading.start < high and not document.text[after:high].strip():
            return end + len(document.text[end : heading.start].rstrip())
    return high


def _dressed(document: Document, low: int, high: int) -> str:
    """Return a stretch of a document with its headings set off."""
    pieces, at = [], low
    for heading in document.headings:
        start, end = heading.start, heading.start + len(heading.text)
        if at <= start and end <= high and document.text[start:end] == heading.text:
            pieces.append(f"{_flow(document.text[at:start])}<b>{inert(heading.text)}</b>")
            at = end
    return "".join(pieces) + _flow(document.text[at:high])


def _nearest(hit: Hit) -> str:
    passage = hit.passage
    return (
        '<article class="source nearest">'
        f"{_head('', passage.title, passage.document, passage.place, '')}"
        f'<div class="passage" dir="auto">{_flow(passage.text)}</div></article>'
    )


def _head(mark: str, title: str, document: str, place: str, identity: str) -> str:
    where = inert(document) + (f" · {inert(place)}" if place else "")
    named = f' id="{identity}"' if identity else ""
    return (
        f'<header>{mark}<div><h3{named} dir="auto">{inert(title or document)}</h3>'
        f'<p class="place" dir="auto">{where}</p></div></header>'
    )


def _flow(text: str) -> str:
    """Return the text with its paragraphs kept and the line breaks within them let go."""
    return inert(_WRAPPED.sub(" ", _GAP.sub("\n\n", text)))
