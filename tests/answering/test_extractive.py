"""Answers made of the documents' own sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.answering import extractive
from assistant.answering.candidates import Candidate, shown, whole_question
from assistant.answering.writing import WITHOUT_MODEL
from assistant.assistant import Assistant
from assistant.references import leaves_open
from assistant.types import Answer, Passage, Span, Turn, Verdict
from tests.fakes import FakeEncoder

FILES = {
    "mill.md": "# The mill\n\nThe old mill burned down in 1904. Nobody was hurt.\n\nIt was rebuilt "
    "by Clara Stone. She gave it a tower of red brick [3].\n",
    "letters.txt": "Letters about the mill\n\nTom Reed criticized the tower as a waste of money. "
    "Who would climb it?\n\nMary Hill criticized the tower too: it darkened her kitchen.\n",
    "copy.txt": "Somebody copied this.\n\nTom Reed criticized the tower as a waste of money.\n",
}


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Assistant]:
    """Return an assistant over three small files."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    opened = Assistant.open(tmp_path / "index", encoder=FakeEncoder(dimensions=256))
    opened.add([tmp_path / name for name in FILES])
    yield opened
    opened.close()


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def test_the_sentence_that_answers_comes_first(mill: Assistant) -> None:
    answer = mill.ask("When did the old mill burn down?")
    assert answer.text.startswith("The old mill burned down in 1904. [1]")
    assert answer.model == WITHOUT_MODEL
    assert not answer.refused


def test_every_sentence_is_a_checked_quotation(mill: Assistant) -> None:
    answer = mill.ask("Who criticized the tower of the mill?")
    assert len(answer.claims) == len(answer.citations) > 1
    for citation in answer.citations:
        text = mill.document(citation.document).text
        assert text[citation.start : citation.end] == citation.quote
    for claim in answer.claims:
        assert claim.verdict is Verdict.SUPPORTED
        assert answer.text[claim.start : claim.end] == claim.text


def test_all_voices_are_heard_and_none_twice(mill: Assistant) -> None:
    found = quotes(mill.ask("Who criticized the tower?"))
    assert sum("Tom Reed" in quote for quote in found) == 1
    assert any("Mary Hill" in quote for quote in found)


def test_an_open_reference_brings_the_sentence_that_names_it(mill: Assistant) -> None:
    found = quotes(mill.ask("Who gave the mill a tower of red brick?"))
    assert any("Clara Stone" in quote and "red brick" in quote for quote in found)


def test_a_question_in_a_document_is_no_answer(mill: Assistant) -> None:
    assert (
        "Who would climb it?" not in quotes(mill.ask("Who would climb the tower of the mill?"))[:1]
    )


def test_a_list_is_given_with_the_sentence_that_announces_it(tmp_path: Path) -> None:
    lead = "The pact of Elm Street, which the whole town signed in the hall on a cold day, says:"
    text = f"{lead}\n\n- no cars;\n\n- no dogs;\n\n- no noise.\n\nThen everybody went home again."
    (tmp_path / "pact.md").write_text(text, "utf-8")
    with Assistant.open(tmp_path / "pact", encoder=FakeEncoder(dimensions=256)) as assistant:
        assistant.add([tmp_path / "pact.md"])
        answer = assistant.ask("What does the pact of Elm Street that the town signed say?")
    assert answer.text.startswith(f"{lead} no cars; no dogs; no noise. [1]")
    assert answer.citations[0].quote == text[: text.index("\n\nThen")]


def test_who_names_nobody_is_no_voice_where_it_is_asked_who_did_something(tmp_path: Path) -> None:
    (tmp_path / "tower.md").write_text(
        "Tom Reed criticized the tower of the mill.\n\n"
        "Those who criticized the tower of the mill were many and loud in those days.\n\n"
        "Mary Hill criticized the tower of the mill, which darkens her kitchen.\n",
        "utf-8",
    )
    with Assistant.open(tmp_path / "tower", encoder=FakeEncoder(dimensions=256)) as assistant:
        assistant.add([tmp_path / "tower.md"])
        found = assistant.ask("Who criticized the tower of the mill?").text
    assert "Tom Reed" in found
    assert "Mary Hill" in found
    assert "Those who" not in found


def test_he_is_whom_the_sentence_before_names(tmp_path: Path) -> None:
    (tmp_path / "mill.md").write_text(
        "Tom Reed guards the mill. In May 1904 he refused a new wheel.\n\n"
        "Nobody can do what Tom Reed did for years.\n",
        "utf-8",
    )
    with Assistant.open(tmp_path / "index", encoder=FakeEncoder(dimensions=256)) as assistant:
        assistant.add([tmp_path / "mill.md"])
        answer = assistant.ask("What did Tom Reed do in May 1904?")
    assert answer.claims[0].text == "Tom Reed guards the mill. In May 1904 he refused a new wheel."


