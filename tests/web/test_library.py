"""The table of documents: in words, in order, and without live markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.holdings import DocumentInfo
from assistant.places import Receipt, Unit
from assistant.web import library
from assistant.web.library import Order
from tests.web.samples import HOSTILE, assert_inert, visible


def info(name: str = "notes.md", pages: int = 0, blank: tuple[int, ...] = ()) -> DocumentInfo:
    receipt = Receipt(Unit.PAGE, pages, blank=blank) if pages else Receipt()
    notes = (f"{len(blank)} of {pages} pages hold no text",) if blank else ()
    return DocumentInfo(
        name,
        f"Title of {name}",
        "/x/y.md",
        "0",
        10,
        pages,
        1200,
        notes,
        "2026-11-28T10:00:00+00:00",
        "2009-05-01",
        receipt=receipt,
    )


def test_the_table_shows_pages_passages_and_what_was_read() -> None:
    html = library.table([info("a.pdf", 12), info("b.md")])
    assert_inert(html)
    assert "Title of a.pdf" in visible(html)
    assert '<td class="number">12 pages</td><td class="number">1,200</td>' in html
    assert '<td class="number">10 characters</td>' in html
    assert 'data-remove="b.md" aria-label="Remove b.md"' in html
    assert visible(html).count("Read in full") == 2
    assert "Added28 November 2026Changed1 May 2009Fromy.md" in visible(html)


def test_what_was_not_read_is_told() -> None:
    html = library.table([info("a.pdf", 12, blank=(3, 7))])
    assert '<td class="number">10 of 12 pages</td>' in html
    assert "Read in part" in visible(html)
    assert "2 of 12 pages hold no text" in visible(html)


def test_the_size_is_that_of_the_file() -> None:
    here = replace(info(), source=__file__)
    assert "Size" in visible(library.table([here]))
    assert "Size" not in visible(library.table([info()]))


def test_what_is_chosen_is_ticked() -> None:
    html = library.table([info("a.pdf"), info("b.md")], {"b.md"})
    assert html.count(" checked") == 1
    assert 'aria-label="Ask within b.md" checked' in html


def test_a_long_table_is_cut_and_says_so() -> None:
    html = library.table([info(f"{n}.md") for n in range(library.MOST_ROWS + 2)])
    assert html.count("<tr>") == library.MOST_ROWS + 1
    assert "and 2 more documents" in html


@pytest.mark.parametrize(
    ("order", "first"),
    [(Order.NAME, "a"), (Order.NEWEST, "b"), (Order.LONGEST, "c"), (Order.UNREAD, "d")],
)
def test_the_order_can_be_chosen(order: Order, first: str) -> None:
    documents = [
        info("a"),
        replace(info("b"), added="2027-01-01"),
        replace(info("c"), passages=9999),
        info("d", 5, blank=(1,)),
    ]
    names = [one.name for one in library.listed(documents, order=order)]
    assert names[0] == first
    assert sorted(names) == list("abcd")
    assert [n for n in names if n != first] == [n for n in "abcd" if n != first]


def test_documents_are_found_by_all_words_whatever_their_accents() -> None:
    documents = [info("mérida-budget.pdf"), info("merida-army.pdf"), info("budget.pdf")]
    assert [d.name for d in library.listed(documents, "Merida BUDGET")] == ["mérida-budget.pdf"]
    assert library.listed(documents, "penguin") == []


def test_what_is_chosen_stays_in_view() -> None:
    documents = [info("a"), info("b"), info("c")]
    assert [d.name for d in library.listed(documents, "b", chosen={"c"})] == ["c", "b"]


def test_hostile_names_are_shown_and_not_run() -> None:
    hostile = replace(info(HOSTILE, 3), notes=(HOSTILE,), locations=(HOSTILE,), modified=HOSTILE)
    for html in (library.table([hostile], {HOSTILE}),):
        assert_inert(html)
        assert "alert(1)" in visible(html)
