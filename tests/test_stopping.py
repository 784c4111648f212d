"""Adding is stopped: what is done stays, what is half done goes on, what is left says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import encoding, health
from assistant.errors import Stopped
from assistant.holdings import Outcome, Progress
from assistant.index import Index
from tests.fakes import FakeEncoder
from tests.indexes import opened, prose, write


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def index(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Index]:
    with opened(tmp_path / "index", encoder) as index:
        yield index


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    for name in "abc":
        write(folder / f"{name}.txt", prose(f"river {name}", 12))
    return folder


def stop_when(reached: Callable[[Progress], bool]) -> Callable[[Progress], None]:
    def on_progress(progress: Progress) -> None:
        if reached(progress):
            raise Stopped("enough")

    return on_progress


def outcomes(index: Index, folder: Path, reached: Callable[[Progress], bool]) -> list[str]:
    return [r.outcome.value for r in index.add([folder], on_progress=stop_when(reached))]


def test_what_is_done_stays_and_the_rest_is_reported(index: Index, folder: Path) -> None:
    found = outcomes(index, folder, lambda p: p.name == "b.txt" and p.passages_done == 3)
    assert found == ["added", "stopped", "stopped"]
    assert [info.name for info in index.catalog.documents()] == ["a.txt"]
    assert health.verify(index).ok


def test_the_file_in_hand_goes_on_where_it_was(
    index: Index, folder: Path, encoder: FakeEncoder
) -> None:
    outcomes(index, folder, lambda p: p.name == "a.txt" and p.passages_done == 5)
    assert encoding.unfinished(index.catalog) == {str(folder / "a.txt"): 5}
    done = encoder.encoded[:5]
    index.add([folder])
    assert not set(done) & set(encoder.encoded[6:])
    assert len(index.catalog.documents()) == 3


def test_stopped_before_the_first_file_nothing_is_added(index: Index, folder: Path) -> None:
    assert outcomes(index, folder, lambda _: True) == ["stopped"] * 3
    assert index.catalog.documents() == []


def test_stopped_after_the_last_file_all_are_added(index: Index, folder: Path) -> None:
    assert outcomes(index, folder, lambda p: p.files_done == 3) == ["added"] * 3


def test_what_is_stopped_takes_nothing_out(index: Index, folder: Path) -> None:
    index.sync([folder])
    (folder / "a.txt").unlink()
    reports = index.sync([folder], on_progress=stop_when(lambda _: True))
    assert {report.outcome for report in reports} == {Outcome.STOPPED}
    assert len(index.catalog.documents()) == 3


def test_pages_of_the_web_are_stopped_between(index: Index) -> None:
    asked: list[str] = []

    def load(address: str) -> None:
        asked.append(address)

    addresses = ["https://example.org/a", "https://example.org/b"]
    on_progress = stop_when(lambda p: p.path == addresses[0])
    reports = index.add_pages(addresses, load, on_progress)  # type: ignore[arg-type]
    assert [(r.path, r.outcome) for r in reports] == [(a, Outcome.STOPPED) for a in addresses]
    assert asked == []
