"""Rows of tables: which row names the columns, and which column a cell stands in."""

from __future__ import annotations

from pathlib import Path

import docx
import pptx
import pytest
from pptx.util import Inches

from assistant.loading import load
from assistant.loading.tables import Row, by_custom, lines
from tests.loading import files

YEARS = [["Country", "2009", "2010"], ["Peru", "high", "low"], ["Chile", "mid", "none"]]
FIGURES = [["Country", "2009", "2010"], ["Peru", "5", "6"], ["Chile", "7", "8"]]
BARE = [["Peru", "5", "6"], ["Chile", "none", "unknown"], ["Bolivia", "7", "8"]]
NAMED = "Country | 2009 | 2010\n\nCountry: Peru | 2009: high | 2010: low"


def read(tmp_path: Path, name: str, content: bytes | str) -> str:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(path).text


def texts(rows: list[list[str]], *, heads: int = 0, guess: bool = True) -> list[str]:
    numbered = [Row(n, cells, n <= heads) for n, cells in enumerate(rows, start=1)]
    return [text for _, text in lines(numbered, guess=guess)]


def html(rows: list[list[str]]) -> str:
    head = "".join(f"<th>{cell}" for cell in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows[1:])
    return f"<table><tr>{head}{body}</table>"


# -- which row is the head ---------------------------------------------------------------------


def test_a_marked_head_names_its_columns_whatever_it_says() -> None:
    assert texts(YEARS, heads=1)[1:] == [
        "Country: Peru | 2009: high | 2010: low",
        "Country: Chile | 2009: mid | 2010: none",
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", html(YEARS)),
        ("a.csv", "\n".join(",".join(row) for row in YEARS)),
        ("a.tsv", "\n".join("\t".join(row) for row in YEARS)),
        ("a.md", "| Country | 2009 | 2010 |\n|---|---|---|\n| Peru | high | low |\n"),
    ],
)
def test_years_name_columns_of_words(tmp_path: Path, name: str, content: str) -> None:
    assert read(tmp_path, name, content).startswith(NAMED)


def test_years_name_columns_of_figures(tmp_path: Path) -> None:
    assert texts(FIGURES)[1:] == [
        "Country: Peru | 2009: 5 | 2010: 6",
        "Country: Chile | 2009: 7 | 2010: 8",
    ]
    workbook = files.xlsx_bytes({"A": [["Country", 2009, 2010], ["Peru", 5, 6], ["Chile", 7, 8]]})
    assert "Country: Peru | 2009: 5 | 2010: 6" in read(tmp_path, "a.xlsx", workbook)


@pytest.mark.parametrize(
    "rows",
    [
        BARE,
        [["Peru", "2009", "high"], ["Chile", "2010", "low"], ["Bolivia", "2011", "mid"]],
        [["2009", "2010"], ["2011", "2012"], ["2013", "2014"]],
        [["5", "6", "7"], ["north", "south", "west"], ["1", "2", "3"]],
    ],
)
def test_rows_of_values_name_nothing(rows: list[list[str]]) -> None:
    assert texts(rows) == [" | ".join(row) for row in rows]


def test_a_row_of_values_in_a_file_of_rows_names_nothing(tmp_path: Path) -> None:
    content = "\n".join(",".join(row) for row in BARE)
    assert read(tmp_path, "a.csv", content).split("\n\n") == [" | ".join(row) for row in BARE]


