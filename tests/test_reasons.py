"""Why a passage was found is told in the question's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.reasons import Reason, reasons
from assistant.types import Hit
from tests.fakes import FakeEncoder

QUESTION = "Who criticizes the Mérida Initiative, and why?"


@pytest.fixture
def assistant(encoder: FakeEncoder, tmp_path: Path) -> Iterator[Assistant]:
    (tmp_path / "cables.txt").write_text("The initiative was criticized by Gutiérrez in Mérida.")
    (tmp_path / "weather.txt").write_text("It rained on Monday.")
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([tmp_path / "cables.txt", tmp_path / "weather.txt"])
        yield assistant


def told(assistant: Assistant, hits: list[Hit]) -> dict[str, Reason]:
    return reasons(assistant.index.catalog, assistant.index.encoder, QUESTION, hits)


def test_the_words_that_are_shared_are_told_as_they_were_typed(assistant: Assistant) -> None:
    hits = assistant.retrieve(QUESTION)
    found = told(assistant, hits)
    first, *_ = hits
    assert first.passage.document == "cables.txt"
    assert found[first.passage.id].words == ("criticizes", "Mérida", "Initiative")
    assert found[first.passage.id].rank == 1
    assert found[first.passage.id].of == len(hits)
    assert found[first.passage.id].score == first.score
    assert [reason.words for reason in found.values()][1:] == [()] * (len(hits) - 1)


def test_the_similarity_is_that_of_the_nearest_sentence(assistant: Assistant) -> None:
    hits = assistant.retrieve(QUESTION)
    near = {hit.passage.document: told(assistant, hits)[hit.passage.id] for hit in hits}
    assert -1 <= near["weather.txt"].similarity < near["cables.txt"].similarity <= 1
    [stored] = assistant.index.catalog.passages_of("cables.txt")
    vector = assistant.index.encoder.encode_question(QUESTION)
    nearest = max(float(sentence @ vector) for sentence in stored.sentence_vectors)
    assert near["cables.txt"].similarity == pytest.approx(nearest)


def test_a_hit_of_several_passages_has_the_reasons_of_all(assistant: Assistant) -> None:
    one, other = assistant.retrieve(QUESTION, k=2)
    both = replace(one, passage=replace(one.passage, id=f"{one.passage.id}+{other.passage.id}"))
    [reason] = told(assistant, [both]).values()
    assert reason.words == ("criticizes", "Mérida", "Initiative")


def test_what_has_left_the_index_has_no_reason(assistant: Assistant) -> None:
    hits = assistant.retrieve(QUESTION)
    assistant.remove("cables.txt")
    assert {assistant.document("weather.txt").name} == {
        hit.passage.document for hit in hits if hit.passage.id in told(assistant, hits)
    }
    assert told(assistant, []) == {}
