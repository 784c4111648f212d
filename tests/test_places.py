"""Where a stretch of a document stands, and what was read of it: exact, stored, and owned up to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import chunking, coverage
from assistant.assistant import Assistant
from assistant.catalog import Catalog
from assistant.loading.extracted import Blocks, from_bytes, to_bytes
from assistant.places import Place, Receipt, Unit, label, within
from assistant.types import Document
from tests.fakes import FakeEncoder
from tests.loading import files
from tests.loading.pdfs import pdf_bytes

words = st.text("ab.?|: ", min_size=1, max_size=30).map(lambda text: " ".join(text.split()) or "x")


@st.composite
def tables(draw: st.DrawFn) -> tuple[Document, dict[int, int]]:
    """Draw a table with gaps between its rows; return where each row begins, and its number."""
    rows = draw(st.lists(words, min_size=1, max_size=12))
    numbers = sorted(draw(st.sets(st.integers(1, 40), min_size=len(rows), max_size=len(rows))))
    blocks = Blocks()
    blocks.add("A heading", level=1)
    begins = {}
    for number, row in zip(numbers, rows, strict=True):
        begins[blocks.next] = number
        blocks.add(row)
    again = Blocks()
    again.add("A heading", level=1)
    again.add_numbered(zip(numbers, rows, strict=True), Unit.ROW)
    found = again.extracted("")
    assert found.text == blocks.extracted("").text
    document = Document("a.csv", "", found.text, "/a", "0", (), found.headings, places=found.places)
    return document, begins


@given(tables())
def test_every_row_is_named_by_its_number(drawn: tuple[Document, dict[int, int]]) -> None:
    document, begins = drawn
    for passage in chunking.split(document, FakeEncoder()):
        for start, number in begins.items():
            if passage.start <= start < passage.end:
                assert chunking.place_of(passage, start, start + 1) == f"row {number}"


@given(st.text("x\n", min_size=1, max_size=60), st.data())
def test_lines_are_counted_from_any_offset(text: str, data: st.DataObject) -> None:
    place = Place(0, len(text), Unit.LINE, 1)
    cut = data.draw(st.integers(0, len(text) - 1))
    ((rest,),) = within((place,), text, [(cut, len(text))])
    assert rest.number == 1 + text.count("\n", 0, cut)
    shown = label((rest,), None, "", text[cut:], (cut, cut + 1, cut))
    last = rest.number + (text[cut] == "\n")
    assert shown in {f"line {rest.number}", f"lines {rest.number}–{last}"}


@pytest.mark.parametrize(
    ("places", "page", "heading", "shown"),
    [
        ((), 12, "Costs", "p. 12"),
        ((), None, "Costs › Year two", "Costs › Year two"),
        ((), None, "", ""),
        ((Place(0, 5, Unit.SLIDE, 4),), 4, "Costs", "slide 4"),
        ((Place(0, 5, Unit.SHEET, 9, "Q3", "A:AB"),), None, "Q3", "Q3!A9:AB9"),
    ],
)
def test_labels(places: tuple[Place, ...], page: int | None, heading: str, shown: str) -> None:
    assert label(places, page, heading, "words", (0, 5, 0)) == shown


def test_what_was_extracted_survives_the_way_between_processes() -> None:
    blocks = Blocks()
    blocks.add("Q3 \ud800", level=1)
    blocks.add_numbered([(1, "a"), (3, "b")], Unit.SHEET, "Q3", "A:C")
    found = blocks.extracted("T", Receipt(Unit.SHEET, 2, blank=(2,), skipped=("a chart",)))
    assert from_bytes(to_bytes(found)) == found


def test_places_and_receipts_are_stored(tmp_path: Path) -> None:
    (tmp_path / "sales.xlsx").write_bytes(files.xlsx_bytes())
    (tmp_path / "scan.pdf").write_bytes(pdf_bytes(["It rained in May.", "", ""]))
    with Assistant.open(tmp_path / "index", encoder=FakeEncoder(window=256)) as assistant:
        assistant.add([tmp_path / "sales.xlsx", tmp_path / "scan.pdf"])
        assert assistant.document("sales.xlsx").places[0] == Place(
            4, 30, Unit.SHEET, 1, "Q3", "A:A"
        )
        sales, scan = assistant.documents()
        assert sales.receipt.units == 2
        assert scan.receipt.blank == (2, 3)
        assert assistant.status().files == (sales, scan)
        hit = assistant.retrieve("South")[0]
        assert hit.passage.place.startswith("Q3!")
        answer = assistant.ask("Which yeast makes the best sourdough pizza?")
        assert answer.refused
        assert answer.reason.endswith("2 of 3 pages in the index could not be read.")
        assert "2 of 2" not in answer.reason


def test_where_all_was_read_nothing_is_said(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "c.sqlite3", create=True)
    assert coverage.unread(catalog) == ""
    catalog.close()
