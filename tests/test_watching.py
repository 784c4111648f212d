"""A followed folder's changes arrive, and the index's own writing is none."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant import watching
from assistant.holdings import FileReport, Outcome
from assistant.watching import follow
from tests.fakes import FakeEncoder
from tests.indexes import opened, prose, write


class Followed:
    """Folders that are followed on a thread of their own."""

    def __init__(self, folders: Sequence[Path], place: Path) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, args=(folders, place))
        self.seen: list[list[FileReport]] = []
        self.failed: BaseException | None = None
        self._thread.start()

    def _work(self, folders: Sequence[Path], place: Path) -> None:
        try:
            with opened(place, FakeEncoder()) as index:
                for reports in follow(folders, index.sync, apart_from=place, stop=self._stop):
                    self.seen.append(reports)
        except BaseException as error:
            self.failed = error
            raise

    def until(self, true: Callable[[list[FileReport]], bool]) -> None:
        deadline = time.monotonic() + 30
        while not any(map(true, self.seen)):
            assert self.failed is None, self.failed
            assert time.monotonic() < deadline, self.seen
            time.sleep(0.02)

    def end(self) -> None:
        self._stop.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Followed]:
    monkeypatch.setattr(watching, "SECONDS", 0.2)
    write(tmp_path / "files" / "pears.txt", prose("pears"))
    # The index lies within what is followed.
    followed = Followed([tmp_path / "files", tmp_path / "later"], tmp_path / "files" / ".index")
    yield followed
    followed.end()


def became(name: str, outcome: Outcome) -> Callable[[list[FileReport]], bool]:
    return lambda reports: any(r.name == name and r.outcome is outcome for r in reports)


def test_what_comes_changes_and_goes_arrives(followed: Followed, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    followed.until(became("pears.txt", Outcome.ADDED))
    followed.until(became("later", Outcome.FAILED))
    write(folder / "sub" / "plums.txt", prose("plums"))
    followed.until(became("plums.txt", Outcome.ADDED))
    write(folder / "pears.txt", prose("cherries"))
    followed.until(became("pears.txt", Outcome.UPDATED))
    (folder / "pears.txt").rename(folder / "quinces.txt")
    followed.until(became("quinces.txt", Outcome.RENAMED))
    (folder / "quinces.txt").unlink()
    followed.until(became("quinces.txt", Outcome.REMOVED))
    write(tmp_path / "later" / "late.txt", prose("late"))
    followed.until(became("late.txt", Outcome.ADDED))
    write(tmp_path / "later" / "last.txt", prose("last"))
    followed.until(became("last.txt", Outcome.ADDED))


def test_writing_the_index_is_no_change(followed: Followed) -> None:
    followed.until(became("pears.txt", Outcome.ADDED))
    time.sleep(2)
    number = len(followed.seen)
    time.sleep(1)
    assert len(followed.seen) == number <= 4


def test_a_change_just_before_watching_begins_is_not_missed(
    tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SECONDS", 0.2)
    write(tmp_path / "files" / "pears.txt", prose("pears"))
    with opened(tmp_path / "index", encoder) as index:
        following = follow([tmp_path / "files"], index.sync, apart_from=index.folder)
        assert became("pears.txt", Outcome.ADDED)(next(following))
        # Until the next step is asked for, nothing watches.
        write(tmp_path / "files" / "plums.txt", prose("plums"))
        assert became("plums.txt", Outcome.ADDED)(next(following))