def test_a_slides_table_may_just_look_as_if_it_had_a_head(tmp_path: Path) -> None:
    # Programs mark the first row of every new table.
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    for at, rows in enumerate((BARE, YEARS)):
        place = Inches(1), Inches(1 + 3 * at), Inches(5), Inches(2)
        table = slide.shapes.add_table(3, 3, *place).table
        for row, values in zip(table.rows, rows, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    show.save(str(tmp_path / "a.pptx"))
    text = load(tmp_path / "a.pptx").text
    assert "Peru | 5 | 6\n\nChile | none | unknown" in text
    assert "Country: Peru | 2009: high" in text


def test_a_title_above_is_no_head(tmp_path: Path) -> None:
    titled = [["Casualties"], *YEARS]
    assert texts(titled, heads=2)[2] == "Country: Peru | 2009: high | 2010: low"
    assert texts(titled, guess=False)[2] == "Peru | high | low"
    page = "<table><tr><th colspan=2>Dead<tr><td>Peru<td>no<tr><td>Chile<td>some</table>"
    assert read(tmp_path, "a.html", page) == "Dead\n\nPeru | no\n\nChile | some"


def test_a_head_of_two_rows_is_read_as_one() -> None:
    rows = [["Region", "Dead", "Dead"], ["Region", "2009", "2010"], ["North", "5", "6"]]
    assert texts(rows, heads=2)[2] == "Region: North | Dead 2009: 5 | Dead 2010: 6"


def test_a_head_is_said_again_where_it_changes() -> None:
    rows = [Row(1, ["a", "b"], True), Row(2, ["1", "2"]), Row(3, ["c", "d"], True)]
    found = [text for _, text in lines([*rows, Row(4, ["3", "4"])])]
    assert found == ["a | b", "a: 1 | b: 2", "c | d", "c: 3 | d: 4"]


def test_names_too_long_for_a_column_are_not_said_with_each_row() -> None:
    assert texts([["a" * 100, "b"], ["1", "2"]], heads=1)[1] == "1 | 2"


def test_a_custom_is_no_more_than_that() -> None:
    assert [
        row.head for row in by_custom([Row(1, [""]), Row(2, ["a", "b"]), Row(3, ["x", "y"])])
    ] == [
        False,
        True,
        False,
    ]
    assert not any(row.head for row in by_custom([Row(1, ["a", "5"]), Row(2, ["x", "6"])]))
    assert not any(row.head for row in by_custom([Row(1, ["only"]), Row(2, ["one"])]))


# -- which column a cell stands in -------------------------------------------------------------

HEAD = "<tr><th>Region<th>Year<th>Dead"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("<tr><td colspan=2>unknown<td>6", ["Region: unknown | Dead: 6"]),
        (
            "<tr><td rowspan=2>North<td>2009<td>5<tr><td>2010<td>6<tr><td>South<td>2009<td>7",
            [
                "Region: North | Year: 2009 | Dead: 5",
                "Region: North | Year: 2010 | Dead: 6",
                "Region: South | Year: 2009 | Dead: 7",
            ],
        ),
        (
            "<tr><td>North<td rowspan=2>2009<td>5<tr><td>South<td>6",
            ["Region: North | Year: 2009 | Dead: 5", "Region: South | Year: 2009 | Dead: 6"],
        ),
        (
            "<tbody><tr><td rowspan=9>North<td>2009<td>5<tbody><tr><td>South<td>2010<td>6",
            ["Region: North | Year: 2009 | Dead: 5", "Region: South | Year: 2010 | Dead: 6"],
        ),
        (
            "<tr><td colspan=x rowspan=-3>North<td>2009<td>5",
            ["Region: North | Year: 2009 | Dead: 5"],
        ),
        (
            "<tr><td colspan=99999999 rowspan=99999999>all<tr><td>x",
            ["Region: all", "Region: all | x"],
        ),
        ("<tr><td rowspan=3>all", ["Region: all"]),
    ],
)
def test_cells_that_span(tmp_path: Path, rows: str, expected: list[str]) -> None:
    text = read(tmp_path, "a.html", f"<table>{HEAD}{rows}</table>")
    assert text.split("\n\n") == ["Region | Year | Dead", *expected]


def test_a_head_that_spans(tmp_path: Path) -> None:
    page = (
        "<table><tr><th rowspan=2>Region<th colspan=2>Dead<tr><th>2009<th>2010"
        "<tr><td>North<td>5<td>6</table>"
    )
    assert read(tmp_path, "a.html", page).split("\n\n")[2] == (
        "Region: North | Dead 2009: 5 | Dead 2010: 6"
    )
    page = "<table><tr><td><th>2009<th>2010<tr><th>North<td>5<td>6</table>"
    assert read(tmp_path, "a.html", page) == "| 2009 | 2010\n\nNorth | 2009: 5 | 2010: 6"


def test_what_spans_is_not_multiplied_without_bound(tmp_path: Path) -> None:
    page = f"<table><tr><td rowspan=9999>{'rain ' * 2000}<td>a" + "<tr><td>b" * 5000 + "</table>"
    assert len(read(tmp_path, "a.html", page)) < 3 * len(page)
    page = "<table>" + "<tr><td colspan=1000 rowspan=1000>a<td>b" * 2000 + "</table>"
    assert len(read(tmp_path, "b.html", page)) < 20 * len(page)


def test_a_cell_over_two_columns_of_a_word_file(tmp_path: Path) -> None:
    file = docx.Document()
    table = file.add_table(rows=3, cols=3)
    rows = [["Region", "Year", "Dead"], ["unknown", "", "6"], ["North", "2009", "5"]]
    for row, values in zip(table.rows, rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    table.cell(1, 0).merge(table.cell(1, 1))
    file.save(str(tmp_path / "t.docx"))
    assert load(tmp_path / "t.docx").text.split("\n\n")[1:] == [
        "Region: unknown | Dead: 6",
        "Region: North | Year: 2009 | Dead: 5",
    ]


# -- what parts the values ---------------------------------------------------------------------


def test_tabs_part_the_values_of_a_tsv(tmp_path: Path) -> None:
    content = "Name, first\tNote\nDiaz, Ana\tfell\nSoto, Ben\tfled\n"
    assert read(tmp_path, "a.tsv", content).split("\n\n")[1:] == [
        "Name, first: Diaz, Ana | Note: fell",
        "Name, first: Soto, Ben | Note: fled",
    ]
