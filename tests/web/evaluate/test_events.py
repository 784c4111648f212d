"""The tab's events: what each shows to whom."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from filelock import FileLock

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.web.conversation import Thread
from assistant.web.evaluate import program
from assistant.web.evaluate.events import HERE, OWN, Evaluation
from assistant.web.evaluate.rooms import Room
from tests.fakes import FakeEncoder
from tests.web.evaluate.made import made
from tests.web.samples import desk, visible

ANA, BEN = "a" * 32, "b" * 32
NOBODY = gr.Request()


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open("birds", encoder=FakeEncoder()) as assistant:
        yield assistant


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Have runs begun in name only; returns their command lines, with whose each is."""
    begun: list[list[str]] = []

    def start(
        _: Any, owner: str, name: str, index: Path, command: list[str], environment: Any
    ) -> None:
        assert index.name == "birds"
        begun.append([owner, name, *command[3:]])

    monkeypatch.setattr("assistant.web.evaluate.running.Runner.start", start)
    return begun


def clicked(**data: str) -> gr.EventData:
    return gr.EventData(None, data)


def at(browser: str = ANA) -> tuple[str, Thread]:
    return f"{browser}//", Thread()


def owner(browser: str = ANA) -> str:
    return f"browser {browser}"


def test_what_is_not_installed_is_said_in_place_of_the_controls(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "missing", lambda: "Run pip install.")
    lack, controls, *_ = Evaluation(desk(assistant)).opened(None, "", *at(), NOBODY)
    assert visible(lack) == "Run pip install."
    assert controls.visible is False


def test_the_tab_opens_with_a_set_chosen(assistant: Assistant) -> None:
    events = Evaluation(desk(assistant))
    lack, controls, sets, status, *_ = events.opened(None, "", *at(), NOBODY)
    assert (lack, controls.visible, sets.value, status) == ("", True, "bundled/merida", "")
    kept = events.opened("bundled/conversations", "", *at(), NOBODY)[2]
    assert kept.value == "bundled/conversations"


def test_the_sets_own_documents_are_asked_where_it_has_some(assistant: Assistant) -> None:
    events = Evaluation(desk(assistant))
    wanted = {"bundled/merida": (False, OWN), "bundled/conversations": (False, HERE)}
    wanted |= {"path": (True, HERE), "judged": (False, HERE), "x": (False, HERE)}
    for key, expected in wanted.items():
        path, of = events.chosen(key, *at(), NOBODY)
        assert (path.visible, of) == expected


def test_a_run_has_the_set_the_index_and_the_number_of_questions(
    assistant: Assistant, commands: list[list[str]]
) -> None:
    events = Evaluation(desk(assistant))
    events.start("bundled/merida", "", HERE, 12, *at(), NOBODY)
    events.start("bundled/merida", "", OWN, None, *at(), NOBODY)
    here, own = commands
    assert here[:3] == ["", "merida", "run"]
    assert here[-4:] == ["--limit", "12", "--index", str(assistant.folder.absolute())]
    assert own[-2:] == ["--limit", "0"]
    assert "--index" not in own


def test_a_run_belongs_to_whoever_logged_in(
    assistant: Assistant, commands: list[list[str]]
) -> None:
    assistant.settings = Settings.load(password="long enough a password")
    Evaluation(desk(assistant)).start("bundled/merida", "", HERE, 0, *at(), NOBODY)
    assert commands[0][0] == owner()


def test_without_a_set_nothing_is_begun(assistant: Assistant, commands: list[list[str]]) -> None:
    status, *_ = Evaluation(desk(assistant)).start(None, "", HERE, 0, *at(), NOBODY)
    assert "Choose a question set first." in visible(status)
    assert commands == []


def test_an_upload_is_chosen_or_refused_in_words(assistant: Assistant, tmp_path: Path) -> None:
    events = Evaluation(desk(assistant))
    file = tmp_path / "mine.csv"
    file.write_text("question,answer\n")
    sets, said = events.keep(str(file), *at(), NOBODY)
    assert (sets.value, said) == ("kept/mine.csv", "")
    _, said = events.keep(str(tmp_path / "x.exe"), *at(), NOBODY)
    assert "x.exe is no question set" in visible(said)


