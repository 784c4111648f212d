"""The plots of a report, as SVG that takes the colour of the text around it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.figure import Figure as Plot

from eval.comparing import Comparison
from eval.measures import Better, Figure
from eval.metrics.retrieval import BUDGETS, CUTOFFS
from eval.reports import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK = "#010203"
"""Stands for the colour of the text around a plot, and is replaced by it."""
_BLUE, _ORANGE, _GREEN, _RED, _GREY = "#4a8fd0", "#d98a35", "#4fa36d", "#cf5b56", "#8a8f98"
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.edgecolor": _GREY,
    "axes.labelcolor": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "grid.color": _GREY,
    "grid.alpha": 0.25,
    "text.color": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
}


class Picture(NamedTuple):
    """A plot with its title and what it shows, for those who can't see it."""

    title: str
    says: str
    svg: Markup


def of_report(report: Report) -> list[Picture]:
    """Return the plots that a run's figures allow."""
    figures = {figure.measure.name: figure for figure in report.figures}
    pictures = []
    if "hit@1" in figures:
        pictures.append(_by_cutoff(figures))
        pictures.append(_by_budget(figures))
    if len(report.curve) > 1:
        pictures.append(_risk(report))
    confidences = _confidences(report)
    if any(confidences):
        pictures.append(_histogram(*confidences))
    seconds = [s.outcome.cost.whole for s in report.questions if s.outcome.cost]
    if len(seconds) > 1:
        pictures.append(_latency(seconds))
    return pictures


def of_comparison(comparison: Comparison) -> list[Picture]:
    """Return the differences between two runs with their intervals, as a forest plot."""
    changes = [
        change
        for change in comparison.differing
        if change.measure.better is not Better.NEITHER and abs(change.before) <= 1
    ][::-1]
    if not changes:
        return []
    with mpl.rc_context(_STYLE):
        plot = Plot(figsize=(7, 0.7 + 0.2 * len(changes)), layout="constrained")
        axes = plot.subplots()
        for row, change in enumerate(changes):
            colour = {"better": _GREEN, "worse": _RED, "": _GREY}[change.verdict]
            low, high = change.difference.interval
            axes.plot([low, high], [row, row], color=colour, linewidth=2)
            axes.plot([change.difference.mean], [row], "o", color=colour, markersize=4)
        axes.axvline(0, color=_GREY, linewidth=1)
        axes.set_yticks(range(len(changes)), [change.measure.name for change in changes])
        axes.grid(visible=True, axis="x")
        says = "; ".join(f"{c.measure.name} {c.difference.mean:+.3f}" for c in changes[::-1])
        return [Picture("Difference, with 95 % intervals", says, _svg(plot, "forest"))]


def _by_cutoff(figures: dict[str, Figure]) -> Picture:
    colours = {"hit": _BLUE, "recall": _ORANGE, "mrr": _GREEN, "ndcg": _GREY}
    with mpl.rc_context(_STYLE):
        plot, axes = _new()
        for shift, (name, colour) in enumerate(colours.items()):
            chosen = [figures[f"{name}@{k}"] for k in CUTOFFS]
            places = [place + 0.07 * (shift - 1.5) for place in range(len(CUTOFFS))]
            _with_intervals(axes, places, chosen, name, colour)
        axes.set_xticks(range(len(CUTOFFS)), [f"@{k}" for k in CUTOFFS])
        axes.set_ylim(0, 1.02)
        axes.legend(loc="lower right", ncols=2)
        return Picture("Retrieval by cutoff", _said(figures, *colours), _svg(plot, "cutoff"))


