"""Document → passages: whole sentences, short enough for the encoder, with exact offsets."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice, pairwise, tee
from operator import attrgetter

from assistant.places import label, within
from assistant.text import sentence_spans
from assistant.types import Document, Encoder, Heading, Passage, Span

PASSAGE_CHARACTERS = 1100
"""A passage is cut before it grows past this, however many tokens the encoder could read."""
PARAGRAPH_CHARACTERS = 200
"""A paragraph of at least this length is a passage of its own."""
STRETCH_CHARACTERS = 1_000_000
"""A longer text is split stretch by stretch: its tokens take many times its own memory."""
CONTEXT_TOKENS = 48
"""Most tokens that title and headings may take of the encoder's window."""
_MARGIN = 4
# Special tokens, and the odd token by which pieces of a text count differently from the whole.


def split(document: Document, encoder: Encoder) -> list[Passage]:
    """Split a document into passages, as :func:`stream` yields them."""
    return list(stream(document, encoder))


def stream(document: Document, encoder: Encoder) -> Iterator[Passage]:
    """Split a document into passages of whole sentences, and yield them in order.

    A passage stays on one page, under one heading and in one paragraph unless
    that is short; it keeps within the encoder's window, with its context
    before it, and within ``PASSAGE_CHARACTERS``. A sentence too long for that
    is split between words, never cut off. Together the passages hold every
    character that is not white space.
    """
    cuts = sorted(
        {heading.start for heading in document.headings}
        | {heading.start + len(heading.text) for heading in document.headings}
    )
    paths = list(_paths(document.headings, document.title))
    passages = (
        _in_stretch(document, span, cuts, paths, encoder) for span in stretches(document.text)
    )
    yield from _placed(chain.from_iterable(passages), document)


