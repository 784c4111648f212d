"""PDFs by how they are set: rows with their years, headings by their type, furniture left out."""

from __future__ import annotations

import pytest

from assistant.loading.extracted import Extracted
from assistant.loading.pdf import read_pdf
from assistant.text import sentence_spans
from tests.loading.pdfs import Text, pdf_bytes, set_pdf

PROSE = (
    "The company earned more in every quarter of the year than in the one before it, and said so."
)
Set = Text | tuple[float, float, str, str]


def read(*pages: list[Set]) -> Extracted:
    found = read_pdf(set_pdf(pages))
    for heading in found.headings:
        assert found.text[heading.start :].startswith(heading.text)
    return found


def blocks(*pages: list[Set]) -> list[str]:
    return read(*pages).text.split("\n\n")


def row(bottom: float, label: str, *values: str, right: float = 300) -> list[Set]:
    """Set a row whose values stand below each other, flush right as figures are."""
    cells: list[Set] = [(50, bottom, label)]
    for column, value in enumerate(values):
        cells.append((right + 80 * column - 5 * len(value), bottom, value))
    return cells


def prose(bottom: float, lines: int = 3) -> list[Set]:
    return [(50, bottom - 12 * number, PROSE) for number in range(lines)]


def test_years_stand_beside_their_figures() -> None:
    found = blocks(
        [
            *prose(700),
            *row(640, "(in millions)", "2009", "2010"),
            *row(620, "Net sales", "1,200", "3,400"),
            (50, 600, "Costs:"),
            *row(580, "Wages", "(700)", "(810)"),
            *row(560, "Rent", "30", "-"),
        ]
    )
    assert found[-5:] == [
        "(in millions) | 2009 | 2010",
        "Net sales | 2009: 1,200 | 2010: 3,400",
        "Costs:",
        "Wages | 2009: (700) | 2010: (810)",
        "Rent | 2009: 30 | 2010: -",
    ]


def test_a_head_in_two_rows_and_one_over_several_columns() -> None:
    found = blocks(
        [
            *prose(700),
            (300, 660, "Three months ended"),
            *row(640, "", "May 3, 2009", "May 4, 2010")[1:],
            *row(620, "Net sales", "1,200", "3,400"),
        ]
    )
    assert found[-2:] == [
        "Three months ended May 3, 2009 | Three months ended May 4, 2010",
        "Net sales | 2009: 1,200 | 2010: 3,400",
    ]


def test_an_uncertain_head_is_not_put_beside_figures() -> None:
    found = blocks(
        [
            *prose(700),
            *row(640, "", "2009")[1:],
            *row(620, "Net sales", "1,200", "3,400"),
            *row(600, "Wages", "700", "810"),
        ]
    )
    assert found[-2:] == ["Net sales | 1,200 | 3,400", "Wages | 700 | 810"]


def test_a_sign_of_currency_goes_with_its_amount() -> None:
    cells: list[Set] = [
        (50, 620, "Total"),
        (250, 620, "$"),
        (285, 620, "90"),
        (330, 620, "$"),
        (365, 620, "70"),
    ]
    assert blocks([*prose(700), *cells])[-1] == "Total | $90 | $70"


def test_a_sentence_that_ends_with_a_figure_is_no_row() -> None:
    text = "In the end the company paid for the helicopters 1,200"
    assert blocks([*prose(700), (50, 620, text)])[-1].endswith(text)


def test_a_stretched_line_that_ends_with_a_figure_is_no_row() -> None:
    stretched: list[Set] = [(50, 620, "the company paid for the"), (172, 620, "1,200")]
    assert blocks([*prose(700), *stretched])[-1].endswith("paid for the 1,200")


def test_headings_are_told_by_their_type() -> None:
    found = read(
        [
            (50, 740, "The year in figures", "F3"),
            *prose(700),
            (50, 640, "Wages", "F2"),
            *prose(620),
        ],
        [(50, 740, "The next year", "F3"), *prose(700), (50, 640, "It was said in bold.", "F2")],
    )
    assert [(heading.text, heading.level) for heading in found.headings] == [
        ("The year in figures", 1),
        ("Wages", 2),
        ("The next year", 1),
    ]


def test_a_heading_of_two_lines_is_one() -> None:
    found = read(
        [(50, 740, "The year in figures", "F3"), (50, 722, "and in words", "F3"), *prose(690)]
    )
    assert [heading.text for heading in found.headings] == ["The year in figures and in words"]


def test_what_every_page_repeats_is_kept_once_and_page_numbers_go() -> None:
    pages: list[list[Set]] = [
        [
            (50, 760, "Annual report"),
            *((50, 700 - 12 * n, f"{PROSE} ({number}.{n})") for n in range(4)),
            (300, 20, f"- {number} -"),
        ]
        for number in range(7, 11)
    ]
    found = read(*pages)
    assert found.text.count("Annual report") == 1
    assert "- 8 -" not in found.text
    assert found.text.count(PROSE) == 16


def test_a_number_that_does_not_count_on_is_kept() -> None:
    found = read(*([*prose(700), (300, 20, year)] for year in ("2009", "2011", "2013", "2015")))
    assert "2013" in found.text


def test_a_page_of_nothing_but_its_number_keeps_it() -> None:
    pages = [[*prose(700), (300, 20, str(number))] for number in range(1, 5)]
    pages[1] = [(300, 20, "2")]
    found = read(*pages)
    assert [found.text[a:b] for a, b in found.pages][1] == "2"


def test_columns_of_prose_are_not_taken_for_rows() -> None:
    left: list[Set] = [(50, 700 - 12 * n, "The river rose for nine long days.") for n in range(4)]
    right: list[Set] = [(320, 700 - 12 * n, "Nobody in the town slept at all.") for n in range(4)]
    assert " | " not in read([*left, *right]).text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It was said by the inspector general of the", "Justice Department in a report."),
        ("Every guard reads the meter at night and", "writes down what it shows."),
        ("They came from Vigo, from Porto,", "Lisbon and the islands."),
    ],
)
def test_a_sentence_that_goes_on_over_the_page_is_one(before: str, after: str) -> None:
    found = read_pdf(pdf_bytes([before, after]))
    first, second = found.pages

    assert [found.text[start:end] for start, end in sentence_spans(found.text)] == [
        f"{before}\n{after}"
    ]
    assert (found.text[first.start : first.end], found.text[second.start : second.end]) == (
        before,
        after,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Every guard reads the meter.", "and this is a note in small letters."),
        ("Every guard reads the meter", "Weirs and their guards"),
        ("Meters | 14", "read by the guards"),
        ("Every guard reads the", "(7)"),
    ],
)
def test_a_page_that_begins_anew_is_apart(before: str, after: str) -> None:
    found = read_pdf(pdf_bytes([before, after]))

    assert found.text == f"{before}\n\n{after}"
