"""Answers become HTML in which marks and verdicts are live, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import Verdict
from assistant.web.prose import prose
from tests.web.samples import HOSTILE, answer, assert_inert, citation, document, visible

NOTES = document("It rained on Monday. The river rose. Nobody was hurt.")
MONDAY = citation(NOTES, "It rained on Monday.", 1, page=3)
RIVER = citation(NOTES, "The river rose.", 2)


def test_a_mark_is_a_button_that_names_its_source() -> None:
    html = prose(answer([("It rained.", Verdict.SUPPORTED, ())], [MONDAY]), 7, literal=True)
    assert 'id="mark-7-1"' in html
    assert 'data-source="source-7-1"' in html
    assert 'aria-label="Source 1: Notes, p. 3"' in html
    assert 'data-quote="It rained on Monday."' in html
    assert visible(html).split() == ["It", "rained.", "[1]"]


def test_a_mark_without_a_citation_stays_text() -> None:
    html = prose(answer([("See [4] and [0].", Verdict.SUPPORTED, ())], [MONDAY]), 1, literal=True)
    assert html.count("<button") == 1
    assert "See [4] and [0]." in visible(html)


def test_supported_claims_look_plain_and_others_say_why() -> None:
    given_answer = answer(
        [
            ("It rained.", Verdict.SUPPORTED, ()),
            ("The river rose by two metres.", Verdict.PARTLY, ("two", "metres")),
            ("Cows drowned.", Verdict.UNSUPPORTED, ()),
        ],
        [MONDAY, RIVER],
        model="openai:x",
    )
    html = prose(given_answer, 1, literal=False)
    assert re.findall(r'class="claim (\w+)" data-quote="[^"]+">([^<]*)<', html) == [
        ("partly", "The river rose by two metres."),
        ("unsupported", "Cows drowned."),
    ]
    assert "They don&#x27;t mention “two”, “metres”." in html
    assert "No cited passage says this." in html
    # The verdict stands after the mark of its own claim.
    assert html.index('id="mark-1-2"') < html.index("partly supported") < html.index("Cows")


def test_emphasis_and_lists_of_a_model_are_rendered() -> None:
    text = "**It rained.**"
    items = "- The *river* rose."
    given_answer = answer(
        [(text, Verdict.SUPPORTED, ()), (items, Verdict.PARTLY, ())],
        [MONDAY, RIVER],
        separator="\n\n",
        model="openai:x",
    )
    html = prose(given_answer, 1, literal=False)
    assert "<strong>It rained.</strong>" in html
    assert "<li>" in html
    assert '<em><span class="claim partly" data-quote="The cited passages say only part' in html
    assert_inert(html)


def test_what_a_document_says_is_not_taken_for_markdown() -> None:
    sentence = "1. *Stars* and _lines_ # <b>stay</b> `here`."
    html = prose(answer([(sentence, Verdict.SUPPORTED, ())]), 1, literal=True)
    assert visible(html).strip() == sentence
    assert_inert(html)


def test_the_lines_of_an_extract_are_a_list() -> None:
    lines = [("First.", Verdict.SUPPORTED, ()), ("Second.", Verdict.SUPPORTED, ())]
    html = prose(answer(lines, separator="\n\n- "), 1, literal=True)
    assert "<p>First.</p>" in html
    assert "<li>Second.</li>" in html


@pytest.mark.parametrize("literal", [True, False])
def test_hostile_text_is_shown_and_not_run(literal: bool) -> None:
    doc = document(HOSTILE, title=HOSTILE)
    given_answer = answer([(HOSTILE, Verdict.PARTLY, (HOSTILE,))], [citation(doc, HOSTILE)])
    html = prose(given_answer, 1, literal=literal)
    assert_inert(html)
    assert "<script>alert(1)</script>" in visible(html)
    assert "![x](http://evil.example/a.png)" in visible(html)
    assert "\u202e" not in html


NASTY = st.sampled_from("ab1 \n.*_`~#->[]()!<>&\"'|\\\U00012470\U00012473")


@given(
    st.text(NASTY, max_size=80),
    st.booleans(),
    st.integers(0, 80),
    st.integers(0, 80),
)
def test_any_text_becomes_inert_html(text: str, literal: bool, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    claims = [(text[:start], Verdict.SUPPORTED, ()), (text[start:end], Verdict.PARTLY, ("x",))]
    html = prose(answer(claims, [MONDAY], separator=text[end:]), 1, literal=literal)
    assert_inert(html)
    assert html.count('id="mark-1-1"') == min(html.count("Source 1:"), 1)


@given(st.text(alphabet=st.sampled_from("ab1 .*_`#->[]()!<&"), max_size=60))
def test_a_literal_text_keeps_every_character(text: str) -> None:
    html = prose(answer([(f"x{text}x", Verdict.SUPPORTED, ())]), 1, literal=True)
    assert visible(html).strip() == f"x{text}x"
