"""Settings that change while the program runs: all indexes follow, what began ends as it began."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.indexes import Indexes
from assistant.settings import Settings
from tests.fakes import FakeEncoder
from tests.llm_server import Reply, llm_server

FACT = "The pears of Elm Street were picked by Ada Brown in 1931."
QUESTION = "Who picked the pears of Elm Street?"
REPLY = f"{FACT} [1] The pears of Elm Street were picked by Ada Brown [1]."


@pytest.fixture
def document(tmp_path: Path) -> Path:
    (tmp_path / "pears.txt").write_text(f"{FACT} Nobody picked the quinces.", "utf-8")
    return tmp_path / "pears.txt"


def test_an_answer_that_has_begun_ends_as_it_began(tmp_path: Path, document: Path) -> None:
    with (
        llm_server(Reply(REPLY)) as first,
        llm_server(Reply(REPLY)) as second,
        Assistant.open(tmp_path / "index", encoder=FakeEncoder()) as assistant,
    ):
        assistant.add([document])
        asked = assistant.settings.changed({"model": "openai:a", "base_url": f"{first.url}/v1"})
        assistant.configure(asked)
        answers = assistant.stream(QUESTION)
        assert next(answers).model == "openai:a"
        assistant.configure(asked.changed({"model": "openai:b", "base_url": f"{second.url}/v1"}))
        assert {answer.model for answer in answers} == {"openai:a"}
        assert assistant.ask(QUESTION).model == "openai:b"
        assistant.configure(asked.changed({"model": ""}))
        assert assistant.ask(QUESTION).model == "extractive"
    assert len(first.requests) == len(second.requests) == 1


def test_all_indexes_follow_and_those_opened_later(tmp_path: Path) -> None:
    settings = Settings.load(indexes=tmp_path)
    for name in ("ours", "theirs"):
        Assistant.open(name, settings=settings, encoder=FakeEncoder()).close()
    with (
        Assistant.open("served", settings=settings, encoder=FakeEncoder()) as served,
        Indexes(served) as indexes,
    ):
        assert indexes.get("ours").settings.passages == 8
        indexes.configure(settings.changed({"passages": 3}))
        found = [indexes.get(name).settings.passages for name in ("served", "ours", "theirs")]
    assert found == [3, 3, 3]
