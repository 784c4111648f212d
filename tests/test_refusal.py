"""Whether the documents hold an answer at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import refusal
from assistant.answering.writing import WITHOUT_MODEL
from assistant.assistant import Assistant
from assistant.settings import Settings
from eval.formats import SETS
from tests.fakes import FakeChatModel, FakeEncoder

TEXT = "The ferry to Elm Island sails at nine. Its captain, Ada Brown, has never missed a tide.\n"


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Assistant]:
    """Return an assistant over one small document, with a model that must not be asked."""
    (tmp_path / "ferry.txt").write_text(TEXT, "utf-8")
    with Assistant.open(
        tmp_path / "index", encoder=FakeEncoder(), chat_model=FakeChatModel(replies=[])
    ) as opened:
        opened.add([tmp_path / "ferry.txt"])
        yield opened


def judged(assistant: Assistant, question: str) -> refusal.Judgement:
    return assistant._judge(assistant._search(question, 8))


def test_without_hits_there_is_no_answer(tmp_path: Path) -> None:
    with Assistant.open(tmp_path / "empty", encoder=FakeEncoder()) as assistant:
        judgement = judged(assistant, "When does the ferry sail?")
    assert judgement.probability == 0.0
    assert not judgement.answerable
    assert judgement.unknown == ("ferry", "sail")


def test_a_question_in_the_documents_words_is_likelier(ferry: Assistant) -> None:
    near = judged(ferry, "When does the ferry to Elm Island sail?")
    far = judged(ferry, "Which glacier melted in Bolivia?")
    assert 0.0 <= far.probability < near.probability <= 1.0
    assert near.answerable
    assert not far.answerable


def test_the_unknown_words_are_those_that_no_hit_holds(ferry: Assistant) -> None:
    assert judged(ferry, "Who missed the ferries?").unknown == ()
    assert judged(ferry, "Who was the bishop of the island?").unknown == ("bishop",)


@pytest.mark.parametrize("question", ["What?", "...", "the of and", "?" * 50])
def test_a_question_that_asks_nothing_is_judged_too(ferry: Assistant, question: str) -> None:
    assert 0.0 <= judged(ferry, question).probability <= 1.0


def test_a_refused_question_is_not_sent_to_the_model(ferry: Assistant) -> None:
    answer = ferry.ask("Which glacier melted in Bolivia?")
    assert answer.refused
    assert (answer.text, answer.claims, answer.citations) == ("", (), ())
    assert answer.model == WITHOUT_MODEL
    assert "glacier" in answer.reason
    assert answer.hits


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Return an assistant over the sample documents."""
    folder: Path = tmp_path_factory.mktemp("samples")
    with Assistant.open("samples", settings=Settings.load(indexes=folder)) as assistant:
        assistant.add([SETS / "merida" / "documents"])
        yield assistant


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "How do you bake sourdough bread?",
        "What is the boiling point of ethanol?",
        "Who won the football world cup in 1998?",
        "Which chess opening did Bobby Fischer prefer?",
        "How does photosynthesis work?",
        "¿Cuál es la capital de Mongolia?",
    ],
)
def test_an_absent_topic_is_refused(samples: Assistant, question: str) -> None:
    answer = samples.ask(question)
    assert answer.refused
    assert answer.reason
    assert answer.citations == ()


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "Who criticized the Mérida Initiative?",
        "How much money did Bush first ask Congress for?",
        "When was the Merida Initiative announced?",
        "What did Carlos Pascual write about intelligence?",
    ],
)
def test_a_question_that_the_documents_answer_is_not(samples: Assistant, question: str) -> None:
    assert not samples.ask(question).refused


def test_a_refusal_proposes_what_to_ask_instead(ferry: Assistant) -> None:
    reason = ferry.ask("Which glacier melted in Bolivia?").reason
    assert reason.endswith("The nearest they have is about: “Ferry”.")
    found = ferry._search("Who painted the captain of the ferry?", 8)
    judgement = refusal.Judgement(0.2, ("painted",), 0.3)
    assert "They do mention “captain”, “ferry”: ask about that alone." in refusal.reason(
        judgement, found, empty=False
    )
