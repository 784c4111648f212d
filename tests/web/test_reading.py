"""What is read of a document: places survive the way through the page, windows hold evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Span, Verdict
from assistant.web.reading import (
    MOST,
    WHOLE,
    Marked,
    Place,
    View,
    earlier,
    evidence,
    later,
    stretches,
    window,
)
from tests.web.samples import answer, citation, document, refusal

LONG = " ".join(f"Sentence number {n} stands here." for n in range(9000))
NUMBER = st.integers(0, 999_999_999)


@given(st.builds(Place, NUMBER, NUMBER, st.sampled_from(View), NUMBER, NUMBER, NUMBER))
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert Place.read(str(place)) == place


@pytest.mark.parametrize("text", ["", "1", "1 1 any 0 0", "1 1 html 0 0 0", "1 -1 any 0 0 0", "١"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert Place.read(text) is None


def test_evidence_is_in_the_order_of_its_documents() -> None:
    notes, other = document("It rained. It snowed."), document("Elsewhere.", "other.md")
    cited = [
        citation(notes, "It snowed.", 1),
        citation(other, "Elsewhere.", 2),
        citation(notes, "It rained.", 3),
    ]
    sentences = [(one.quote, Verdict.SUPPORTED, ()) for one in cited]
    assert [one.mark for one in evidence(answer(sentences, cited))] == [3, 1, 2]


def test_the_evidence_of_a_refusal_is_its_nearest_passages() -> None:
    doc = document("It rained.")
    hit = refusal(doc).hits[0]
    [first, *rest] = evidence(replace(refusal(doc), hits=(hit,) * 5))
    assert (first.mark, first.document, first.quote) == (1, doc.name, doc.text)
    assert len(rest) == 2


def test_a_short_document_is_shown_whole() -> None:
    assert window("It rained.", Span(3, 9), Place(1, 1)) == (0, 10)


def test_a_long_document_is_shown_around_the_evidence_and_grows_on_both_sides() -> None:
    at = Span(LONG.index("Sentence number 4500"), LONG.index(" Sentence number 4501"))
    place = Place(1, 1)
    shown = window(LONG, at, place)
    assert shown.start < at.start
    assert at.end < shown.end
    assert shown.end - shown.start < WHOLE
    before, after = earlier(LONG, shown, place), later(LONG, shown, place)
    assert before is not None
    assert after is not None
    more = window(LONG, at, before)
    assert more.start < shown.start
    assert more.end == shown.end
    more = window(LONG, at, after)
    assert more.start == shown.start
    assert more.end > shown.end


def test_the_whole_document_can_be_reached_and_never_too_much_is_shown() -> None:
    for step, end in ((earlier, 0), (later, len(LONG))):
        shown, place = window(LONG, Span(150_000, 150_010), Place(1, 1)), Place(1, 1)
        for _ in range(100):
            following = step(LONG, shown, place)
            if following is None:
                break
            now = window(LONG, Span(0, 0), following)
            assert now != shown
            assert now.start <= shown.end
            assert shown.start <= now.end
            shown = now
            assert shown.end - shown.start <= MOST
        assert end in shown


@given(NUMBER, NUMBER, st.integers(0, 300_000), st.integers(0, 5000))
def test_whatever_a_page_asks_for_is_within_the_text(
    low: int, high: int, start: int, length: int
) -> None:
    at = Span(min(start, len(LONG)), min(start + length, len(LONG)))
    shown = window(LONG, at, Place(1, 1, View.TEXT, 0, low, high))
    assert 0 <= shown.start <= shown.end <= len(LONG)
    assert shown.end - shown.start <= MOST


SPANS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted)


@given(SPANS, st.lists(SPANS, max_size=5))
def test_the_pieces_are_the_whole_and_each_knows_its_evidence(
    shown: list[int], spans: list[list[int]]
) -> None:
    marked = [Marked(n, start, end) for n, (start, end) in enumerate(spans)]
    pieces = list(stretches(Span(*shown), marked))
    at = shown[0]
    for (low, high), belongs in pieces:
        assert low == at < high
        at = high
        for one in marked:
            # No piece is half inside.
            inside = one.start < high and low < one.end
            assert inside == (one in belongs)
    assert at == shown[1] or not pieces
