"""What a benchmark measures, as values: ratios within one run, and the figures behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Target(NamedTuple):
    """What a figure should come to, at most or at least."""

    value: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Tell whether a figure does."""
        return value >= self.value if self.at_least else value <= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """A ratio, or a figure of its own; ``made_of`` says of what, with units."""

    name: str
    value: float
    made_of: str
    target: Target | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met, or None without one."""
        return self.target.met(self.value) if self.target else None


@dataclass(frozen=True, slots=True)
class Step:
    """An index of a size: searches, peak memory of the process that searched, disk.

    ``build_seconds`` and ``build_memory_mb`` are those of the last passages added.
    """

    passages: int
    p50_ms: float
    p95_ms: float
    ask_memory_mb: float
    disk_bytes: int
    build_seconds: float
    build_memory_mb: float

    @property
    def disk_kb(self) -> float:
        """Kilobytes on disk for each passage."""
        return self.disk_bytes / self.passages / 1000


@dataclass(frozen=True, slots=True)
class Bench:
    """A whole run: on what, with what, and what came of it."""

    machine: str
    versions: dict[str, str]
    commit: str
    quick: bool
    seconds: float
    figures: tuple[Figure, ...]
    growth: tuple[Step, ...]
    failures: tuple[str, ...]