def stretches(text: str) -> Iterator[Span]:
    """Cut a long text after a paragraph, a line or a word, so that it is worked on bit by bit."""
    start = 0
    while start < len(text):
        end = start + STRETCH_CHARACTERS
        for separator in ("\n\n", "\n", " "):
            found = text.find(separator, end, end + STRETCH_CHARACTERS // 10)
            if found > 0:
                end = found + len(separator)
                break
        yield Span(start, min(end, len(text)))
        start = end


def _in_stretch(
    document: Document,
    stretch: Span,
    cuts: Sequence[int],
    paths: Sequence[str],
    encoder: Encoder,
) -> Iterator[Passage]:
    text = document.text[stretch.start : stretch.end]
    token_starts = [span.start + stretch.start for span in encoder.token_spans(text)]
    budget = encoder.window - _MARGIN - min(CONTEXT_TOKENS, encoder.window // 3)

    def size(start: int, end: int) -> int:
        return bisect_left(token_starts, end) - bisect_left(token_starts, start)

    sentences = [
        Span(start + stretch.start, end + stretch.start) for start, end in sentence_spans(text)
    ]
    pieces: list[Span] = []
    for sentence in _cut_at_boundaries(sentences, cuts, document.text):
        pieces.extend(_fit(document.text, sentence, budget, token_starts))

    pages, headings = document.pages, document.headings
    for place, block in groupby(
        pieces, lambda span: (page_of(pages, span.start), _before(headings, span.start))
    ):
        page, section = place
        heading = paths[section]
        paragraphs = _paragraphs(document.text, list(block))
        for group in chain.from_iterable(_pack(p, size, budget) for p in paragraphs):
            start, end = group[0].start, group[-1].end
            yield Passage(
                id=_identity(document, start, end),
                document=document.name,
                title=document.title,
                text=document.text[start:end],
                start=start,
                end=end,
                page=page,
                heading=heading,
                sentences=tuple(group),
            )


def place_of(passage: Passage, start: int, end: int) -> str:
    """Return where a stretch of a passage stands, as shown."""
    return label(
        passage.places, passage.page, passage.heading, passage.text, (start, end, passage.start)
    )


def place_in(document: Document, start: int, end: int) -> str:
    """Return where a stretch of a document stands, as shown."""
    above = _before(document.headings, start)
    heading = next(islice(_paths(document.headings, document.title), above, None))
    page = page_of(document.pages, start)
    return label(document.places, page, heading, document.text, (start, end, 0))


def _placed(passages: Iterable[Passage], document: Document) -> Iterator[Passage]:
    passages, again = tee(passages)
    found = within(document.places, document.text, ((p.start, p.end) for p in again))
    for passage, places in zip(passages, found, strict=True):
        named = replace(passage, places=places)
        yield replace(named, place=place_of(named, passage.start, passage.end))


def context(passage: Passage, encoder: Encoder) -> str:
    """Return what goes before a passage for the encoder: title and headings, cut to a budget."""
    parts = [passage.title, *passage.heading.split(SEPARATOR)]
    text = "\n".join(dict.fromkeys(part for part in parts if part))
    limit = min(CONTEXT_TOKENS, encoder.window // 3) - 1
    spans = encoder.token_spans(text)
    if len(spans) > limit:
        text = text[: spans[limit - 1].end]
    return text + "\n" if text else ""


SEPARATOR = " › "


def page_of(pages: Sequence[Span], offset: int) -> int | None:
    """Return the number of the page that holds an offset, or None for a document without pages."""
    if not pages:
        return None
    return max(1, _before(pages, offset))


def _before(starting: Sequence[Span | Heading], offset: int) -> int:
    """Count the pages or headings that start at an offset or before it."""
    return bisect_right(starting, offset, key=attrgetter("start"))


def _paths(headings: Sequence[Heading], title: str) -> Iterator[str]:
    """Yield what stands above the first heading, then above the text below each one in turn.

    That are the headings, highest first, without the document's own title.
    """
    yield ""
    path: list[Heading] = []
    for heading in headings:
        while path and path[-1].level >= heading.level:
            path.pop()
        path.append(heading)
        lines = [" ".join(above.text.split()) for above in path]
        yield SEPARATOR.join(line for line in lines if line != title)


def _cut_at_boundaries(sentences: Sequence[Span], cuts: Sequence[int], text: str) -> Iterator[Span]:
    """Cut sentences that run over the start or the end of a heading."""
    for sentence in sentences:
        inside = cuts[bisect_right(cuts, sentence.start) : bisect_left(cuts, sentence.end)]
        edges = [sentence.start, *inside, sentence.end]
        for start, end in pairwise(edges):
            yield from _trimmed(text, start, end)


def _fit(text: str, sentence: Span, budget: int, token_starts: Sequence[int]) -> Iterator[Span]:
    """Split a sentence that is longer than the budget, between words where there are any."""
    start, end = sentence
    while True:
        first = bisect_left(token_starts, start)
        beyond = first + budget
        limit = token_starts[beyond] if beyond < len(token_starts) else end
        limit = min(limit, start + PASSAGE_CHARACTERS)
        if limit >= end:
            yield from _trimmed(text, start, end)
            return
        # A token may start inside a word, or, after odd characters, no further than here.
        cut = max(text.rfind(" ", start + 1, limit), text.rfind("\n", start + 1, limit))
        cut = cut + 1 if cut > start else max(limit, start + 1)
        yield from _trimmed(text, start, cut)
        start = cut


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    if left < right:
        yield Span(left, right)


def _paragraphs(text: str, block: Sequence[Span]) -> Iterator[list[Span]]:
    """Group the sentences of one block by paragraph.

    A short one goes with those after it, and so does one that announces a list.
    """
    group: list[Span] = []
    for sentence in block:
        if group:
            long_enough = group[-1].end - group[0].start >= PARAGRAPH_CHARACTERS
            announces = text[group[-1].end - 1] == ":"
            between = text[group[-1].end : sentence.start]
            if long_enough and not announces and "\n\n" in between:
                yield group
                group = []
        group.append(sentence)
    if group:
        yield group


def _pack(
    sentences: Sequence[Span], size: Callable[[int, int], int], budget: int
) -> Iterator[list[Span]]:
    """Group sentences into passages of about equal length within the limits."""
    start, end = sentences[0].start, sentences[-1].end
    parts = max(-(-(end - start) // PASSAGE_CHARACTERS), -(-size(start, end) // budget))
    target = (end - start) / parts
    group: list[Span] = []
    for sentence in sentences:
        if group:
            start = group[0].start
            short, long = group[-1].end - start, sentence.end - start
            fits = long <= PASSAGE_CHARACTERS and size(start, sentence.end) <= budget
            # Nearer to the target without this sentence than with it.
            if not fits or long - target > target - short:
                yield group
                group = []
        group.append(sentence)
    if group:
        yield group


def _identity(document: Document, start: int, end: int) -> str:
    # Not by its name, which may change while the content does not.
    key = f"{document.checksum}:{start}:{end}"
    return hashlib.sha256(key.encode()).hexdigest()[:24]
