"""Killed at any moment, an index opens clean, answers as before, and encodes nothing twice."""

from __future__ import annotations

import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import driver
from tests.faults.scene import (
    PROCESSES,
    Found,
    Scene,
    graph,
    kill,
    kill_all,
    texts_of,
    twice,
    wait_for_change,
    write_document,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to kill with"),
]

KILLS, SYNC_KILLS = 52, 16
AS_CTRL_C = "SIGTERM, taken as Ctrl-C"


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Iterator[Counter[str]]:
    """Return a table of what happened, which is shown in the end."""
    table = Counter[str]()
    yield table
    with capsys.disabled():
        sys.stdout.write("".join(f"\n    {what}: {count}" for what, count in table.items()) + "\n")


def built_in_one_go(folder: Path, files: Path) -> Found:
    """Return what an index answers that nothing ever happened to."""
    scene = Scene(folder)
    scene.run(driver.add, files)
    found = scene.look()
    assert found.problems == []
    assert len(found.documents) == len(list(files.iterdir()))
    assert twice(scene.encoded()) == 0
    return found


def test_random_moments(tmp_path: Path, tell: Counter[str]) -> None:
    files = tmp_path / "files"
    for number in range(40):
        write_document(files, number, 6)
    expected = built_in_one_go(tmp_path / "whole", files)
    scene = Scene(tmp_path / "killed")
    chance = random.Random(5)  # noqa: S311 - a test's
    kept = set[str]()
    while tell["kills at random moments"] < KILLS:
        known = len(scene.encoded())
        how = chance.choice(("SIGKILL", "SIGKILL", "SIGTERM", AS_CTRL_C))
        process = scene.start(driver.add, files, 0.001, how == AS_CTRL_C)
        process.join(chance.uniform(0.0, 0.6))
        if process.is_alive():
            tell["kills at random moments"] += 1
            tell[f"  by {how}"] += 1
            kill(process, signal.SIGKILL if how == "SIGKILL" else signal.SIGTERM)
        assert not kept.intersection(scene.encoded()[known:]), "a kept document was encoded again"
        found = scene.look()
        assert found.problems == []
        tell["  opened clean"] += 1
        tell["  of these with Chroma made anew"] += "made anew" in str(found.said)
        kept = texts_of(scene.encoded(), found.documents)
        assert len(kept) == found.passages
        if process.exitcode == 0:
            assert found.answers == expected.answers
            tell["  finished, with the answers of an index built in one go"] += 1
            scene.clear()
            kept = set()
    scene.run(driver.add, files)
    found = scene.look()
    assert found.problems == []
    assert (found.answers, found.documents) == (expected.answers, expected.documents)


def test_while_chroma_writes_its_graph(tmp_path: Path, tell: Counter[str]) -> None:
    files, scene = tmp_path / "files", Scene(tmp_path / "killed")
    for number in range(6):
        write_document(files, number, 60)
    scene.run(driver.add, files)
    chance = random.Random(7)  # noqa: S311 - a test's
    edition = 0
    while tell["kills while Chroma writes its graph"] < KILLS:
        edition += 1
        write_document(files, edition % 6, 60, edition)
        known = len(scene.encoded())
        ready, go = PROCESSES.Event(), PROCESSES.Event()
        process = scene.start(driver.add_when_told, files, ready, go)
        assert ready.wait(60)
        before = graph(scene.place.index)
        go.set()
        if wait_for_change(before, lambda: graph(scene.place.index), process):
            time.sleep(chance.choice((0.0, 0.0, 0.0003, 0.001)))
        kill(process, chance.choice((signal.SIGKILL, signal.SIGTERM)))
        if not scene.writing():
            tell["  too late"] += 1
            assert tell["  too late"] < KILLS
            continue
        tell["kills while Chroma writes its graph"] += 1
        tell[f"  Chroma by itself then {scene.chroma_alone()}"] += 1
        found = scene.look()
        assert found.problems == []
        tell["  opened clean"] += 1
        tell["  of these with Chroma made anew"] += "made anew" in str(found.said)
        assert len(scene.encoded()) - known == 60, "a passage was encoded twice"
    assert tell["  of these with Chroma made anew"] == KILLS
    assert tell["  Chroma by itself then answered"] < KILLS, "no kill came at the right moment"
    scene.run(driver.add, files)
    assert scene.look().answers == built_in_one_go(tmp_path / "whole", files).answers


def test_while_a_folder_is_synced(tmp_path: Path, tell: Counter[str]) -> None:
    files, scene = tmp_path / "files", Scene(tmp_path / "killed")
    (files / "moved").mkdir(parents=True)
    for number in range(12):
        write_document(files, number, 6)
    scene.run(driver.sync, files)
    chance = random.Random(11)  # noqa: S311 - a test's
    number = 12
    while tell["kills while a folder is synced"] < SYNC_KILLS:
        edited, moved, removed = chance.sample(sorted(files.glob("*.txt")), 3)
        write_document(files, int(edited.stem.removeprefix("report")), 6, edition=number)
        moved.rename(files / "moved" / moved.name)
        removed.unlink()
        for _ in range(2):
            write_document(files, number, 6)
            number += 1
        held, known = scene.held(), len(scene.encoded())
        process = scene.start(driver.sync, files, 0.01)
        process.join(chance.uniform(0.0, 1.5))
        tell["kills while a folder is synced"] += process.is_alive()
        kill_all(process, chance.choice((signal.SIGKILL, signal.SIGTERM)))
        again = {text.partition("\n")[2] for text in scene.encoded()[known:]}
        assert not held & again, "a kept passage was encoded again"
        scene.quiet()
        found = scene.look()
        assert found.problems == []
        tell["  opened clean"] += 1
        tell["  of these with traces erased"] += "were erased" in str(found.said)
    scene.run(driver.sync, files)
    whole = Scene(tmp_path / "whole")
    whole.run(driver.sync, files)
    found, expected = scene.look(), whole.look()
    assert found.problems == []
    assert (found.documents, found.answers) == (expected.documents, expected.answers)
