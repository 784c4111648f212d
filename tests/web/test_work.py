"""Work goes on by itself, one piece after another, is watched, timed and cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import LoadError
from assistant.holdings import FileReport, OnProgress, Outcome, Progress
from assistant.web.keeping import UNFORESEEN
from assistant.web.work import Task, Work, Works

INDEX = Path("/index")


def report(path: str, outcome: Outcome = Outcome.ADDED) -> FileReport:
    return FileReport(path, outcome, path, 10)


def tell(told: OnProgress, path: str, done: int, total: int = 10) -> None:
    told(Progress(path, 0, 2, done, total))


def begun(task: Task, paths: Callable[[], list[str]] = lambda: ["a", "b"]) -> Work:
    one = Work("Adding", task, paths)
    Works().begin(INDEX, one)
    return one


class Gate:
    """A task that waits, halfway, until it is let on."""

    def __init__(self) -> None:
        self.halfway, self.on = threading.Event(), threading.Event()

    def __call__(self, told: OnProgress) -> list[FileReport]:
        tell(told, "a", 5)
        self.halfway.set()
        assert self.on.wait(30)
        tell(told, "a", 6)
        told(Progress("a", 1, 2, 10, 10, report("a")))
        tell(told, "b", 1)
        return [report("a"), report("b")]


def test_it_is_watched_from_its_files_to_what_became_of_them() -> None:
    gate = Gate()
    one = begun(gate)
    assert gate.halfway.wait(30)
    stage = one.stage()
    assert [(file.name, file.begun, file.done) for file in stage.files] == [
        ("a", True, 5),
        ("b", False, 0),
    ]
    assert stage.share == 0.25
    assert not stage.over
    gate.on.set()
    last = list(one.stages())[-1]
    assert last.over
    assert [r.path for r in last.reports] == ["a", "b"]


def test_cancelled_it_ends_with_the_passages_in_hand() -> None:
    gate = Gate()
    one = begun(gate)
    assert gate.halfway.wait(30)
    one.cancel()
    assert one.stage().cancelled
    gate.on.set()
    # A task lets through what it hears; the core turns it into reports.
    assert "cancelled" in list(one.stages())[-1].problem


def test_the_time_left_is_told_once_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("assistant.web.work.time.monotonic", lambda: now)
    gate = Gate()
    one = begun(gate)
    assert gate.halfway.wait(30)
    assert one.stage().seconds_left is None
    now = 110.0
    assert one.stage().seconds_left == 30
    gate.on.set()
    assert list(one.stages())[-1].seconds_left is None


def test_what_took_no_time_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("assistant.web.work.time.monotonic", lambda: now)
    halfway, on = threading.Event(), threading.Event()

    def task(told: OnProgress) -> list[FileReport]:
        told(Progress("a", 1, 2, 10, 10, report("a", Outcome.UNCHANGED)))
        tell(told, "b", 5)
        halfway.set()
        assert on.wait(30)
        return []

    one = begun(task)
    assert halfway.wait(30)
    now = 120.0
    assert (one.stage().share, one.stage().seconds_left) == (0.5, 20)
    on.set()


def test_one_piece_waits_for_the_one_before() -> None:
    works, gate = Works(), Gate()
    first = Work("First", gate, lambda: ["a"])
    second = Work("Second", lambda told: [report("c")], lambda: ["c"])
    works.begin(INDEX, first)
    works.begin(INDEX, second)
    assert gate.halfway.wait(30)
    assert second.stage().waiting
    assert works.going(INDEX) == [first, second]
    assert works.going(Path("/another")) == []
    gate.on.set()
    assert list(second.stages())[-1].reports == (report("c"),)


def test_one_that_is_cancelled_while_it_waits_does_nothing() -> None:
    works, gate = Works(), Gate()
    heard: list[str] = []

    def task(told: OnProgress) -> list[FileReport]:
        tell(told, "c", 0)
        heard.append("c")
        return []

    works.begin(INDEX, Work("First", gate, lambda: ["a"]))
    second = Work("Second", task, lambda: ["c"])
    works.begin(INDEX, second)
    second.cancel()
    gate.on.set()
    assert list(second.stages())[-1].over
    assert heard == []


def test_what_goes_wrong_is_told_in_words(caplog: pytest.LogCaptureFixture) -> None:
    def known(_: OnProgress) -> list[FileReport]:
        raise LoadError("No such folder.")

    def unforeseen(_: OnProgress) -> list[FileReport]:
        raise RuntimeError("disk on fire")

    assert list(begun(known).stages())[-1].problem == "No such folder."
    assert list(begun(unforeseen).stages())[-1].problem == UNFORESEEN
    assert "disk on fire" in caplog.text
