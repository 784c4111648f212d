"""Runs as their folders tell: which there are, and what one of them found.

A finished run has report.json and plots.json; one that was stopped, run.json
and what was answered so far.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from assistant.errors import StoreError
from assistant.web.language import say

_REPORT, _PLOTS, _RUN, _OUTCOMES = "report.json", "plots.json", "run.json", "outcomes.jsonl"
_LOCK = "run.lock"
"""Held while it runs."""
PAGE = "report.html"
MOST = 100
"""Runs listed, the newest first."""


class Identity(BaseModel):
    """What was asked of what."""

    set: str
    index: str
    model: str
    k: int
    limit: int


class Setting(BaseModel):
    """When a run took place (UTC, ISO 8601)."""

    started: str
    finished: str


class Measure(BaseModel):
    """A measure by name, with its meaning in a few words."""

    name: str
    group: str
    meaning: str


class Figure(BaseModel):
    """A measure's value over ``n`` questions, with a 95 % interval where it is a mean."""

    measure: Measure
    value: float
    n: int
    low: float | None = None
    high: float | None = None


class Head(BaseModel):
    """A finished run without its questions."""

    identity: Identity
    setting: Setting
    figures: tuple[Figure, ...]

    def figure(self, name: str) -> Figure | None:
        """Return the figure of a measure, if the run has it."""
        return next((figure for figure in self.figures if figure.measure.name == name), None)

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        failed = self.figure("failed")
        return failed.n if failed else 0


class Begun(BaseModel):
    """A run that did not come to its end."""

    identity: Identity
    started: str


class Question(BaseModel):
    """A question, and what would have been right."""

    text: str
    answerable: bool
    answers: tuple[str, ...]
    kind: str


class Answer(BaseModel):
    """What was answered."""

    text: str
    refused: bool
    reason: str


class Quote(BaseModel):
    """Gold evidence, and where it stands."""

    document: str
    page: int | None
    text: str


class Outcome(BaseModel):
    """What came of a question."""

    answer: Answer | None
    evidence: tuple[Quote, ...]
    failure: str


class Scored(BaseModel):
    """A question, what came of it, and in words what became of it and why."""

    question: Question
    outcome: Outcome
    became: str
    remark: str


class Plot(BaseModel):
    """A drawing with its title, and what it shows in words."""

    title: str
    says: str
    svg: str


class Change(BaseModel):
    """A measure in two runs: the mean of the paired differences, its interval, p of none."""

    measure: Measure
    n: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p: float
    verdict: str


class Turned(BaseModel):
    """A question that is right in one of two runs only."""

    question: str
    was: str
    became: str


class Comparison(BaseModel):
    """What differs between two runs."""

    changes: tuple[Change, ...]
    same: tuple[str, ...]
    gained: tuple[Turned, ...]
    lost: tuple[Turned, ...]
    left_out: int
    plots: tuple[Plot, ...]


class Run(BaseModel):
    """A run's folder: finished with a head, or begun, with so many questions answered."""

    folder: Path
    head: Head | None = None
    begun: Begun | None = None
    answered: int = 0

    @property
    def name(self) -> str:
        """The folder's name, by which the page asks for it."""
        return self.folder.name

    @property
    def identity(self) -> Identity | None:
        """What was asked of what."""
        known = self.head or self.begun
        return known.identity if known else None

    @property
    def started(self) -> str:
        """When it began."""
        if self.head:
            return self.head.setting.started
        return self.begun.started if self.begun else ""


def listed(folders: Iterable[Path]) -> list[Run]:
    """Return the runs in these folders, the newest first."""
    found = [run for folder in folders for run in _runs(folder)]
    return sorted(found, key=lambda run: (run.started, run.name), reverse=True)[:MOST]


def questions(run: Run) -> list[Scored]:
    """Return what became of each question of a run; raises :class:`StoreError`."""

    class Questions(BaseModel):
        questions: list[Scored]

    try:
        return Questions.model_validate_json((run.folder / _REPORT).read_bytes()).questions
    except (OSError, ValidationError) as error:
        raise StoreError(f"The run {run.name!r} can’t be read. Run it again.") from error


def plots(run: Run) -> list[Plot]:
    """Return the plots of a run, as far as there are any."""
    try:
        return [Plot.model_validate(one) for one in json.loads((run.folder / _PLOTS).read_bytes())]
    except (OSError, ValueError):
        return []


def delete(run: Run) -> None:
    """Delete a run, its report included; raises :class:`StoreError` where that can't be done."""
    try:
        with FileLock(run.folder / _LOCK, timeout=0):
            pass
        shutil.rmtree(run.folder)
    except Timeout:
        raise StoreError(say("This run is going on. Stop it, then delete it.")) from None
    except OSError as error:
        raise StoreError(
            say(
                "The run in {folder} can’t be deleted: {reason}. See to the rights of that folder.",
                folder=run.folder,
                reason=error.strerror or error,
            )
        ) from error


def _runs(folder: Path) -> Iterator[Run]:
    for place in sorted(folder.glob("*/")):
        report = place / _REPORT
        try:
            facts = report.stat()
        except OSError:
            begun = _begun(place)
            if begun:
                yield Run(folder=place, begun=begun, answered=_lines(place / _OUTCOMES))
            continue
        head = _head(report, facts.st_mtime_ns, facts.st_size)
        if head:
            yield Run(folder=place, head=head)


@lru_cache(maxsize=4 * MOST)
def _head(report: Path, changed: int, size: int) -> Head | None:  # noqa: ARG001 - what changes with it
    """Return a report without its questions, read once, or None for one of another version."""
    try:
        return Head.model_validate_json(report.read_bytes())
    except (OSError, ValidationError):
        return None


def _begun(place: Path) -> Begun | None:
    try:
        return Begun.model_validate_json((place / _RUN).read_bytes())
    except (OSError, ValidationError):
        return None


def _lines(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n")
    except OSError:
        return 0
