"""A full disk stops an index from growing, and from nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import driver
from tests.faults.scene import Scene, texts_of, twice, write_document

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="neither mounts nor limits there")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("only root on Linux can mount a small disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Return a folder of documents."""
    folder = tmp_path / "files"
    for number in range(4):
        write_document(folder, number, 40)
    return folder


def move_notes(scene: Scene, folder: Path) -> None:
    """Keep what the processes note elsewhere, so that noting it is not what fails."""
    kept = folder / "encoded.jsonl"
    if scene.place.log.exists():
        shutil.move(scene.place.log, kept)
    scene.place.log.symlink_to(kept)
    scene.found = folder / "found.json"


def complete(scene: Scene, files: Path, tmp_path: Path) -> None:
    """Add what is missing, and see that all is as if nothing had happened."""
    kept, known = scene.look().documents, len(scene.encoded())
    assert scene.saying(driver.add, files) == ""
    assert not texts_of(scene.encoded()[known:], kept), "a kept document was encoded again"
    whole = Scene(tmp_path / "whole")
    whole.run(driver.add, files)
    found = scene.look()
    assert found.problems == []
    assert found.answers == whole.look().answers


def test_full_while_a_document_is_committed(disk: Path, files: Path, tmp_path: Path) -> None:
    scene = Scene(disk)
    first = tmp_path / "first"
    write_document(first, 9, 40)
    scene.run(driver.add, first)
    before = scene.look()
    move_notes(scene, tmp_path)
    driver.fill(disk, spare=60_000)
    said = scene.saying(driver.add, files)
    assert "Make space" in said
    after = scene.look()
    assert set(after.documents) >= set(before.documents)
    assert isinstance(after.answers, list), "a disk that is all but full can be asked"
    driver.fill(disk)
    assert "Make space" in scene.saying(driver.add, files)
    (disk / "ballast").unlink()
    write_document(files, 9, 40)
    complete(scene, files, tmp_path)


def test_full_while_chroma_is_told(disk: Path, files: Path, tmp_path: Path) -> None:
    scene = Scene(disk)
    move_notes(scene, tmp_path)
    assert scene.saying(driver.filling, files, disk) == "", "the catalog has the documents"
    full = scene.look()
    assert full.documents
    assert any("Chroma" in problem or "vector index" in problem for problem in full.problems)
    assert "could not be written" in str(full.said)
    (disk / "ballast").unlink()
    mended = scene.look()
    assert mended.problems == []
    assert mended.answers == full.answers, "the catalog's vectors answered"
    complete(scene, files, tmp_path)
    assert twice(scene.encoded()) == 0


@pytest.mark.parametrize("most", [100_000, 200_000, 400_000, 700_000])
def test_no_file_may_grow(most: int, files: Path, tmp_path: Path) -> None:
    scene = Scene(tmp_path / "limited")
    said = scene.saying(driver.limited, files, most)
    complete(scene, files, tmp_path)
    largest = max(file.stat().st_size for file in scene.place.index.rglob("*"))
    assert ("Make space" in said) if largest > most else (not said or "Make space" in said)
