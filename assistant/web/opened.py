"""A document opened for reading, as HTML: its bar, and its text or the picture of a page."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.chunking import place_in
from assistant.loading.pdf_pages import Box, Picture
from assistant.types import Citation, Document, Span
from assistant.web.inert import inert
from assistant.web.language import say
from assistant.web.passages import dressed, flow
from assistant.web.reading import Marked, Place, View, earlier, later, stretches

NOTHING = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Opened:
    """A document, and what of it is read.

    ``around`` are the places of the evidence before and after this one,
    ``counted`` its number among how many. ``at`` is where the evidence stands,
    ``marked`` all that the answer takes from the document, by what marks where
    these are shown. ``picture`` is that of the page, in the view of pages.
    A document that is read by itself has ``found``: what stands where, of
    ``wanted``, as evidence does.
    """

    document: Document
    place: Place
    at: Span
    marked: Sequence[Marked]
    around: tuple[Place | None, Place | None]
    counted: tuple[int, int]
    labelled: bool = True
    remark: str = ""
    has_pages: bool = False
    shown: Span = NOTHING
    picture: Picture | None = None
    on_page: Sequence[Marked] = ()
    wanted: str = ""
    found: Sequence[tuple[Place, str]] = ()

    @property
    def alone(self) -> bool:
        """Whether it is read by itself, not for an answer."""
        return not self.place.number


def empty() -> str:
    """Return what is shown where no document is opened."""
    how = say(
        "Choose <em>Read in the document</em> under a source: the whole document opens here, with"
        " everything highlighted that the answer takes from it."
    )
    return f'<div class="empty"><p>{how}</p></div>'


def text_of(opened: Opened) -> str:
    """Return a document that is read as text."""
    document, shown = opened.document, opened.shown
    pieces = []
    for (low, high), marks in stretches(shown, opened.marked):
        if not marks:
            pieces.append(dressed(document, low, high))
            continue
        here = any(one.mark == opened.place.mark for one in marks)
        labels = [_label(opened, one) for one in marks if one.start == low]
        quote = flow(document.text[low:high])
        pieces.append(f"{''.join(labels)}<mark{_current(here)}>{quote}</mark>")
    before = _more(
        earlier(document.text, shown, opened.place), "earlier", say("Show what is before")
    )
    after = _more(later(document.text, shown, opened.place), "later", say("Show what comes after"))
    return (
        f'{_head(opened)}{before}<div class="passage whole" dir="auto">{"".join(pieces)}</div>'
        f"{after}</section>"
    )


def page_of(opened: Opened) -> str:
    """Return a document that is read by its pages."""
    picture, place = opened.picture, opened.place
    if picture is None:
        raise ValueError("There is no picture of the page.")
    drawn = zip(opened.on_page, picture.boxes, strict=True)
    boxes = "".join(_box(box, here=one.mark == place.mark) for one, lines in drawn for box in lines)
    found = any(lines for lines in picture.boxes)
    unmarked = say(
        "The evidence on this page can’t be marked in its picture; the text has it highlighted."
    )
    note = f'<p class="note">{unmarked}</p>' if opened.on_page and not found else ""
    png = base64.b64encode(picture.png).decode()
    name = _page_of(opened)
    alt = say("{page}; its text is under Text", page=name)
    return (
        f'{_head(opened)}{note}<div class="frame" tabindex="0" role="group" aria-label="{name}">'
        f'<div class="sheet"><img src="data:image/png;base64,{png}" alt="{alt}"'
        f' width="{picture.width}" height="{picture.height}">{boxes}</div></div></section>'
    )


def gone(citation: Citation, remark: str) -> str:
    """Return what is shown where the cited words are nowhere in the index."""
    return (
        f'<section class="reader" aria-label="{say("Reader")}"><header>'
        f"{_close(say('Back to the sources'))}"
        f'<h2 tabindex="-1" dir="auto">{inert(citation.title or citation.document)}</h2>'
        f'<p class="note" role="status">{inert(remark)}</p></header>'
        f'<div class="passage" dir="auto"><mark>{flow(citation.quote)}</mark></div></section>'
    )


def _head(opened: Opened) -> str:
    document = opened.document
    title, name = inert(document.title or document.name), inert(document.name)
    where = place_in(document, *opened.at) if opened.counted[1] else ""
    at = f" · {inert(where)}" if where else ""
    remark = f'<p class="note">{inert(opened.remark)}</p>' if opened.remark else ""
    alone = " alone" if opened.alone else ""
    back = say("Back to the documents") if alone else say("Back to the sources")
    return (
        f'<section class="reader{alone}" aria-label="{say("Reader")}: {title}"'
        f' data-document="{name}"'
        f' data-wanted="{inert(opened.wanted)}"><header>{_close(back)}'
        f'<h2 tabindex="-1" dir="auto">{title}</h2>'
        f'<p class="place" dir="auto">{name}{at}</p>{remark}{_search(opened)}</header>'
        f'{_results(opened)}<div class="bar">{_evidence(opened)}{_views(opened)}</div>'
    )


def _search(opened: Opened) -> str:
    """Return the form that looks for something in this document."""
    return (
        '<form class="search" role="search"><input type="search" dir="auto"'
        f' aria-label="{say("Search in this document")}"'
        f' placeholder="{say("Search in this document…")}"'
        f' value="{inert(opened.wanted)}">'
        f'<button type="submit">{say("Search")}</button></form>'
    )


def _results(opened: Opened) -> str:
    """Return what was found in a document that is read by itself, the best first."""
    if not opened.wanted:
        return ""
    if not opened.found:
        nothing = say("Nothing in this document comes near that.")
        return f'<p class="note" role="status">{nothing}</p>'
    rows = "".join(
        f'<li><button type="button" class="result" data-read="{place}"'
        f'{_current_result(opened, place)} dir="auto">{inert(said)}</button></li>'
        for place, said in opened.found
    )
    found = say("Found in this document")
    return f'<ol class="results" aria-label="{found}">{rows}</ol>'


def _current_result(opened: Opened, place: Place) -> str:
    return ' aria-current="true"' if place.mark == opened.place.mark else ""


def _evidence(opened: Opened) -> str:
    """Return what leads from one piece of evidence to the next, where there is any."""
    number, count = opened.counted
    if not count:
        return ""
    which = say("Evidence {number} of {count}", number=number, count=count)
    before, after = opened.around
    if opened.alone:
        what, back, on = say("Result"), say("Previous result"), say("Next result")
        which = say("Result {number} of {count}", number=number, count=count)
    else:
        what, back, on = say("Evidence"), say("Previous evidence"), say("Next evidence")
        which = say("Evidence {number} of {count}", number=number, count=count)
    return (
        f'<div class="group" role="group" aria-label="{what}">'
        f"{_go(before, 'previous', back, '‹')}"
        f'<span role="status">{which}</span>'
        f"{_go(after, 'next', on, '›')}</div>"
    )


def _views(opened: Opened) -> str:
    """Return the choice between pages and text, and what turns the pages."""
    if not opened.has_pages:
        return ""
    place, last = opened.place, len(opened.document.pages)
    paged = opened.picture is not None
    text = replace(place, view=View.TEXT, low=0, high=0)
    page = replace(place, view=View.PAGE, low=0, high=0)
    turned = [replace(page, page=place.page + step) for step in (-1, 1)]
    back, on = (one if 1 <= one.page <= last else None for one in turned)
    pages = (
        f'<div class="group" role="group" aria-label="{say("Pages")}">'
        f"{_go(back, 'back', say('Previous page'), '‹')}<span>{_page_of(opened)}</span>"
        f"{_go(on, 'on', say('Next page'), '›')}"
        f'<button type="button" class="zoom" aria-pressed="false">{say("Larger")}</button></div>'
    )
    shown = say("Shown as")
    return (
        f'{pages if paged else ""}<div class="group" role="group" aria-label="{shown}">'
        f"{_view(page, say('Page'), chosen=paged)}"
        f"{_view(text, say('Text'), chosen=not paged)}</div>"
    )


def _page_of(opened: Opened) -> str:
    last = len(opened.document.pages)
    return say("Page {number} of {count}", number=opened.place.page, count=last)


def _view(place: Place, name: str, *, chosen: bool) -> str:
    pressed = "true" if chosen else "false"
    return (
        f'<button type="button" class="view" data-read="{place}" aria-pressed="{pressed}">'
        f"{name}</button>"
    )


def _go(place: Place | None, kind: str, name: str, sign: str) -> str:
    """Return a button that leads to a place; without one it stays where it is, and says so."""
    to = f'data-read="{place}"' if place else 'aria-disabled="true"'
    return (
        f'<button type="button" class="go {kind}" {to} aria-label="{name}" title="{name}">'
        f"{sign}</button>"
    )


def _more(place: Place | None, kind: str, name: str) -> str:
    if place is None:
        return ""
    return f'<button type="button" class="more {kind}" data-read="{place}">{name}</button>'


def _close(name: str) -> str:
    return f'<button type="button" class="close">{name}</button>'


def _label(opened: Opened, one: Marked) -> str:
    if not opened.labelled:
        return ""
    back = say("Mark {mark}, back to the answer", mark=one.mark)
    return (
        f'<button type="button" class="mark" data-back="mark-{opened.place.number}-{one.mark}"'
        f' aria-label="{back}">{one.mark}</button>'
    )


def _current(here: bool) -> str:
    return ' class="current"' if here else ""


def _box(box: Box, *, here: bool) -> str:
    left, top = f"{box.left:.2%}", f"{box.top:.2%}"
    width, height = f"{box.right - box.left:.2%}", f"{box.bottom - box.top:.2%}"
    return (
        f'<span class="box{" current" if here else ""}"'
        f' style="left:{left};top:{top};width:{width};height:{height}"></span>'
    )
