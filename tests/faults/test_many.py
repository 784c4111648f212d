"""Several processes at one index: each sees all that is finished, and writers queue."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.faults import driver
from tests.faults.scene import PROCESSES, Scene, finish, twice, write_document

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the processes are forked")

_READERS = ("page", "evaluation", "Python")
_SEEN_SECONDS = 1.0


@pytest.mark.xfail(
    strict=False,
    reason="who asks Chroma while another writes may write its graph, too: not kept apart yet",
)
def test_four_processes_at_one_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scene, notes = Scene(tmp_path / "scene"), tmp_path / "notes.jsonl"
    notes.touch()
    paths = [write_document(tmp_path / "files", number, 8) for number in range(25)]
    scene.run(driver.add, tmp_path / "none")
    ready = PROCESSES.Event()
    processes = [scene.start(driver.add_one_by_one, paths, notes, ready)]
    processes += [scene.start(driver.ask_all_the_time, how, notes, ready) for how in _READERS]
    ready.set()
    for process in processes:
        finish(process)
    lines = [json.loads(line) for line in notes.read_text("utf-8").splitlines()]
    assert [about for _, what, about in lines if what == "fault"] == []
    added = {about: moment for moment, what, about in lines if what == "added"}
    removed = {about: moment for moment, what, about in lines if what == "removed"}
    seen: dict[str, dict[str, float]] = defaultdict(dict)
    for moment, what, about in lines:
        if what == "seen":
            how, name = about.split()
            seen[how][name] = moment - added[name]
    late = {how: max(delays.values()) for how, delays in seen.items()}
    with capsys.disabled():
        sys.stdout.write(
            f"\n    seconds from a document's end to its being seen, at most: "
            f"{ {how: round(seconds, 3) for how, seconds in late.items()} }\n"
        )
    for how in _READERS:
        assert set(seen[how]) >= set(added) - set(removed)
        assert late[how] < _SEEN_SECONDS
    found = scene.look()
    assert found.problems == []
    assert set(found.documents) == set(added) - set(removed)
    assert twice(scene.encoded()) == 0


def test_two_writers_queue(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    for number in range(12):
        write_document(tmp_path / ("left" if number < 7 else "right"), number, 8)
    # What both are to add, one of them encodes.
    write_document(tmp_path / "right", 0, 8)
    left, right = (scene.start(driver.add, tmp_path / side) for side in ("left", "right"))
    finish(left)
    finish(right)
    found = scene.look()
    assert found.problems == []
    assert len(found.documents) == 12
    assert twice(scene.encoded()) == 0


def test_a_clock_that_runs_backwards(tmp_path: Path) -> None:
    files, scene = tmp_path / "files", Scene(tmp_path / "scene")
    for number in range(4):
        write_document(files, number, 8)
    scene.run(driver.add, files)
    before = (files / "report2.txt").stat()
    changed = write_document(files, 2, 8, edition=1)
    # Its size is the same, and its time is earlier.
    os.utime(changed, (before.st_mtime - 1000, before.st_mtime - 1000))
    write_document(files, 9, 8)
    scene.run(driver.yesterday, files)
    found = scene.look()
    assert found.problems == []
    assert len(found.documents) == 5
    assert twice(scene.encoded()) == 0
    assert sum("edition 1" in text for text in scene.encoded()) == 8
    whole = Scene(tmp_path / "whole")
    whole.run(driver.add, files)
    assert whole.look().answers == found.answers
