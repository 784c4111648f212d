"""Whatever befalls Chroma's files or the catalog's is mended, or said; never answered from."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import driver
from tests.faults.scene import Found, Scene, flip, kill, truncate, write_document

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the processes are forked")

FLIPS = 40
_GRAPH = ("header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, Found]:
    """Return an index that nothing happened to, with what it answers."""
    folder = tmp_path_factory.mktemp("whole")
    for number in range(4):
        write_document(folder / "files", number, 30)
    scene = Scene(folder / "scene")
    scene.run(driver.add, folder / "files")
    return scene, scene.look()


@pytest.fixture
def scene(whole: tuple[Scene, Found], tmp_path: Path) -> Scene:
    """Return a copy of it."""
    copy = Scene(tmp_path / "scene")
    shutil.copytree(whole[0].place.index, copy.place.index)
    return copy


def chroma(index: Path) -> Path:
    return index / "chroma"


def graph_file(index: Path, name: str) -> Path:
    (path,) = chroma(index).glob(f"*/{name}")
    return path


def delete_chroma(index: Path) -> None:
    shutil.rmtree(chroma(index))


def delete_the_graph(index: Path) -> None:
    shutil.rmtree(graph_file(index, "header.bin").parent)


def cut_the_database(index: Path) -> None:
    truncate(chroma(index) / "chroma.sqlite3")


def empty_the_database(index: Path) -> None:
    truncate(chroma(index) / "chroma.sqlite3", 0)


def forget_the_seal(index: Path) -> None:
    with sqlite3.connect(index / "catalog.sqlite3") as connection:
        connection.execute("DELETE FROM meta WHERE key = 'vectors_seal'")
    connection.close()


def leave_an_unfinished_store(index: Path) -> None:
    shutil.copytree(chroma(index), index / "chroma.new")
    shutil.move(chroma(index), index / "chroma.old")


def cut(name: str) -> Callable[[Path], None]:
    return lambda index: truncate(graph_file(index, name))


@pytest.mark.parametrize(
    "damage",
    [
        delete_chroma,
        delete_the_graph,
        cut_the_database,
        empty_the_database,
        forget_the_seal,
        leave_an_unfinished_store,
        *(pytest.param(cut(name), id=f"cut {name}") for name in _GRAPH),
    ],
)
def test_what_a_look_shows_is_mended_when_the_index_is_opened(
    damage: Callable[[Path], None], scene: Scene, whole: tuple[Scene, Found]
) -> None:
    damage(scene.place.index)
    found = scene.look()
    assert (found.problems, found.state, found.answers) == ([], "current", whole[1].answers)
    assert scene.encoded() == []
    assert {path.name for path in scene.place.index.iterdir()} <= {
        "catalog.sqlite3",
        "catalog.sqlite3-shm",
        "catalog.sqlite3-wal",
        "chroma",
        "chroma.lock",
        "write.lock",
    }


@pytest.mark.parametrize("name", _GRAPH)
def test_what_only_checksums_show_is_never_answered_from(
    name: str, scene: Scene, whole: tuple[Scene, Found]
) -> None:
    flip(graph_file(scene.place.index, name), 0.5)
    found = scene.look()
    assert found.answers == whole[1].answers
    assert "made anew" in str(found.said)
    assert "Chroma" in str(found.problems)
    assert scene.look().problems == []
    assert scene.encoded() == []


def test_flipped_bits_in_chromas_database(
    scene: Scene, whole: tuple[Scene, Found], capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(3)  # noqa: S311 - a test's
    table: Counter[str] = Counter()
    for _ in range(10):
        for _ in range(5):
            flip(chroma(scene.place.index) / "chroma.sqlite3", chance.random())
        found = scene.look(repair=True)
        assert found.answers == whole[1].answers
        assert found.problems == []
        table["mended" if found.repaired or found.said else "harmless"] += 1
        assert scene.look().problems == []
    assert scene.encoded() == []
    with capsys.disabled():
        sys.stdout.write(f"\n    five bits flipped in Chroma's database: {dict(table)}\n")


def contents(index: Path) -> list[object]:
    """Return every row of the catalog that a user could ever see."""
    connection = sqlite3.connect(index / "catalog.sqlite3")
    tables = ("documents", "passages", "search")
    rows = [connection.execute(f"SELECT * FROM {t} ORDER BY 1").fetchall() for t in tables]  # noqa: S608
    connection.close()
    return list(rows)


def test_flipped_bits_in_the_catalog_are_said(
    scene: Scene, whole: tuple[Scene, Found], capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(11)  # noqa: S311 - a test's
    table: Counter[str] = Counter()
    path = scene.place.index / "catalog.sqlite3"
    expected = contents(whole[0].place.index)
    for _ in range(FLIPS):
        shutil.copyfile(whole[0].place.index / "catalog.sqlite3", path)
        flip(path, chance.random())
        said = scene.saying(driver.look, scene.found.with_name("inside.json"))
        if said:
            table["said when it was opened or asked"] += 1
            continue
        found = scene.read(scene.found.with_name("inside.json"))
        if found.problems:
            table["said by verify"] += 1
        else:
            assert contents(scene.place.index) == expected, "a change went unnoticed"
            assert found.answers == whole[1].answers
            table["harmless: in no row"] += 1
    with capsys.disabled():
        sys.stdout.write(f"\n    a bit flipped in the catalog: {dict(table)}\n")


def test_a_damaged_full_text_is_mended(scene: Scene, whole: tuple[Scene, Found]) -> None:
    with sqlite3.connect(scene.place.index / "catalog.sqlite3") as connection:
        connection.execute("DELETE FROM search WHERE rowid % 3 = 0")
        connection.execute("UPDATE search SET body = 'zebra' WHERE rowid = 4")
        connection.execute("INSERT INTO search (rowid, body, context) VALUES (99999, 'x', 'y')")
        connection.execute("UPDATE search_data SET block = zeroblob(8) WHERE id > 10")
    connection.close()
    hurt = scene.look()
    assert "full text" in str(hurt.problems)
    assert not any("Take it out" in problem for problem in hurt.problems)
    mended = scene.look(repair=True)
    assert "full text" in str(mended.repaired)
    assert mended.problems == []
    assert scene.look().answers == whole[1].answers


def test_a_write_ahead_log_left_behind(scene: Scene, tmp_path: Path) -> None:
    files = tmp_path / "more"
    for number in range(10, 20):
        write_document(files, number, 6)
    process = scene.start(driver.add, files, 0.01)
    log = scene.place.index / "catalog.sqlite3-wal"
    deadline = time.monotonic() + 30
    while not (log.exists() and log.stat().st_size and len(scene.encoded()) > 20):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    kill(process, signal.SIGKILL)
    assert log.stat().st_size > 0
    committed = [f"report{number}.txt" for number in range(10, 12)]
    found = scene.look()
    assert found.problems == []
    assert set(committed) <= set(found.documents)
