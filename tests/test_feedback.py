"""Thumbs become questions that the evaluation asks; conversations are handled from a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant import feedback
from assistant.assistant import Assistant
from assistant.cli import main
from assistant.errors import SettingsError
from assistant.exchanges import Stage, Thumb
from assistant.types import Answer, Span, Turn
from eval.formats import load_set
from eval.questions import Gold
from tests.fakes import FakeEncoder
from tests.indexes import LONG_AGO, write

TEXT = (
    "The heron waits by the weir in the morning. It never hurries.\n\n"
    "The pike is faster than the heron. The miller watches both from his window.\n"
)
QUESTION = "Is the pike faster than the heron?"


@pytest.fixture(autouse=True)
def fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    write(tmp_path / "files" / "weir.txt", TEXT)
    with Assistant.open("default") as assistant:
        assistant.add([tmp_path / "files"])
        yield assistant


def judged(
    assistant: Assistant,
    question: str,
    thumb: Thumb,
    reason: str = "",
    talk: str = "",
    given: Answer | None = None,
) -> str:
    """Ask a question as the page does, and judge the answer; return the conversation's id."""
    kept = assistant.conversations
    talk, number = kept.begin("ana", talk, question)
    kept.end("ana", talk, number, Stage.DONE, given or assistant.ask(question))
    kept.judge("ana", talk, number, thumb, reason)
    return talk


def rows(assistant: Assistant, folder: Path) -> list[dict[str, Any]]:
    feedback.write(assistant, folder)
    return [json.loads(line) for line in (folder / "questions.jsonl").read_text().splitlines()]


def test_a_good_answers_citations_are_gold_evidence(assistant: Assistant, tmp_path: Path) -> None:
    given = assistant.ask(QUESTION)
    short = replace(given.claims[0], short=Span(4, 8))
    talk = judged(
        assistant, QUESTION, Thumb.UP, given=replace(given, claims=(short, *given.claims[1:]))
    )
    judged(assistant, "Does it hurry?", Thumb.UP, talk=talk)
    first, _ = rows(assistant, tmp_path / "set")
    assert (first["kind"], first["answerable"], first["answers"]) == ("thumbs-up", True, ["pike"])
    for (start, end), evidence in zip(first["spans"], first["evidence"], strict=True):
        assert TEXT[start:end] == evidence
    assert any("The pike is faster" in evidence for evidence in first["evidence"])
    questions = load_set(tmp_path / "set").questions
    assert [question.id for question in questions] == [f"{talk}-1", f"{talk}-2"]
    spans = tuple(Span(*span) for span in first["spans"])
    assert questions[0].gold == (Gold("weir.txt", spans),)
    assert questions[1].history == (Turn("user", QUESTION), Turn("assistant", given.text))


def test_a_bad_answer_is_left_to_be_filled_in(assistant: Assistant, tmp_path: Path) -> None:
    judged(assistant, QUESTION, Thumb.DOWN, "It means the other pike.")
    [row] = rows(assistant, tmp_path / "set")
    assert (row["kind"], row["note"]) == ("thumbs-down", "It means the other pike.")
    assert "The pike is faster" in row["given"]
    assert row["cited"][0]["document"] == "weir.txt"
    [question] = load_set(tmp_path / "set").questions
    assert (question.answerable, question.answers, question.gold) == (True, (), ())
    readme = (tmp_path / "set" / "README.md").read_text()
    assert "set `answerable` to false" in readme
    assert "--index default" in readme


def test_a_bad_answer_is_a_question_once_the_right_one_is_said(
    assistant: Assistant, tmp_path: Path
) -> None:
    kept = assistant.conversations
    talk = judged(assistant, QUESTION, Thumb.DOWN)
    kept.expect("ana", talk, 1, "the pike")
    other = judged(assistant, "Who watches both?", Thumb.DOWN)
    kept.expect("ana", other, 1, "")
    written = feedback.write(assistant, tmp_path / "set")
    assert (written.complete, written.to_fill) == (2, 0)
    right, refused = load_set(tmp_path / "set").questions
    assert (right.answerable, right.answers) == (True, ("the pike",))
    assert refused.answerable is False


def test_one_persons_set_has_nothing_of_anothers(assistant: Assistant, tmp_path: Path) -> None:
    judged(assistant, QUESTION, Thumb.UP)
    talk, number = assistant.conversations.begin("bob", "", "Who watches both?")
    given = assistant.ask("Who watches both?")
    assistant.conversations.end("bob", talk, number, Stage.DONE, given)
    assistant.conversations.judge("bob", talk, number, Thumb.UP)
    feedback.write(assistant, tmp_path / "bobs", "bob")
    assert [q.text for q in load_set(tmp_path / "bobs").questions] == ["Who watches both?"]
    with pytest.raises(SettingsError, match="good or bad yet"):
        feedback.write(assistant, tmp_path / "nobodys", "eve")


