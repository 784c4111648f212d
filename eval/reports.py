"""A finished run as one value, and as one JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from assistant.types import to_json
from eval.errors import RunError
from eval.measures import Better, Figure, Group, Measure, curve, figures
from eval.metrics.refusals import RiskPoint
from eval.scoring import Scored

REPORT = "report.json"


@dataclass(frozen=True, slots=True)
class Identity:
    """What has to be the same for a stopped run to go on: question set, settings and code.

    ``digest`` is that of the questions; ``commit`` is the code's, followed by a
    digest of what was changed since, or empty outside a checkout.
    """

    set: str
    source: str
    digest: str
    limit: int
    index: str
    encoder: str
    model: str
    judge: str
    k: int
    commit: str


@dataclass(frozen=True, slots=True)
class Indexing:
    """What was indexed before the questions were asked.

    ``encoded`` passages were made in ``seconds`` (0: the index was there).
    ``unread`` names files that could not be read, and gold documents that the
    index lacks, each with the reason.
    """

    documents: int
    passages: int
    characters: int
    encoded: int
    seconds: float
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a run took place. ``resumed`` counts how often it was taken up again."""

    started: str
    finished: str
    resumed: int
    machine: str
    versions: dict[str, str]
    indexing: Indexing
    start_seconds: float
    peak_memory_mb: float


@dataclass(frozen=True, slots=True)
class Report:
    """A finished run: what was asked of what, every figure, and every question's scores."""

    identity: Identity
    setting: Setting
    figures: tuple[Figure, ...]
    curve: tuple[RiskPoint, ...]
    questions: tuple[Scored, ...]


def make(identity: Identity, setting: Setting, scored: tuple[Scored, ...]) -> Report:
    """Return the report of these scored questions."""
    found = (*figures(scored), *_of_the_machine(setting))
    return Report(identity, setting, found, tuple(curve(scored)), scored)


def save(report: Report, folder: Path) -> Path:
    """Write a report into a run's folder, whole or not at all."""
    path = folder / REPORT
    part = path.with_suffix(".part")
    part.write_text(json.dumps(to_json(report), ensure_ascii=False, indent=1), "utf-8")
    part.replace(path)
    return path


def load(run: Path) -> Report:
    """Read the report of a run's folder, or a report's own file; raises :class:`RunError`."""
    path = run / REPORT if run.is_dir() else run
    try:
        return _ADAPTER.validate_json(path.read_bytes())
    except OSError as error:
        raise RunError(
            f"The run {str(run)!r} has no {REPORT} that can be read: {error.strerror}. Give the "
            "folder of a finished run; `python -m eval run` prints where it wrote one."
        ) from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "its beginning"
        raise RunError(
            f"{path} is no report of this version: at {where}, {first['msg']}. Run it again."
        ) from None


def _of_the_machine(setting: Setting) -> Iterator[Figure]:
    done = setting.indexing
    if done.encoded:
        rate = Measure("index_rate", Group.COST, "passages indexed a second")
        yield Figure(rate, done.encoded / done.seconds, done.encoded)
    start = Measure("start", Group.COST, "seconds until the first search is done", Better.LOWER)
    yield Figure(start, setting.start_seconds, 1)
    memory = Measure("peak_memory", Group.COST, "most memory used, in megabytes", Better.LOWER)
    yield Figure(memory, setting.peak_memory_mb, 1)


_ADAPTER = TypeAdapter(Report)