HELP = """# Help

## Who can see my files?

Only those you invite. Our engineers see names and sizes of files, never what is in them.

## Why is my invoice late?

Our bank sends statements on the fifth. We bill two days later.

## The rules

Three rules hold for all who come: no noise, no fire, and no dogs.

## News

Invoices were late in April because a server failed. Robots can see files of guests now.
Ada Brown wrote the rules herself.
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Assistant]:
    """Return an assistant over the questions and answers of a help page."""
    (tmp_path / "help.md").write_text(HELP, "utf-8")
    with Assistant.open(tmp_path / "desk", encoder=FakeEncoder(dimensions=256)) as assistant:
        assistant.add([tmp_path / "help.md"])
        yield assistant


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who can see my files?", ["Only those you invite.", "Our engineers see"]),
        ("Why is my invoice late?", ["Our bank sends statements", "We bill two days later."]),
    ],
)
def test_what_stands_below_a_heading_that_asks_the_same_answers(
    desk: Assistant, question: str, told: list[str]
) -> None:
    found = desk.ask(question).claims
    assert [claim.text.startswith(start) for claim, start in zip(found, told, strict=False)] == [
        True,
        True,
    ]


def test_what_is_listed_below_the_heading_that_names_it_leads(desk: Assistant) -> None:
    answer = desk.ask("List the rules that Ada Brown wrote")
    assert answer.claims[0].text.startswith("Three rules hold for all who come:")
    assert answer.claims[1].text == "Ada Brown wrote the rules herself."


def test_why_goes_on_from_what_was_told(tmp_path: Path) -> None:
    text = (
        "Clara Stone gave the mill a tower of red brick. Red brick was cheap in that year. Nobody "
        "else in town built towers.\n"
    )
    (tmp_path / "tower.md").write_text(text, "utf-8")
    asked = "What did Clara Stone give the mill?"
    with Assistant.open(tmp_path / "tower", encoder=FakeEncoder(dimensions=256)) as assistant:
        assistant.add([tmp_path / "tower.md"])
        told = "Clara Stone gave the mill a tower of red brick. [1]"
        again = assistant.ask("Why?", [Turn("user", asked), Turn("assistant", told)])
    assert again.standalone == f"{asked} Why?"
    assert again.claims[0].text == "Red brick was cheap in that year."


def test_a_follow_up_asks_for_what_the_question_before_did() -> None:
    before = "How much was it worth?"
    assert whole_question("and in 2010?", f"{before} and in 2010?") == f"{before} and in 2010?"
    assert whole_question("who?", "When was it made? who?") == "who?"
    assert whole_question("Who made it?", "Who made it? (Elm Mill)") == "Who made it? (Elm Mill)"


def test_a_footnote_of_the_source_is_no_mark(mill: Assistant) -> None:
    answer = mill.ask("Who gave the mill a tower of red brick?")
    assert "[3]" not in answer.text
    assert any("[3]" in quote for quote in quotes(answer))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He left in May.", True),
        ("In hindsight, he told the Americans, it was wrong.", True),
        ("This was too little.", True),
        ("Clara Stone said she was sorry.", False),
        ("In May, Stone said she was sorry.", False),
        ("The mill burned.", False),
    ],
)
def test_sentences_that_leave_open_whom_they_speak_of(sentence: str, expected: bool) -> None:
    assert leaves_open(sentence) is expected


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("- A point\n  over two lines", "A point over two lines"),
        ("3. Third", "Third"),
        ("Two points:\n\n- one;\n\n- two.", "Two points: one; two."),
        ("Known since 1990.[12][13]", "Known since 1990."),
        ("In 1931 it rained.", "In 1931 it rained."),
    ],
)
def test_how_a_quote_is_shown(quote: str, expected: str) -> None:
    assert shown(quote) == expected


def candidate(text: str, strength: float) -> Candidate:
    passage = Passage(text, "a.txt", "", text, 0, len(text), None, "", ())
    vector = np.zeros(2, np.float32)
    return Candidate(passage, Span(0, len(text)), text, text, vector, strength, 1.0)


@pytest.mark.parametrize(
    ("question", "strength", "leads"),
    [
        ("When was it announced?", 0.95, "Two ministers announced it in 1911."),
        ("When was it announced?", 0.85, "Presidents announced it, but lawyers shaped it."),
        ("What were its parts?", 0.95, "It had two parts: one of stone, and one of brick."),
        ("How much was it worth?", 0.95, "Its makers were paid £40 for it."),
        ("How many were its makers?", 0.95, "Two ministers announced it in 1911."),
        ("Was it announced?", 0.95, "Presidents announced it, but lawyers shaped it."),
    ],
)
def test_what_has_the_date_that_is_asked_for_leads_if_it_is_nearly_as_strong(
    question: str, strength: float, leads: str
) -> None:
    given = [
        candidate("Presidents announced it, but lawyers shaped it.", 1.0),
        candidate("Nobody announced anything.", 0.97),
        candidate("Two ministers announced it in 1911.", strength),
        candidate("It had two parts: one of stone, and one of brick.", strength),
        candidate("Its makers were paid £40 for it.", strength),
    ]
    found = extractive.led(question, given)
    assert found[0].text == leads
    assert sorted(one.text for one in found) == sorted(one.text for one in given)
