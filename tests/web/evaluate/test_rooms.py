"""Question sets and runs are kept apart for each owner where people log in."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.errors import SettingsError, StoreError
from assistant.exchanges import Stage, Thumb
from assistant.settings import Settings
from assistant.web.evaluate import program
from assistant.web.evaluate.rooms import JUDGED, PATH, Room
from eval.formats import load_set
from tests.fakes import FakeEncoder
from tests.indexes import write

QUESTION = "Who waits by the weir?"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    write(tmp_path / "files" / "weir.txt", "The heron waits by the weir in the morning.")
    with Assistant.open("weir", encoder=FakeEncoder()) as assistant:
        assistant.add([tmp_path / "files"])
        yield assistant


def logging_in(assistant: Assistant, **settings: Any) -> Assistant:
    assistant.settings = Settings.load(**settings)
    return assistant


def judged(assistant: Assistant, owner: str) -> None:
    kept = assistant.conversations
    talk, number = kept.begin(owner, "", f"{QUESTION} {owner}?")
    kept.end(owner, talk, number, Stage.DONE, assistant.ask(QUESTION))
    kept.judge(owner, talk, number, Thumb.UP)


def upload(tmp_path: Path, name: str, text: str = "question,answer\nWhy?,So\n") -> Path:
    file = tmp_path / "cache" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def keys(room: Room) -> list[str]:
    return [key for _, key in room.choices()]


def test_sets_that_come_with_the_program_are_there_first_with_documents(
    assistant: Assistant,
) -> None:
    room = Room(assistant, "ana")
    assert keys(room) == ["bundled/merida", "bundled/conversations", PATH]
    merida, talks = (room.chosen(key, "") for key in keys(room)[:2])
    assert (merida.has_documents, talks.has_documents) == (True, False)
    assert load_set(merida.path).name == "merida"


def test_an_upload_is_a_choice_and_takes_the_place_of_one_of_its_name(
    assistant: Assistant, tmp_path: Path
) -> None:
    room = Room(assistant, "ana")
    for answer in ("So", "Therefore"):
        key = room.keep(upload(tmp_path, "mine.csv", f"question,answer\nWhy?,{answer}\n"))
    assert ("mine.csv (uploaded)", key) in room.choices()
    chosen = room.chosen(key, "")
    assert load_set(chosen.path).questions[0].answers == ("Therefore",)
    assert assistant.folder in chosen.path.parents
    with pytest.raises(SettingsError, match=r"page\.html is no question set"):
        room.keep(upload(tmp_path, "page.html"))


def test_sets_of_one_stem_are_both_kept(assistant: Assistant, tmp_path: Path) -> None:
    room = Room(assistant, "ana")
    line = '{"id": "q", "question": "Who?", "answerable": true, "answers": ["Me"]}\n'
    kept = [room.keep(upload(tmp_path, "q.jsonl", line)), room.keep(upload(tmp_path, "q.csv"))]
    assert set(kept) <= set(keys(room))
    assert [load_set(room.chosen(key, "").path).questions[0].text for key in kept] == [
        "Who?",
        "Why?",
    ]


@pytest.mark.parametrize("name", ["...jsonl", "..csv", ".json", " . .tsv"])
def test_a_name_that_is_none_deletes_nothing(
    assistant: Assistant, tmp_path: Path, name: str
) -> None:
    room = Room(assistant, "ana")
    key = room.keep(upload(tmp_path, "mine.csv"))
    before = sorted(assistant.folder.rglob("*"))
    with pytest.raises(SettingsError, match="is no question set"):
        room.keep(upload(tmp_path, name))
    assert sorted(assistant.folder.rglob("*")) == before
    assert room.chosen(key, "").path.is_file()


def test_a_set_that_can_not_be_kept_leaves_the_earlier_one(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(assistant, "ana")
    key = room.keep(upload(tmp_path, "mine.csv"))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("assistant.web.evaluate.rooms.shutil.move", full)
    with pytest.raises(StoreError, match=r"mine\.csv can’t be kept: No space left on device"):
        room.keep(upload(tmp_path, "mine.csv", "question,answer\nWho?,Me\n"))
    assert load_set(room.chosen(key, "").path).questions[0].text == "Why?"
    assert [path.name for path in room.kept.iterdir()] == ["sets"]


def test_what_one_judged_is_a_set_without_anybody_elses(assistant: Assistant) -> None:
    judged(assistant, "ana")
    judged(assistant, "ben")
    judged(assistant, "ben")
    assert ("Answers you judged (2 questions)", JUDGED) in Room(assistant, "ben").choices()
    assert JUDGED not in keys(Room(assistant, "eve"))
    chosen = Room(assistant, "ana").chosen(JUDGED, "")
    assert [question.text for question in load_set(chosen.path).questions] == [f"{QUESTION} ana?"]
    assert Room(assistant, "ana").own in chosen.runs.parents
    # Its runs are nobody else's, though nobody logs in.
    assert chosen.runs not in Room(assistant, "ben").runs


def test_who_logs_in_has_a_room_of_their_own(assistant: Assistant, tmp_path: Path) -> None:
    logging_in(assistant, password="long enough a password")
    ana, ben = Room(assistant, "user ana"), Room(assistant, "user ben")
    key = ana.keep(upload(tmp_path, "mine.csv"))
    assert key in keys(ana)
    assert key not in keys(ben)
    with pytest.raises(SettingsError, match="Choose a question set"):
        ben.chosen(key, "")
    assert not set(ana.runs) & set(ben.runs)
    home = program.folder()
    assert home
    assert home / "runs" not in ana.runs


def test_where_nobody_logs_in_runs_are_shared_with_the_command_line(assistant: Assistant) -> None:
    ana, ben = Room(assistant, "browser a"), Room(assistant, "browser b")
    assert ana.chosen("bundled/merida", "").runs in ben.runs
    home = program.folder()
    assert home
    assert home / "runs" in ana.runs


@pytest.mark.parametrize("settings", [{"password": "long enough a password"}, {"host": "10.0.0.1"}])
def test_paths_are_for_this_machine_alone(assistant: Assistant, settings: dict[str, str]) -> None:
    room = Room(logging_in(assistant, **settings), "ana")
    assert PATH not in keys(room)
    with pytest.raises(SettingsError, match="Choose a question set"):
        room.chosen(PATH, "/etc/passwd")


def test_a_path_is_taken_as_typed(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "birds" / "documents").mkdir(parents=True)
    chosen = Room(assistant, "ana").chosen(PATH, f" {tmp_path / 'birds'} ")
    assert (chosen.name, chosen.path, chosen.has_documents) == ("birds", tmp_path / "birds", True)
    with pytest.raises(SettingsError, match="Type the path"):
        Room(assistant, "ana").chosen(PATH, " ")


@pytest.mark.parametrize("key", ["", "bundled/../../indexes", "kept/../x", "kept/no.csv", "x"])
def test_what_is_no_choice_is_refused(assistant: Assistant, key: str) -> None:
    with pytest.raises(SettingsError, match="Choose a question set"):
        Room(assistant, "ana").chosen(key, "")