def test_refusals_are_judged_as_well(assistant: Assistant, tmp_path: Path) -> None:
    refused = replace(assistant.ask(QUESTION), refused=True, text="", claims=(), citations=())
    judged(assistant, "Who flew to the moon?", Thumb.UP, given=refused)
    judged(assistant, "Who watches both?", Thumb.DOWN, given=replace(refused, reason="Not here."))
    good, bad = rows(assistant, tmp_path / "set")
    assert good["answerable"] is False
    assert (bad["answerable"], bad["given"]) == (True, "Not here.")
    assert len(load_set(tmp_path / "set").questions) == 2


def test_evidence_is_where_it_is_today_and_what_is_gone_has_to_be_filled_in(
    assistant: Assistant, tmp_path: Path
) -> None:
    judged(assistant, QUESTION, Thumb.UP)
    file = tmp_path / "files" / "weir.txt"
    moved = f"Everyone knows this.\n\n{TEXT}"
    write(file, moved, at=LONG_AGO + 9)
    assistant.add([file])
    [row] = rows(assistant, tmp_path / "moved")
    assert [moved[start:end] for start, end in row["spans"]] == row["evidence"]
    write(file, "Nothing of it: 12345, 67890.", at=LONG_AGO + 19)
    assistant.add([file])
    [row] = rows(assistant, tmp_path / "gone")
    assert "document" not in row
    assert row["cited"] == []
    [question] = load_set(tmp_path / "gone").questions
    assert question.gold == ()


def test_the_command_writes_a_set_once(
    assistant: Assistant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "set")
    assert main(["feedback", "--out", out]) == 3
    assert "was called good or bad yet" in capsys.readouterr().err
    judged(assistant, QUESTION, Thumb.UP)
    judged(assistant, "Who watches both?", Thumb.DOWN)
    assert main(["feedback", "--out", out]) == 0
    assert capsys.readouterr().out == f"Wrote {out}: 2 questions, 1 to be filled in.\n"
    assert main(["feedback", "--out", out]) == 3
    assert "is there already. Name a new folder" in capsys.readouterr().err


def test_an_unwritable_folder_is_named(assistant: Assistant, tmp_path: Path) -> None:
    judged(assistant, QUESTION, Thumb.UP)
    (tmp_path / "file").write_text("")
    assert main(["feedback", "--out", str(tmp_path / "file" / "set")]) == 3


# -- conversations from the command line -----------------------------------------------------------


def test_conversations_are_listed_saved_and_deleted(
    assistant: Assistant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["conversations"]) == 0
    assert capsys.readouterr().out == ""
    talk = judged(assistant, QUESTION, Thumb.UP)
    refused = replace(assistant.ask(QUESTION), refused=True, text="", claims=(), citations=())
    judged(assistant, "Who flew to the moon?", Thumb.UP, given=refused)
    assert main(["conversations", "--search", "PIKE fast"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.split("\t")[0] == talk
    assert line.split("\t")[2:] == ["1", QUESTION]
    assert main(["conversations", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 2
    assert main(["conversations", talk]) == 0
    assert capsys.readouterr().out.startswith(f"# {QUESTION}\n")
    saved = tmp_path / "talk.json"
    assert main(["conversations", talk, "--out", str(saved)]) == 0
    assert capsys.readouterr().out == f"Wrote {saved}.\n"
    printed = tmp_path / "talk.pdf"
    assert main(["conversations", talk, "--out", str(printed)]) == 0
    assert printed.read_bytes().startswith(b"%PDF-")
    assert str(printed) in capsys.readouterr().out
    assert main(["check-citations", str(saved)]) == 0
    assert ": 1 valid." in capsys.readouterr().out
    assert main(["conversations", talk, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(saved.read_text())
    assert main(["conversations", talk, "--delete"]) == 0
    assert main(["conversations", talk]) == 1
    assert f"There is no conversation '{talk}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--delete"], 2, "name the conversation"),
        (["--out", "x.md"], 2, "name the conversation"),
        (["{talk}", "--out", "x.odt"], 3, r"can't be saved as 'odt'"),
        (["{talk}", "--out", "nowhere/x.md"], 3, "can't be written"),
        (["nobodys"], 1, "There is no conversation 'nobodys'"),
    ],
)
def test_what_can_not_be_done_is_said(
    assistant: Assistant,
    arguments: list[str],
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk = judged(assistant, QUESTION, Thumb.UP)
    assert main(["conversations", *(one.format(talk=talk) for one in arguments)]) == code
    assert said in capsys.readouterr().err


def test_no_feedback_is_no_set(tmp_path: Path, assistant: Assistant) -> None:
    with pytest.raises(SettingsError, match="below each answer"):
        feedback.write(assistant, tmp_path / "set")
    assert not (tmp_path / "set").exists()
