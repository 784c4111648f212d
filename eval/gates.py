"""What a run has to reach, for people's own continuous integration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eval.comparing import Comparison
from eval.errors import MeasureError
from eval.measures import Better, find
from eval.reports import Report


@dataclass(frozen=True, slots=True)
class Floor:
    """A value that a measure must not be worse than: below it, or above where less is better."""

    name: str
    value: float


def parse_floor(text: str) -> Floor:
    """Read "hit@1=0.8"; raises :class:`MeasureError`."""
    name, equals, value = text.partition("=")
    try:
        floor = Floor(name.strip(), float(value))
    except ValueError:
        equals = ""
    if not equals:
        raise MeasureError(f"{text!r} is no floor. Write one as hit@1=0.8.")
    return floor


def below(report: Report, floors: Iterable[Floor]) -> list[str]:
    """Return a sentence for each floor that a run misses; raises :class:`MeasureError`."""
    missed = []
    for floor in floors:
        figure = find(report.figures, floor.name)
        low = figure.measure.better is not Better.LOWER
        if figure.value < floor.value if low else figure.value > floor.value:
            side = "below" if low else "above"
            missed.append(f"{floor.name} is {figure.value:.4g}, {side} {floor.value:g}.")
    return missed


def worse(comparison: Comparison) -> list[str]:
    """Return a sentence for each measure that is worse than before, and hardly by chance."""
    return [
        f"{change.measure.name} went from {change.before:.4g} to {change.after:.4g} "
        f"(p = {change.difference.p:.2g})."
        for change in comparison.changes
        if change.verdict == "worse"
    ]
