"""A run is a process of its own: followed, ended, one at a time, and none without its server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.web.evaluate import program
from assistant.web.evaluate.running import Runner, Stage, Status
from tests.commands import ROOT

INDEX = Path("indexes/birds")
STEPS = """
import json, sys
def say(stage, done, total):
    print(json.dumps({"stage": stage, "done": done, "total": total}), file=sys.stderr, flush=True)
"""
UNTIL_CLOSED = f"{STEPS}say('asking', 3, 9); sys.stdin.read(); sys.exit(130)"
PARENT = """
import pathlib, sys, time
from assistant.web.evaluate.running import Runner
child = "import os, pathlib, sys; pathlib.Path(sys.argv[1]).write_text('begun');"
child += "sys.stdin.read(); pathlib.Path(sys.argv[1]).write_text('ended')"
runner = Runner()
runner.start("", "x", pathlib.Path(), [sys.executable, "-c", child, sys.argv[1]], None)
time.sleep(60)
"""


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def until(runner: Runner, wanted: Callable[[Status], bool]) -> Status:
    """Return the status once it is as wanted."""
    deadline = time.monotonic() + 60
    while not (runner.status and wanted(runner.status)):
        assert time.monotonic() < deadline, runner.status
        time.sleep(0.01)
    return runner.status


def ended(code: str) -> Status:
    """Return how a run stands that does this."""
    runner = Runner()
    runner.start("ana", "birds", INDEX, python(code), os.environ)
    return until(runner, lambda now: now.stage is not Stage.RUNNING)


def test_it_is_followed_to_its_end() -> None:
    steps = "say('indexing', 0, 1); say('asking', 0, 2); say('asking', 2, 2)"
    now = ended(f"{STEPS}{steps}")
    assert now == Status("ana", "birds", INDEX, Stage.DONE, "asking", 2, 2)


def test_how_long_it_will_take_is_told_from_how_long_it_took() -> None:
    runner = Runner()
    steps = "say('asking', 5, 9); import time; time.sleep(0.1); say('asking', 7, 9)"
    runner.start("", "birds", INDEX, python(f"{STEPS}{steps}; sys.stdin.read()"), os.environ)
    now = until(runner, lambda now: now.done == 7)
    assert now.left is not None
    # Two took a tenth of a second, and two are left.
    assert 0.05 < now.left < 10
    runner.stop()
    until(runner, lambda now: now.stage is Stage.DONE)


def test_what_goes_wrong_is_told_in_its_own_words() -> None:
    said = "print('Loading weights', file=sys.stderr); sys.stderr.write('Error: No such set.\\n')"
    now = ended(f"import sys; {said}; print('bye', file=sys.stderr); sys.exit(3)")
    assert (now.stage, now.problem) == (Stage.FAILED, "No such set.")


def test_one_that_says_nothing_is_told_by_its_code() -> None:
    assert ended("import os; os._exit(7)").problem == "The evaluation ended with code 7."


@pytest.mark.parametrize("line", ["[]", "null", '{"stage": 1}', "{", '{"stage": "x", "done": "y"}'])
def test_any_other_line_is_no_progress(line: str) -> None:
    now = ended(f"import sys; sys.stderr.write({line!r})")
    assert (now.stage, now.doing) == (Stage.DONE, "")


def test_one_runs_at_a_time_and_is_stopped_by_closing_its_input() -> None:
    runner = Runner()
    runner.start("ana", "birds", INDEX, python(UNTIL_CLOSED), os.environ)
    until(runner, lambda now: now.done == 3)
    with pytest.raises(SettingsError, match="Another evaluation is running"):
        runner.start("ben", "fish", INDEX, python(""), os.environ)
    runner.stop()
    now = until(runner, lambda now: now.stage is not Stage.RUNNING)
    assert now == Status("ana", "birds", INDEX, Stage.STOPPED, "asking", 3, 9)
    runner.start("ben", "fish", INDEX, python(""), os.environ)
    assert until(runner, lambda now: now.stage is Stage.DONE).owner == "ben"


def test_it_ends_with_the_server_even_where_that_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([*python(PARENT), str(mark)], env=environment) as parent:
        deadline = time.monotonic() + 60
        while not (mark.exists() and mark.read_text() == "begun"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        parent.send_signal(signal.SIGKILL)
    while mark.read_text() != "ended":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_it_is_run_with_the_settings_of_the_page(tmp_path: Path) -> None:
    settings = Settings.load(model="ollama:x", api_key="secret", passages=3, ocr=False)
    said = program.environment(settings, indexes=tmp_path)
    assert said["ASSISTANT_API_KEY"] == "secret"
    assert said["ASSISTANT_INDEXES"] == str(tmp_path)
    read = "from assistant.settings import Settings; s = Settings.load()"
    told = "print(s.model, s.passages, s.ocr, s.indexes, s.users, s.api_key.get_secret_value())"
    done = subprocess.run(
        python(f"{read}; {told}"), env=said, cwd=tmp_path, capture_output=True, check=True
    )
    assert done.stdout.decode().split() == [
        "ollama:x", "3", "False", str(tmp_path), "None", "secret",
    ]  # fmt: skip


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program.missing() == ""
    monkeypatch.setattr(program, "find_spec", lambda name: None if name == "scipy" else object())
    assert "not installed (scipy): run pip install -e '.[eval]'" in program.missing()
    monkeypatch.setattr("assistant.resources.checkout", lambda: None)
    assert "get a checkout" in program.missing()
