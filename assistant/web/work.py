"""What is done to the documents: on threads of its own, one after another, watched and cancelled.

Work goes on when its page is closed; whoever opens the page meanwhile sees it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.errors import AssistantError, Stopped
from assistant.holdings import FileReport, OnProgress, Outcome, Progress, file_name
from assistant.web.keeping import UNFORESEEN
from assistant.web.language import say

Task = Callable[[OnProgress], list[FileReport]]
_LOG = logging.getLogger(__name__)
_GLANCE = 0.25
"""Seconds between two looks at how far work has come."""
_TELLING_SECONDS, _TELLING_SHARE = 4.0, 0.02
"""What has to be over and done before it can be told how long the rest will take."""
_NO_WORK = {Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.RENAMED, Outcome.SKIPPED}
"""What became of files that took next to no time, whatever their size."""

_NOT_DONE = {Outcome.FAILED, Outcome.STOPPED, Outcome.SKIPPED}


@dataclass(frozen=True, slots=True)
class File:
    """A file that is worked on: its size, and how many of how many passages are done.

    ``begun`` is whether it is being read, ``report`` what became of it, once it is done.
    """

    name: str
    size: float = 1.0
    begun: bool = False
    done: int = 0
    total: int = 0
    report: FileReport | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """How far work has come: its files, in order, and the seconds left where these can be told."""

    title: str
    files: tuple[File, ...] = ()
    waiting: bool = True
    cancelled: bool = False
    over: bool = False
    problem: str = ""
    reports: tuple[FileReport, ...] = ()
    share: float = 0.0
    seconds_left: float | None = None

    @property
    def fine(self) -> bool:
        """Whether it is over, and all of it is done."""
        bad = any(report.outcome in _NOT_DONE for report in self.reports)
        return self.over and not self.problem and not bad


@dataclass(eq=False)
class Work:
    """One piece of work, its title as "Adding 3 files".

    When its turn has come ``paths`` finds the files it is about, then ``task``
    does it, also when it was cancelled meanwhile: so each file is reported.
    """

    title: str
    task: Task
    paths: Callable[[], Sequence[str]]
    _files: dict[str, File] = field(default_factory=dict)
    _stage: Stage = field(init=False)
    _over: threading.Event = field(default_factory=threading.Event)
    _cancelled: threading.Event = field(default_factory=threading.Event)
    _begun: float = 0.0

    def __post_init__(self) -> None:
        self._stage = Stage(self.title)

    @property
    def over(self) -> bool:
        """Whether it is done, or has ended otherwise."""
        return self._over.is_set()

    def cancel(self) -> None:
        """Have it end after the passages in hand."""
        self._cancelled.set()

    def stages(self) -> Iterator[Stage]:
        """Yield how far it has come, whenever that is something else, until it is over."""
        shown = None
        while not self._over.wait(_GLANCE if shown else 0):
            if (stage := self.stage()) != shown:
                shown = stage
                yield stage
        yield self.stage()

    def stage(self) -> Stage:
        """Return how far it has come."""
        stage = replace(self._stage, cancelled=self._cancelled.is_set())
        if stage.over or stage.waiting:
            return stage
        files = tuple(self._files.values())
        done, whole = _sizes(files)
        share = done / whole if whole else 0.0
        took = time.monotonic() - self._begun
        told = share >= _TELLING_SHARE and took >= _TELLING_SECONDS
        left = round(took * (1 - share) / share) if told else None
        return replace(stage, files=files, share=share, seconds_left=left)

    def run(self) -> None:
        """Do it; what goes wrong is kept in words."""
        reports: list[FileReport] = []
        problem = ""
        try:
            self._files = {path: File(file_name(path), _size(path)) for path in self.paths()}
            self._begun = time.monotonic()
            self._stage = replace(self._stage, waiting=False)
            reports = self.task(self._hear)
        except AssistantError as error:
            problem = str(error)
        except Exception:  # noqa: BLE001 - shown in words, logged in full
            _LOG.exception("%s went wrong", self.title)
            problem = say(UNFORESEEN)
        finally:
            self._stage = Stage(
                self.title, waiting=False, over=True, problem=problem, reports=tuple(reports)
            )
            self._over.set()

    def _hear(self, told: Progress) -> None:
        file = self._files.get(told.path) or File(told.name, _size(told.path))
        self._files[told.path] = replace(
            file,
            begun=True,
            done=told.passages_done,
            total=told.passages_total,
            report=told.report,
        )
        if self._cancelled.is_set():
            raise Stopped(f"{self.title} was cancelled.")


class Works:
    """The work on each index: what was begun first is done first."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._going: dict[Path, list[Work]] = {}

    def begin(self, index: Path, work: Work) -> None:
        """Do a piece of work when what was begun before it is over."""
        with self._guard:
            self._going.setdefault(index, []).append(work)
            if len(self._going[index]) == 1:
                threading.Thread(target=self._run, args=(index,), daemon=True).start()

    def going(self, index: Path) -> list[Work]:
        """Return what is not over yet, in order."""
        with self._guard:
            return list(self._going.get(index, ()))

    def _run(self, index: Path) -> None:
        while work := next(iter(self.going(index)), None):
            work.run()
            with self._guard:
                self._going[index].remove(work)
                if not self._going[index]:
                    del self._going[index]
                    return


def _sizes(files: Sequence[File]) -> tuple[float, float]:
    """Return how much of the files that take time is done, and how much there is."""
    counted = [f for f in files if not (f.report and f.report.outcome in _NO_WORK)]
    done = sum(
        f.size if f.report else f.size * f.done / f.total if f.total else 0.0 for f in counted
    )
    return done, sum(f.size for f in counted)


def _size(path: str) -> float:
    """Return a file's bytes; what has none here counts as one."""
    try:
        return max(float(Path(path).stat().st_size), 1.0)
    except (OSError, ValueError):
        return 1.0
