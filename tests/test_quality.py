"""The real model on the sample documents: floors below which quality must not fall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings
from eval.__main__ import score, summarise
from eval.questions import load_set

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Return an assistant over the sample documents."""
    folder: Path = tmp_path_factory.mktemp("samples")
    settings = Settings.load(indexes=folder)
    with Assistant.open("samples", settings=settings) as assistant:
        assistant.add([load_set("merida").documents])
        yield assistant


def test_the_question_set(samples: Assistant) -> None:
    summary = summarise([score(question, samples) for question in load_set("merida").questions])
    assert summary["quotes not exact"] == 0.0
    assert summary["failed"] == 0.0
    assert summary["hit rate @1"] >= 0.72
    assert summary["hit rate @8"] >= 0.95
    assert summary["answered, of answerable"] >= 0.93
    assert summary["a citation touches gold"] >= 0.75
    assert summary["refused, of unanswerable (absent)"] == 1.0


def test_who_criticized_the_merida_initiative(samples: Assistant) -> None:
    answer = samples.ask("who criticized the Merida Initiative?")
    assert len({citation.document for citation in answer.citations}) >= 4
    assert "Laura Carlsen" in answer.text
    assert "Gutiérrez" in answer.text


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
