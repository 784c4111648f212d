"""A conversation as a PDF: all that was said in its order, and nothing lost in silence."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import given, settings

from assistant.exchanges import Exchange, Stage, title_of
from assistant.exporting import export
from assistant.types import Verdict
from tests.strategies import nasty_text
from tests.test_exporting import RAIN, TALK, conversation
from tests.web.samples import answer

OWNED_UP = "◊ stands for what this file’s font has no shape for."


def asked(question: str) -> str:
    """Return what a PDF says of a conversation that begins with a question."""
    talk = conversation(Exchange(1, question, RAIN, Stage.DONE), title=title_of(question))
    return read(export(talk, "pdf"))


def read(file: bytes) -> str:
    with pypdfium2.PdfDocument(file) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())


def test_it_has_questions_answers_and_sources() -> None:
    said = read(export(TALK, "pdf"))
    parts = (
        "When did it rain? A conversation of 25 November 2026: 3 questions, answered",
        "It rained on 4 May. [1] Cows swam. [2] (partly supported; not found: “swam”)",
        "Sources [1] Notes (notes <1>.md), p. 2 “It rained on 4 May.”",
        "And fish?",
        "The nearest passages, which do not answer this",
        "No answer was given. The model is away.",
        "Documents cited • Notes (notes <1>.md)",
    )
    places = [said.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    assert OWNED_UP not in said


def test_its_title_and_questions_are_listed_by_a_viewer() -> None:
    with pypdfium2.PdfDocument(export(TALK, "pdf")) as pdf:
        assert pdf.get_metadata_value("Title") == "When did it rain?"
        listed = [entry.get_title() for entry in pdf.get_toc()]
    assert listed == ["When did it rain?", "And fish?", "And then?", "Documents cited"]


def test_a_long_one_goes_on_over_numbered_pages() -> None:
    talk = replace(TALK, exchanges=TALK.exchanges * 12)
    with pypdfium2.PdfDocument(export(talk, "pdf")) as pdf:
        assert len(pdf) > 3
        for number, page in enumerate(pdf, start=1):
            assert page.get_textpage().get_text_range().split()[-1] == str(number)


@pytest.mark.parametrize(
    "question",
    [
        "Żółć, çà et là, ñandú, Việt Nam?",
        "Что такое «Инициатива Мериды»?",
        "Τι είναι η πρωτοβουλία;",
        "x² ≤ 3 → 4 € — “so” {nb}",
        "A" * 400,
    ],
)
def test_letters_of_europe_are_shown(question: str) -> None:
    said = asked(question)
    assert question.replace(" ", "") in said.replace(" ", "")
    assert OWNED_UP not in said


def test_a_letter_in_two_characters_is_one_and_a_ligature_is_its_letters() -> None:
    said = asked("Me\u0301rida, ①\u00a0ﬁ\u2061?")
    assert "Mérida, 1 fi?" in said
    assert OWNED_UP not in said


@pytest.mark.parametrize("question", ["什么是梅里达?", "مبادرة ميريدا", "So 🚀 what?"])
def test_what_has_no_shape_is_owned_up_to(question: str) -> None:
    said = asked(question)
    assert OWNED_UP in said
    assert said.count("◊") > 1


def test_a_sign_that_was_asked_itself_is_no_missing_letter() -> None:
    assert OWNED_UP not in asked("What is ◊?")


@settings(max_examples=20, deadline=None)
@given(nasty_text, nasty_text)
def test_any_text_makes_a_pdf(question: str, text: str) -> None:
    said = answer([(f"- {text}\x0c\ue000\uffff\u00ad", Verdict.SUPPORTED, ())])
    talk = conversation(Exchange(1, question, said, Stage.DONE), title=title_of(question))
    assert read(export(talk, "pdf"))
