"""What every pipeline can do, and what is measured of it, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from eval.metrics.places import Stretch
from eval.statistics import Interval


class Pipeline(Protocol):
    """Documents in, places found for a question out.

    Its model is loaded when the pipeline is made, so that indexing can be
    measured without it.
    """

    description: str
    """The pipeline in a line: its splitter, its stores, how many passages it returns."""
    packages: tuple[str, ...]
    """The distributions whose versions belong to the figures."""

    def build(self, folder: Path) -> int:
        """Read and index a folder of documents, and return the number of passages made."""
        ...

    def search(self, question: str) -> list[Stretch]:
        """Return where the passages found for a question stand, best first."""
        ...


class Progress(NamedTuple):
    """How far a pipeline has come. ``total`` is 0 where a stage has nothing to count."""

    pipeline: str
    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Searched:
    """What a pipeline found for one question, best first, or why the search failed.

    ``scores`` are those of :func:`eval.metrics.retrieval.scores`; a failure has found nothing.
    """

    id: str
    milliseconds: float
    found: tuple[Stretch, ...]
    failure: str = ""
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a worker measured of a pipeline, before anything is scored.

    ``start_seconds`` covers imports and loading the model, ``index_seconds``
    reading and indexing the documents; ``peak_memory_mb`` is that of the whole
    process, in 10^6 bytes, 0 where it can't be known.
    """

    description: str
    versions: dict[str, str]
    passages: int
    start_seconds: float
    index_seconds: float
    peak_memory_mb: float
    questions: tuple[Searched, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a pipeline took. Rates are per second of indexing; p50 and p95 of the searches."""

    documents: int
    characters: int
    passages: int
    start_seconds: float
    index_seconds: float
    passages_per_second: float
    characters_per_second: float
    p50_ms: float
    p95_ms: float
    peak_memory_mb: float


@dataclass(frozen=True, slots=True)
class PeerResult:
    """One pipeline over one question set, or why it failed.

    ``scores`` are means over ``questions``, ``intervals`` their 95 % bootstrap
    intervals. A pipeline that failed has a ``failure`` and neither cost nor scores.
    """

    name: str
    failure: str = ""
    description: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    cost: Cost | None = None
    scores: dict[str, float] = field(default_factory=dict)
    intervals: dict[str, Interval] = field(default_factory=dict)
    questions: tuple[Searched, ...] = ()
