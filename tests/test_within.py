"""Questions are asked within documents that were chosen, and nothing else is looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.errors import DocumentNotFound
from assistant.exchanges import Conversation, Exchange, packed, unpacked
from assistant.exporting import export
from assistant.indexes import Indexes
from assistant.tools import Tools
from assistant.web.conversation import Shown, Stage
from assistant.web.transcript import transcript
from tests.fakes import FakeEncoder

QUESTION = "What do the owls hunt?"
DOCUMENTS = {
    "fern.txt": "The owls of Fern Wood hunt voles. They sleep by day.",
    "moss.txt": "The owls of Moss Wood hunt mice. They sleep at noon.",
    "pond.txt": "The carp in the pond grew fat.",
}


@pytest.fixture
def assistant(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Assistant]:
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text)
    with Assistant.open("owls", encoder=encoder) as assistant:
        assistant.add([folder])
        yield assistant


@pytest.mark.parametrize("name", ["fern.txt", "moss.txt"])
def test_only_the_chosen_document_is_looked_in(assistant: Assistant, name: str) -> None:
    answer = assistant.ask(QUESTION, within=[name])
    assert {citation.document for citation in answer.citations} == {name}
    assert {hit.passage.document for hit in answer.hits} == {name}
    assert answer.within == (name,)
    assert {h.passage.document for h in assistant.retrieve(QUESTION, within=[name])} == {name}
    excerpts = assistant.retrieve(QUESTION, view="evidence", within=[name])
    assert {excerpt.document for excerpt in excerpts} == {name}


def test_without_any_all_are(assistant: Assistant) -> None:
    assert assistant.ask(QUESTION).within == ()
    assert len(assistant.retrieve("owls hunt pond", k=9)) == 3


def test_limits_in_the_question_hold_as_well(assistant: Assistant) -> None:
    both = ["fern.txt", "moss.txt"]
    hits = assistant.retrieve(f"{QUESTION} document:moss*", within=both)
    assert {hit.passage.document for hit in hits} == {"moss.txt"}
    answer = assistant.ask(f"{QUESTION} document:moss*", within=["fern.txt"])
    assert answer.refused
    assert "Only “fern.txt” was searched." in answer.reason


def test_a_refusal_says_what_alone_was_searched(assistant: Assistant) -> None:
    answer = assistant.ask("Who grew fat in the pond?", within=["fern.txt", "moss.txt"])
    assert answer.refused
    assert "Only “fern.txt” and “moss.txt” were searched." in answer.reason
    alone = assistant.ask("Who grew fat in the pond?", within=["fern.txt"])
    assert "Only “fern.txt” was searched." in alone.reason
    assert "searched." not in assistant.ask("Who invented the telephone?").reason


def test_an_unknown_document_is_refused_in_words(assistant: Assistant) -> None:
    with pytest.raises(DocumentNotFound, match=r"no document 'owls\.txt'"):
        assistant.ask(QUESTION, within=["fern.txt", "owls.txt"])


def test_programs_may_say_so(assistant: Assistant) -> None:
    tools = Tools(Indexes(assistant))
    assert tools.ask(QUESTION, within=["moss.txt"]).within == ("moss.txt",)
    assert tools.ask(QUESTION).within == ()
    [hit] = tools.retrieve(QUESTION, within=["moss.txt"])
    [excerpt] = tools.retrieve(QUESTION, view="evidence", within=["fern.txt"])
    assert "mice" in hit.evidence[0].text  # type: ignore[union-attr]
    assert "voles" in excerpt.text  # type: ignore[union-attr]


def test_the_command_line_has_it(
    assistant: Assistant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())
    monkeypatch.setenv("ASSISTANT_ENCODER", "fake")
    assert main(["ask", QUESTION, "-i", "owls", "--within", "moss.txt", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["within"] == ["moss.txt"]
    found = ["search", "owls", "-i", "owls", "-w", "fern.txt", "-w", "moss.txt", "--json"]
    assert main(found) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert main(["ask", QUESTION, "-i", "owls", "--within", "no.txt"]) == 1
    assert "'no.txt'" in capsys.readouterr().err


def test_it_is_shown_kept_and_exported(assistant: Assistant) -> None:
    answer = assistant.ask(QUESTION, within=["fern.txt", "moss.txt"])
    assert unpacked(packed(answer) or "") == answer
    said = "Asked within: fern.txt, moss.txt"
    assert said in transcript((Shown(1, QUESTION, answer, Stage.DONE),))
    exchange = Exchange(1, QUESTION, answer, Stage.DONE)
    talk = Conversation("1", "Owls", "2026-11-28T12:00:00+00:00", (exchange,))
    assert said.replace(".txt", "\\.txt") in export(talk, "md").decode()
