"""The real model on the sample documents: floors below which quality must not fall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings
from eval.asking import ask
from eval.formats import SETS, load_set
from eval.measures import figures
from eval.scoring import score

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Return an assistant over the sample documents."""
    folder: Path = tmp_path_factory.mktemp("samples")
    settings = Settings.load(indexes=folder)
    with Assistant.open("samples", settings=settings) as assistant:
        assistant.add([SETS / "merida" / "documents"])
        yield assistant


def test_the_question_set(samples: Assistant) -> None:
    asked = load_set("merida").questions
    scored = [score(question, ask(question, samples)) for question in asked]
    found = {figure.measure.name: figure.value for figure in figures(scored)}
    assert found["inexact_quotes"] == 0.0
    assert found["failed"] == 0.0
    assert found["hit@1"] >= 0.72
    assert found["hit@10"] >= 0.95
    assert found["answered"] >= 0.93
    assert found["correct"] >= 0.75
    assert found["citation_recall"] >= 0.7
    assert found["refused:absent"] == 1.0


def test_who_criticized_the_merida_initiative(samples: Assistant) -> None:
    answer = samples.ask("who criticized the Merida Initiative?")
    assert len({citation.document for citation in answer.citations}) >= 5
    assert "Laura Carlsen" in answer.text
    assert "Gutiérrez" in answer.text
    assert "Members of the US Congress complain" in answer.text, "in other words"
    assert "Amnesty International say" in answer.text, "below a heading that asks the same"


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Did Brazil criticize the Mérida Initiative?", "Brazil"),
        ("How much money did Canada get from the Mérida Initiative?", "Canada"),
        ("Where was Pablo Escobar killed?", "Pablo Escobar"),
        ("What did Vladimir Putin say about the Mérida Initiative?", "Vladimir Putin"),
        ("When did Felipe Calderón travel to Tokyo?", "Tokyo"),
    ],
)
def test_what_no_document_has_heard_of_is_refused_by_name(
    samples: Assistant, question: str, name: str
) -> None:
    answer = samples.ask(question)
    assert answer.refused
    assert f"“{name}”" in answer.reason


@pytest.mark.parametrize(
    "question",
    [
        "Which Attorneys criticized the Mérida Initiative?",
        "Who was the Prime Minister of Mexico?",
        "What did Carla Pascual resign from?",
        "Who Criticized The Mérida Initiative?",
    ],
)
def test_what_is_said_in_other_words_is_heard_of(samples: Assistant, question: str) -> None:
    assert not samples.ask(question).refused


def test_pages_of_the_pdf_are_right(samples: Assistant) -> None:
    answer = samples.ask("Who is Laura Carlsen?")
    cited = [c for c in answer.citations if c.document.endswith(".pdf")]
    assert cited
    document = samples.document(cited[0].document)
    for citation in cited:
        assert citation.page is not None
        page = document.pages[citation.page - 1]
        assert page.start <= citation.start < page.end


def test_verify(samples: Assistant) -> None:
    assert samples.verify().ok
