"""The panel of sources: each cited passage in its surroundings, the evidence marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from assistant.errors import DocumentNotFound
from assistant.reasons import Reason
from assistant.render import NEAREST
from assistant.types import Answer, Citation, Document, Hit
from assistant.web.inert import inert
from assistant.web.language import number, say, several
from assistant.web.passages import dressed, flow, surroundings
from assistant.web.reading import Place

_UNREMARKED: Mapping[int, str] = MappingProxyType({})

Lookup = Callable[[str], Document]
NO_REASONS: Mapping[str, Reason] = MappingProxyType({})


def panel(sections: list[str]) -> str:
    """Return the panel: one section an answer, of which the last is shown."""
    if not any(sections):
        empty = say(
            "Each answer carries numbered marks. Click one, and the passage it stands on is shown"
            " here, in its place in the document."
        )
        return f'<div class="empty"><p>{empty}</p></div>'
    return "".join(sections)


def section(
    answer: Answer,
    number: int,
    lookup: Lookup,
    reasons: Mapping[str, Reason] = NO_REASONS,
    remarks: Mapping[int, str] = _UNREMARKED,
) -> str:
    """Return the sources of one answer, or the nearest passages of a refusal.

    ``reasons`` say why hits were found, by their passages' ids; ``remarks`` by
    mark what became of a source since the answer was given.
    """
    if answer.refused:
        cards = "".join(
            _nearest(hit, Place(number, rank), reasons.get(hit.passage.id))
            for rank, hit in enumerate(answer.hits[:NEAREST], start=1)
        )
        head = say("Nearest passages") if cards else say("No passages")
        near = say("These come closest to the question. They are not an answer.")
        note = near if cards else ""
    else:
        documents = _documents(answer, lookup)
        cards = "".join(
            _card(citation, number, documents, _home(citation, answer.hits), reasons, remarks)
            for citation in answer.citations
        )
        head = say("Sources")
        names = {citation.document for citation in answer.citations}
        passages = several("{count} passage", "{count} passages", len(answer.citations))
        note = (
            several(
                "{passages} from {count} document",
                "{passages} from {count} documents",
                len(names),
                passages=passages,
            )
            if cards
            else say("This answer cites nothing.")
        )
    return (
        f'<section class="sources" data-answer="{number}" aria-label="{head}:'
        f' {inert(answer.question)}"><header><h2>{head}</h2>'
        f'<p class="asked" dir="auto">{inert(answer.question)}</p><p class="note">{note}</p>'
        f"</header>{cards}</section>"
    )


def _documents(answer: Answer, lookup: Lookup) -> dict[str, Document]:
    found = {}
    for name in {citation.document for citation in answer.citations}:
        try:
            found[name] = lookup(name)
        except DocumentNotFound:
            continue  # Removed while it was being cited: the quote alone is shown.
    return found


def _home(citation: Citation, hits: Sequence[Hit]) -> Hit | None:
    """Return the hit whose passage is cited, or None where the check found it elsewhere."""
    return next(
        (
            hit
            for hit in hits
            if hit.passage.document == citation.document
            and hit.passage.start <= citation.start < hit.passage.end
        ),
        None,
    )


def _card(
    citation: Citation,
    number: int,
    documents: dict[str, Document],
    hit: Hit | None,
    reasons: Mapping[str, Reason],
    remarks: Mapping[int, str],
) -> str:
    at = f"{number}-{citation.mark}"
    back = say("Mark {mark}, back to the answer", mark=citation.mark)
    mark = (
        f'<button type="button" class="mark" data-back="mark-{at}"'
        f' aria-label="{back}">{citation.mark}</button>'
    )
    head = _head(mark, citation.title, citation.document, citation.place, f"title-{at}")
    listed = ", ".join(
        map(inert, dict.fromkeys(also.document for also in (hit.also if hit else ())))
    )
    also = say("The same in {documents}", documents=listed)
    same = f'<p class="note">{also}</p>' if listed else ""
    remark = remarks.get(citation.mark, "")
    since = f'<p class="note since" dir="auto">{inert(remark)}</p>' if remark else ""
    foot = _foot(Place(number, citation.mark), reasons.get(hit.passage.id) if hit else None)
    passage = _in_its_place(citation, documents.get(citation.document))
    return (
        f'<article class="source" id="source-{at}" tabindex="-1" aria-labelledby="title-{at}">'
        f"{head}{passage}{since}{same}{foot}</article>"
    )


def _foot(place: Place, reason: Reason | None) -> str:
    """Return the foot of a card: why its passage was found, and the way into the document."""
    why = f'<p class="note why">{inert(because(reason))}</p>' if reason else ""
    return (
        f'<footer>{why}<button type="button" class="read" data-read="{place}">'
        f"{say('Read in the document')}</button></footer>"
    )


def because(reason: Reason) -> str:
    """Return in words why a passage was found."""
    words = ", ".join(f"“{word}”" for word in reason.words)
    matched = say("Words matched: {words}", words=words) if words else say("No words matched")
    figures = say(
        "similarity {similarity} · score {score}, place {rank} of {of}",
        similarity=number(reason.similarity, 2),
        score=number(reason.score, 2),
        rank=reason.rank,
        of=reason.of,
    )
    return f"{matched} · {figures}"


def _in_its_place(citation: Citation, document: Document | None) -> str:
    start, end = citation.start, citation.end
    if document is None or document.text[start:end] != citation.quote:
        changed = say("The document was changed or removed; this is what it said.")
        return (
            f'<div class="passage" dir="auto"><mark>{flow(citation.quote)}</mark></div>'
            f'<p class="note">{changed}</p>'
        )
    low, high = surroundings(document.text, start, end)
    high = _before_dangling_heading(document, end, high)
    before = ("… " if low else "") + dressed(document, low, start)
    after = dressed(document, end, high) + (" …" if high < len(document.text) else "")
    return (
        f'<div class="passage" dir="auto">{before}<mark>{flow(citation.quote)}</mark>{after}</div>'
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


def _nearest(hit: Hit, place: Place, reason: Reason | None) -> str:
    passage = hit.passage
    return (
        '<article class="source nearest">'
        f"{_head('', passage.title, passage.document, passage.place, '')}"
        f'<div class="passage" dir="auto">{flow(passage.text)}</div>'
        f"{_foot(place, reason)}</article>"
    )


def _head(mark: str, title: str, document: str, place: str, identity: str) -> str:
    where = inert(document) + (f" · {inert(place)}" if place else "")
    named = f' id="{identity}"' if identity else ""
    return (
        f'<header>{mark}<div><h3{named} dir="auto">{inert(title or document)}</h3>'
        f'<p class="place" dir="auto">{where}</p></div></header>'
    )