def test_a_run_is_opened_saved_and_offered_for_comparison(
    assistant: Assistant, tmp_path: Path
) -> None:
    room = Room(assistant, owner())
    first = made(tmp_path, room.kept / "runs")
    second = made(tmp_path, room.kept / "runs", passages=1)
    events = Evaluation(desk(assistant))
    report, other, comparison, name, table = events.show(*at(), NOBODY, clicked(run=second.name))
    assert "What went wrong" in report
    assert [key for _, key in other.choices] == [first.name]
    assert (comparison, name) == ("", second.name)
    assert f'data-run="{second.name}" aria-current="true"' in table
    packed = json.loads(events.save(name, *at(), NOBODY))
    assert packed["name"] == f"{second.name}.html"
    assert base64.b64decode(packed["data"]).startswith(b"<!doctype html>")
    *_, html = events.compare(first.name, second.name, *at(), NOBODY)
    assert visible(html).startswith("Two runs compared")


def test_a_run_is_deleted_and_no_longer_open(assistant: Assistant, tmp_path: Path) -> None:
    folder = Room(assistant, owner()).kept / "runs"
    first, second = made(tmp_path, folder), made(tmp_path, folder, passages=1)
    events = Evaluation(desk(assistant))
    report, *_, table = events.delete(second.name, *at(), NOBODY, clicked(remove=first.name))
    assert report == gr.skip()
    assert f'data-run="{second.name}" aria-current="true"' in table
    report, other, comparison, open_run, table = events.delete(
        second.name, *at(), NOBODY, clicked(remove=second.name)
    )
    assert (report, other.visible, comparison, open_run) == ("", False, "", "")
    assert visible(table) == "No runs yet."
    assert list(folder.iterdir()) == []


def test_a_run_that_is_going_on_is_not_deleted(assistant: Assistant, tmp_path: Path) -> None:
    run = made(tmp_path, Room(assistant, owner()).kept / "runs")
    with FileLock(run / "run.lock"), pytest.raises(gr.Error, match="Stop it, then delete it"):
        Evaluation(desk(assistant)).delete("", *at(), NOBODY, clicked(remove=run.name))
    assert (run / "report.json").exists()


def test_a_question_goes_into_the_box(assistant: Assistant) -> None:
    assert Evaluation(desk(assistant)).ask(clicked(ask="Why?")) == "Why?"


@pytest.mark.parametrize("name", ["", "nowhere", "../../secrets"])
def test_what_is_no_run_of_ones_own_is_not_opened(assistant: Assistant, name: str) -> None:
    events = Evaluation(desk(assistant))
    assert events.show(*at(), NOBODY, clicked(run=name))[0] == gr.skip()
    with pytest.raises(gr.Error, match="There is no run"):
        events.save(name, *at(), NOBODY)
    with pytest.raises(gr.Error, match="There is no run"):
        events.delete("", *at(), NOBODY, clicked(remove=name))
    *_, said = events.compare(name or "x", name, *at(), NOBODY)
    assert "There is no run" in visible(said)


def test_what_was_made_of_ones_conversations_is_nobody_elses(
    assistant: Assistant, tmp_path: Path
) -> None:
    run = made(tmp_path, Room(assistant, owner(ANA)).own / "runs")
    events = Evaluation(desk(assistant))
    assert run.name in events.opened(None, "", *at(ANA), NOBODY)[-1]
    assert run.name not in events.opened(None, "", *at(BEN), NOBODY)[-1]
    assert events.show(*at(BEN), NOBODY, clicked(run=run.name))[0] == gr.skip()
    with pytest.raises(gr.Error, match="There is no run"):
        events.save(run.name, *at(BEN), NOBODY)
    with pytest.raises(gr.Error, match="There is no run"):
        events.delete("", *at(BEN), NOBODY, clicked(remove=run.name))
    assert run.exists()


def test_a_run_going_on_is_shown_and_stopped_by_its_owner_alone(assistant: Assistant) -> None:
    import os
    import sys
    import time

    events = Evaluation(desk(assistant))
    waits = [sys.executable, "-c", "import sys; sys.stdin.read(); sys.exit(130)"]
    events.runner.start(owner(ANA), "judged", assistant.folder, waits, os.environ)
    status, run, stop, timer, _ = events.tick("", *at(ANA), NOBODY)
    assert "judged" in visible(status)
    assert (run.visible, stop.visible, timer.active) == (False, True, True)
    status, run, stop, timer, _ = events.stop(*at(BEN), NOBODY)
    assert "judged" not in visible(status)
    assert "Another evaluation is running" in visible(status)
    assert (run.visible, stop.visible, timer.active) == (False, False, True)
    events.stop(*at(ANA), NOBODY)
    deadline = time.monotonic() + 60
    while events.tick("", *at(ANA), NOBODY)[3].active:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert "Stopped before the first question" in visible(events.tick("", *at(ANA), NOBODY)[0])
    assert events.tick("", *at(BEN), NOBODY)[0] == ""