def _by_budget(figures: dict[str, Figure]) -> Picture:
    with mpl.rc_context(_STYLE):
        plot, axes = _new()
        for shift, (name, colour) in enumerate({"evidence": _BLUE, "excerpts": _ORANGE}.items()):
            chosen = [figures[f"{name}@{budget}"] for budget in BUDGETS]
            at = [place + 0.07 * (shift - 0.5) for place in range(len(BUDGETS))]
            _with_intervals(axes, at, chosen, name, colour)
        axes.legend(loc="lower right")
        axes.set_xticks(range(len(BUDGETS)), [f"{budget:,}" for budget in BUDGETS])
        axes.set_xlabel("characters of retrieved text")
        axes.set_ylim(0, 1.02)
        return Picture(
            "Gold evidence within a budget",
            _said(figures, "evidence", "excerpts"),
            _svg(plot, "budget"),
        )


def _risk(report: Report) -> Picture:
    with mpl.rc_context(_STYLE):
        plot, axes = _new()
        coverage = [point.coverage for point in report.curve]
        risk = [point.risk for point in report.curve]
        axes.step(coverage, risk, where="post", color=_RED)
        axes.plot(coverage[-1:], risk[-1:], "o", color=_RED)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, max(0.05, *risk) * 1.1)
        axes.set_xlabel("share of questions answered, surest first")
        axes.set_ylabel("share of them wrong")
        says = f"At coverage {coverage[-1]:.2f} the risk is {risk[-1]:.2f}."
        return Picture("Risk and coverage", says, _svg(plot, "risk"))


def _histogram(answerable: Sequence[float], unanswerable: Sequence[float]) -> Picture:
    with mpl.rc_context(_STYLE):
        plot, axes = _new()
        axes.hist(
            [answerable, unanswerable],
            bins=20,
            range=(0, 1),
            color=[_BLUE, _ORANGE],
            label=["answerable", "not answerable"],
        )
        axes.set_xlabel("confidence that the documents hold the answer")
        axes.set_ylabel("questions")
        axes.legend()
        says = f"{len(answerable)} answerable and {len(unanswerable)} unanswerable questions."
        return Picture("Confidence", says, _svg(plot, "confidence"))


def _latency(seconds: Sequence[float]) -> Picture:
    with mpl.rc_context(_STYLE):
        plot, axes = _new()
        axes.hist(seconds, bins=30, color=_BLUE)
        axes.set_xlabel("seconds to the whole answer")
        axes.set_ylabel("questions")
        says = f"From {min(seconds):.3f} to {max(seconds):.3f} seconds."
        return Picture("Time to answer", says, _svg(plot, "latency"))


def _with_intervals(
    axes: Axes, places: Sequence[float], chosen: Sequence[Figure], name: str, colour: str
) -> None:
    values = [figure.value for figure in chosen]
    below = [figure.value - (figure.low or 0.0) for figure in chosen]
    above = [(figure.high or 0.0) - figure.value for figure in chosen]
    axes.errorbar(
        places, values, yerr=[below, above], fmt="o-", color=colour, markersize=4, label=name
    )


def _new() -> tuple[Plot, Axes]:
    plot = Plot(figsize=(4.6, 2.9), layout="constrained")
    axes = plot.subplots()
    axes.grid(visible=True, axis="y")
    return plot, axes


def _said(figures: dict[str, Figure], *names: str) -> str:
    return "; ".join(
        f"{name} {figure.value:.2f}"
        for name, figure in figures.items()
        if name.partition("@")[0] in names
    )


def _confidences(report: Report) -> tuple[list[float], list[float]]:
    answered = [(s.question.answerable, s.outcome.answer) for s in report.questions]
    return (
        [answer.confidence for answerable, answer in answered if answer and answerable],
        [answer.confidence for answerable, answer in answered if answer and not answerable],
    )


def _svg(plot: Plot, name: str) -> Markup:
    buffer = io.StringIO()
    # Element ids are made from the salt: plots on one page must not share them.
    with mpl.rc_context({"svg.hashsalt": name}):
        plot.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    drawing = buffer.getvalue()
    drawing = drawing[drawing.index("<svg") :].replace(_INK, "currentColor")
    return Markup(drawing)  # noqa: S704 - drawn from numbers and names of measures
