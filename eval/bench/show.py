"""A benchmark as a table for a terminal, as JSON, and as a plot of the growth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.figure import Figure as Plot
from rich.console import Group
from rich.table import Table
from rich.text import Text

from assistant.types import to_json
from eval.bench.measured import Bench, Figure
from eval.show import number

if TYPE_CHECKING:
    from rich.console import RenderableType

_COLOURS = {None: "", True: "green", False: "red"}
REPORT, PLOT = "bench.json", "growth.svg"


def table(made: Bench) -> Group:
    """Return the figures with their targets, and the growth."""
    return Group(*_parts(made))


def write(made: Bench, folder: Path) -> None:
    """Write the report and, where an index grew, the plot into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_json(made), ensure_ascii=False, indent=1)
    (folder / REPORT).write_text(text + "\n", "utf-8")
    if made.growth:
        _plot(made, folder / PLOT)


def _parts(made: Bench) -> Iterator[RenderableType]:
    figures = Table("Figure", box=None, header_style="bold", pad_edge=False)
    figures.add_column("", justify="right")
    figures.add_column("Target", justify="right")
    figures.add_column("Made of", style="dim")
    for figure in made.figures:
        value = Text(number(figure.value), _COLOURS[figure.met])
        figures.add_row(figure.name, value, _target(figure), figure.made_of)
    yield figures
    if made.growth:
        growth = Table("Passages", box=None, header_style="bold", pad_edge=False)
        for name in ("p50 ms", "p95 ms", "memory MB", "disk KB a passage", "build s"):
            growth.add_column(name, justify="right")
        for step in made.growth:
            cells = (step.p50_ms, step.p95_ms, step.ask_memory_mb, step.disk_kb, step.build_seconds)
            growth.add_row(f"{step.passages:,}", *(f"{cell:,.1f}" for cell in cells))
        yield Text()
        yield growth
    for failure in made.failures:
        yield Text(f"Failed: {failure}", "red")
    yield Text(f"\n{made.machine}; {made.seconds:.0f} s in all", "dim")


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    return f"{'≥' if figure.target.at_least else '≤'} {figure.target.value:.3g}"


def _plot(made: Bench, path: Path) -> None:
    sizes = [step.passages for step in made.growth]
    with mpl.rc_context({"svg.fonttype": "none", "font.size": 9, "svg.hashsalt": "bench"}):
        plot = Plot(figsize=(8, 2.6), layout="constrained")
        left, middle, right = plot.subplots(1, 3)
        left.plot(sizes, [step.p50_ms for step in made.growth], marker="o", label="p50")
        left.plot(sizes, [step.p95_ms for step in made.growth], marker="o", label="p95")
        left.legend(frameon=False)
        middle.plot(sizes, [step.ask_memory_mb for step in made.growth], marker="o")
        right.plot(sizes, [step.disk_kb for step in made.growth], marker="o")
        titles = ("Search, ms", "Memory while searching, MB", "Disk a passage, KB")
        for axes, title in zip((left, middle, right), titles, strict=True):
            axes.set(xscale="log", xlabel="passages", title=title, ylim=(0, None))
            axes.grid(alpha=0.3)
        plot.savefig(path, format="svg", metadata={"Date": None})
