"""A PDF's page is drawn within bounds, and a sentence is found on it where it is set."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assistant.errors import CorruptDocument, LoadError
from assistant.loading import Limits, isolation, parse
from assistant.loading.pdf_pages import LONGEST_SIDE, Box, draw, from_bytes, to_bytes
from assistant.types import Span
from tests.loading.pdfs import pdf_bytes, set_pdf

LINES = [
    (72.0, 700.0, "It rained on Monday. The river rose by a whole"),
    (72.0, 688.0, "metre, and the bridge was closed. Nobody was hurt."),
    (72.0, 600.0, "The river rose by a whole metre."),
]


def boxes_of(data: bytes, quote: str, *, page: int = 1, last: bool = False) -> tuple[Box, ...]:
    """Return the boxes of a quote, read and drawn as the page does it."""
    document = parse(Path("a.pdf"), "a.pdf", data)
    low, high = document.pages[page - 1]
    text = document.text[low:high]
    at = (text.rindex if last else text.index)(quote)
    [boxes] = isolation.draw(data, page, text, [Span(at, at + len(quote))], Limits()).boxes
    return boxes


def points(box: Box) -> tuple[float, float, float, float]:
    """Return a box on a page of 612 × 792 points, counted from its foot."""
    return box.left * 612, (1 - box.bottom) * 792, box.right * 612, (1 - box.top) * 792


def test_a_sentence_over_two_lines_has_a_box_on_each() -> None:
    first, second = map(points, boxes_of(set_pdf([LINES]), "The river rose by a whole\nmetre, and"))
    # After "It rained on Monday. ", on the first line; from its beginning, on the second.
    assert 150 < first[0] < 180
    assert first[1] <= 700 < first[3] < 712
    assert second[0] == pytest.approx(72, abs=2)
    assert second[1] <= 688 < second[3] < 700
    assert second[2] < 150


def test_of_a_sentence_that_stands_twice_the_one_is_found_that_is_meant() -> None:
    [box] = boxes_of(set_pdf([LINES]), "The river rose by a whole", last=True)
    assert points(box)[1] <= 600 < points(box)[3]


def test_a_word_cut_at_the_end_of_a_line_is_found_whole() -> None:
    cut = [
        (72.0, 700.0, "The ambassador criti-"),
        (72.0, 688.0, "cized a critic. He criticized it."),
    ]
    assert len(boxes_of(set_pdf([cut]), "criticized a critic.")) == 2


def test_a_row_of_a_table_is_found_although_it_was_rewritten() -> None:
    table = [
        (left, 700.0 - 14 * row, text)
        for row, cells in enumerate(
            [("Region", "Sales", "Costs"), ("North", "1,200", "900"), ("South", "1,500", "800")]
        )
        for left, text in zip((72.0, 200.0, 330.0), cells, strict=True)
    ]
    data = set_pdf([table])
    document = parse(Path("a.pdf"), "a.pdf", data)
    row = next(line for line in document.text.split("\n") if "South" in line)
    box = points(boxes_of(data, row)[-1])
    assert box[0] == pytest.approx(72, abs=2)
    assert box[1] <= 672 < box[3] < 686
    assert box[2] > 330


def test_a_page_that_is_turned_is_marked_where_it_shows() -> None:
    upright = set_pdf([LINES])
    turned = upright.replace(b"/MediaBox [0 0 612 792]", b"/Rotate 90 /MediaBox [0 0 612 792]")
    [box] = boxes_of(upright, "It rained on Monday.")
    [other] = boxes_of(turned, "It rained on Monday.")
    # A quarter turn clockwise: what was at the left is at the top.
    assert other.top == pytest.approx(box.left, abs=0.01)
    assert other.right == pytest.approx(1 - box.top, abs=0.01)


@pytest.mark.parametrize("size", [b"3 3", b"14400 20", b"20 14400", b"612 792"])
def test_a_picture_is_never_larger_than_the_bound(size: bytes) -> None:
    data = pdf_bytes(["It rained."]).replace(b"612 792", size)
    picture = draw(data, 1, "", [])
    assert max(picture.width, picture.height) <= LONGEST_SIDE + 1
    with Image.open(io.BytesIO(picture.png)) as image:
        assert (image.format, image.size) == ("PNG", (picture.width, picture.height))


def test_what_can_not_be_drawn_is_said() -> None:
    with pytest.raises(LoadError, match="no page 3; it has 2"):
        isolation.draw(pdf_bytes(["One.", "Two."]), 3, "", [], Limits())
    with pytest.raises(CorruptDocument, match="damaged, or no PDF"):
        isolation.draw(b"no pdf", 1, "", [], Limits())


WORDS = st.text(alphabet="ab-1 .", max_size=30)


@given(st.lists(WORDS, min_size=1, max_size=4), WORDS, st.integers(0, 30), st.integers(0, 30))
@settings(max_examples=40)
def test_any_stretch_of_any_text_stays_on_the_page(
    lines: list[str], text: str, one: int, other: int
) -> None:
    data = set_pdf([[(72.0, 700.0 - 14 * n, line) for n, line in enumerate(lines)]])
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    picture = from_bytes(to_bytes(draw(data, 1, text, [Span(start, end), Span(0, 0)])))
    asked, nothing = picture.boxes
    assert nothing == ()
    for box in asked:
        assert 0 <= box.left <= box.right <= 1
        assert 0 <= box.top <= box.bottom <= 1
