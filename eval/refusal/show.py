"""What a refusal tells, as a table for a terminal."""

from __future__ import annotations

from rich.console import Group as Renderables
from rich.table import Table
from rich.text import Text

from eval.refusal import RATES, Measured, Told


def table(made: Measured) -> Renderables:
    """Return a row for each kind of each set, and the weights under them."""
    shown = Table(box=None, header_style="bold")
    for name in ("set", "without an answer"):
        shown.add_column(name, no_wrap=True)
    for name in ("n", "AUROC", "offset", *(f"{rate:.0%}" for rate in RATES)):
        shown.add_column(name, justify="right", no_wrap=True)
    for told in made.told:
        shown.add_row(*_row(told))
    note = (
        "Under a rate of wrong answers: the least probability of an answer, and the share of the "
        "answerable that have it."
    )
    weights = "\n".join(
        f"{name}: {w.bias:.2f} {w.score:+.2f} × score {w.complete:+.2f} × complete"
        for name, w in (("Weights in the box", made.weights), ("fitted here", made.fitted))
    )
    return Renderables(shown, Text(note, style="dim"), Text(weights))


def _row(told: Told) -> list[str]:
    offset = "" if told.offset is None else f"{told.offset:+.2f}"
    cells = (f"{told.thresholds[rate]:.3f} {told.answered[rate]:.2f}" for rate in RATES)
    return [told.set, told.kind, str(told.questions), f"{told.auroc:.3f}", offset, *cells]
