"""The panel shows each cited passage in its place, with exactly the evidence marked."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import DocumentNotFound
from assistant.types import Document, Heading, Hit, Passage, Verdict
from assistant.web.passages import surroundings
from assistant.web.sources import panel, section
from tests.web.samples import HOSTILE, answer, assert_inert, citation, document, refusal, visible

LONG = " ".join(f"Sentence number {n} stands here." for n in range(200))


def test_evidence_is_marked_in_its_surroundings() -> None:
    doc = document(LONG)
    quote = "Sentence number 100 stands here."
    given_answer = answer([("Yes.", Verdict.SUPPORTED, ())], [citation(doc, quote, page=4)])
    html = section(given_answer, 2, lambda name: doc)
    assert re.findall(r"<mark>(.*?)</mark>", html) == [quote]
    shown = visible(html)
    assert "Sentence number 99 stands here. Sentence number 100" in shown
    assert "Sentence number 40 " not in shown
    assert "notes.md · p. 4" in shown
    assert "1 passage from 1 document" in shown
    assert 'id="source-2-1"' in html
    assert 'data-back="mark-2-1"' in html
    # Cut where sentences begin and end.
    assert re.search(r"… Sentence number \d+ stands", shown)
    assert re.search(r"stands here\. …", shown)


def test_surroundings_end_with_the_text() -> None:
    assert surroundings("One. Two. Three.", 5, 9) == (0, 16)


@given(
    st.text(alphabet=st.sampled_from("ab. \n\u00e9\u2028"), max_size=400),
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(1, 90),
)
def test_surroundings_hold_the_evidence(text: str, one: int, other: int, reach: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    low, high = surroundings(text, start, end, reach)
    assert max(0, start - reach) <= low <= start
    assert end <= high <= min(len(text), end + reach)


def test_lines_within_a_paragraph_are_joined_and_lists_kept() -> None:
    doc = document("A line\nthat goes on.\n\n- one\n- two\n\nEnd. Said.")
    given_answer = answer([("Said.", Verdict.SUPPORTED, ())], [citation(doc, "Said.")])
    assert "A line that goes on.\n\n- one\n- two\n\nEnd. Said." in visible(
        section(given_answer, 1, lambda name: doc)
    )


def test_headings_are_set_off_and_none_dangles_at_the_end() -> None:
    text = f"Rain\n\nIt rained. {LONG[:500]}\n\nSnow\n\n{LONG}"
    headings = (Heading("Rain", 1, 0), Heading("Snow", 1, text.index("Snow")))
    doc = replace(document(text), headings=headings)
    given_answer = answer([("Rain.", Verdict.SUPPORTED, ())], [citation(doc, "It rained.")])
    assert "<b>Rain</b>\n\n<mark>" in section(given_answer, 1, lambda name: doc)
    assert "<b>Snow</b>\n\nSentence" in section(given_answer, 1, lambda name: doc)
    cut = f"Rain\n\nIt rained. {'It rained on. ' * 42}\n\nSnow\n\n{LONG}"
    doc = replace(document(cut), headings=(Heading("Snow", 1, cut.index("Snow")),))
    assert surroundings(cut, 6, 16).end > cut.index("Snow")
    assert "It rained on. …" in section(given_answer, 1, lambda name: doc)


def test_a_document_that_changed_shows_what_was_quoted() -> None:
    doc = document("It rained.")
    given_answer = answer([("Rain.", Verdict.SUPPORTED, ())], [citation(doc, "It rained.")])
    html = section(given_answer, 1, lambda name: document("It never rained."))
    assert "<mark>It rained.</mark>" in html
    assert "changed or removed" in html


def test_a_removed_document_shows_what_was_quoted() -> None:
    def gone(name: str) -> Document:
        raise DocumentNotFound(name)

    given_answer = answer(
        [("Rain.", Verdict.SUPPORTED, ())], [citation(document("It rained."), "It rained.")]
    )
    assert "<mark>It rained.</mark>" in section(given_answer, 1, gone)


def test_nearest_passages_of_a_refusal_carry_no_mark() -> None:
    html = section(refusal(document("It rained.")), 1, document)
    assert "They are not an answer." in html
    assert "It rained." in html
    assert "<mark>" not in html
    assert "data-back" not in html


def test_hostile_documents_are_shown_and_not_run() -> None:
    doc = document(HOSTILE, name=f"{HOSTILE}.txt", title=HOSTILE)
    quote = "[y](javascript:alert(2))"
    given_answer = answer([("Yes.", Verdict.SUPPORTED, ())], [citation(doc, quote)])
    for html in (section(given_answer, 1, lambda name: doc), section(refusal(doc), 1, document)):
        assert_inert(html)
        assert "<script>alert(1)</script>" in visible(html)
        assert "\u202e" not in html


def test_an_empty_panel_says_what_it_is_for() -> None:
    assert "numbered marks" in panel([])
    assert "numbered marks" in panel([""])
    assert panel(["", "<section></section>"]) == "<section></section>"


def test_other_documents_that_say_the_same_are_named() -> None:
    doc = document("The heron waits. It is dawn.")
    twin = Passage("2", "<b>copy</b>.md", "Copy", doc.text, 0, len(doc.text), None, "", ())
    own = Passage("1", doc.name, doc.title, doc.text, 0, len(doc.text), None, "", ())
    cited = citation(doc, "The heron waits.")
    given = answer([("The heron waits.", Verdict.SUPPORTED, ())], [cited])
    alone = section(replace(given, hits=(Hit(own, 0.5, ()),)), 1, lambda _: doc)
    several = section(replace(given, hits=(Hit(own, 0.5, (), (twin, twin)),)), 1, lambda _: doc)
    assert "The same in" not in alone
    assert "The same in <b>copy</b>.md" in visible(several)
    assert_inert(several)
