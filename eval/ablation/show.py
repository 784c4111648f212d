"""An ablation as a table for a terminal."""

from __future__ import annotations

from rich.console import Group as Renderables
from rich.table import Table
from rich.text import Text

from assistant.render import plural
from eval.ablation import MEASURES, Ablation
from eval.comparing import SIGNIFICANT
from eval.statistics import Difference


def table(made: Ablation) -> Renderables:
    """Return the means, and under them what leaving out each part does to each."""
    shown = Table(box=None, header_style="bold")
    shown.add_column("", no_wrap=True)
    for measure in MEASURES:
        shown.add_column(measure, justify="right", no_wrap=True)
    means = (
        f"{made.means[m]:.3f} {made.intervals[m].low:.2f}–{made.intervals[m].high:.2f}"
        for m in MEASURES
    )
    shown.add_row(f"{plural(made.questions, 'question')}, everything", *means, style="bold")
    for part in made.parts:
        shown.add_row(f"without {part.part}", *(_cell(part.differences[m]) for m in MEASURES))
    note = (
        "In colour: p < 0.05 in a paired permutation test. The JSON has each difference's interval."
    )
    return Renderables(shown, Text(note, style="dim"))


def _cell(found: Difference) -> Text:
    if not found.mean:
        return Text("·", style="dim")
    style = "" if found.p >= SIGNIFICANT else "red" if found.mean < 0 else "green"
    return Text(f"{found.mean:+.3f}", style=style)
