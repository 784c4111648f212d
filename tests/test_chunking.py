"""Document → passages: exact offsets, whole sentences, nothing lost."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant import chunking
from assistant.types import Document, Heading, Passage, Span
from tests.fakes import FakeEncoder
from tests.strategies import nasty_text


def document(text: str, **more: object) -> Document:
    return Document("a.txt", "A title", text, "/a.txt", "0" * 64, **more)  # type: ignore[arg-type]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a document with pages and headings at random places."""
    texts = draw(st.lists(nasty_text, min_size=1, max_size=4))
    pages, position = [], 0
    for text in texts:
        pages.append(Span(position, position + len(text)))
        position += len(text) + 2
    whole = "\n\n".join(texts)
    offsets = draw(st.lists(st.integers(0, max(len(whole) - 1, 0)), max_size=4, unique=True))
    headings = tuple(
        Heading(whole[o : o + 5], draw(st.integers(1, 3)), o) for o in sorted(offsets) if whole
    )
    return document(whole, pages=tuple(pages) if draw(st.booleans()) else (), headings=headings)


@given(documents())
def test_offsets_are_exact_and_nothing_is_lost(doc: Document) -> None:
    encoder = FakeEncoder()
    passages = chunking.split(doc, encoder)
    covered: set[int] = set()
    for passage in passages:
        assert doc.text[passage.start : passage.end] == passage.text
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        for start, end in passage.sentences:
            assert doc.text[start:end].strip() == doc.text[start:end] != ""
            covered.update(range(start, end))
    assert all(doc.text[i].isspace() for i in range(len(doc.text)) if i not in covered)
    assert len({passage.id for passage in passages}) == len(passages)


@given(documents())
def test_every_sentence_of_a_passage_starts_on_its_page(doc: Document) -> None:
    for passage in chunking.split(doc, FakeEncoder()):
        for start, _ in passage.sentences:
            expected = bisect_right([page.start for page in doc.pages], start) or None
            assert passage.page == expected


@given(documents(), st.integers(24, 128))
def test_a_passage_and_its_context_fit_the_window(doc: Document, window: int) -> None:
    encoder = FakeEncoder(window=window)
    for passage in chunking.split(doc, encoder):
        text = chunking.context(passage, encoder) + passage.text
        assert encoder.count_tokens(text) <= window - 2
        assert len(passage.text) <= chunking.PASSAGE_CHARACTERS


def split(text: str, window: int = 256) -> list[Passage]:
    return chunking.split(document(text), FakeEncoder(window=window))


def test_a_long_paragraph_is_cut_into_passages_of_about_equal_length() -> None:
    passages = split(" ".join(f"This is sentence number {n} of many." for n in range(60)))
    lengths = [len(passage.text) for passage in passages]
    assert len(passages) > 1
    assert max(lengths) < 1.3 * min(lengths)


def test_long_paragraphs_are_passages_of_their_own() -> None:
    one, other = "One sentence of some length. " * 9, "Another one, as long as that. " * 9
    assert [p.text for p in split(f"{one}\n\n{other}")] == [one.strip(), other.strip()]


def test_short_paragraphs_share_a_passage() -> None:
    assert len(split("First.\n\nSecond.\n\nThird.")) == 1


def test_a_sentence_beyond_the_window_is_split_between_words() -> None:
    text = "word " * 400
    passages = split(text, window=64)
    assert len(passages) > 5
    assert all(set(passage.text.split()) == {"word"} for passage in passages)
    assert sum(len(passage.text.split()) for passage in passages) == 400


def test_headings_are_context_and_not_text() -> None:
    text = "Costs\n\nThey rose.\n\nYear two\n\nThey fell."
    headings = (Heading("Costs", 1, 0), Heading("Year two", 2, text.index("Year")))
    passages = chunking.split(document(text, headings=headings), FakeEncoder())
    assert [p.heading for p in passages] == ["Costs", "Costs › Year two"]
    before = chunking.context(passages[1], FakeEncoder())
    assert before == "A title\nCosts\nYear two\n"


def test_an_empty_document_has_no_passages() -> None:
    assert split(" \n\n \t") == []


class Walked(tuple[Any, ...]):
    """A tuple that counts how many of its items are handed out."""

    handed = 0

    def __iter__(self) -> Iterator[Any]:
        for item in super().__iter__():
            type(self).handed += 1
            yield item

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        type(self).handed += len(found) if isinstance(key, slice) else 1
        return found


def test_pages_and_headings_are_not_walked_for_each_sentence() -> None:
    text = "\n\n".join(f"Part {n}\n\nIt rained {n} times." for n in range(400))
    starts = [match.start() for match in re.finditer("Part", text)]
    pages = Walked(Span(a, b) for a, b in pairwise([*starts, len(text)]))
    headings = Walked(Heading("Part", 1 + n % 5, start) for n, start in enumerate(starts))
    Walked.handed = 0
    passages = chunking.split(document(text, pages=pages, headings=headings), FakeEncoder())
    assert passages[-1].page == 400
    assert passages[4].heading == "Part › Part › Part › Part › Part"
    assert Walked.handed < 100 * len(starts)
