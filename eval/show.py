"""Reports and comparisons as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group as Renderables
from rich.table import Table
from rich.text import Text

from assistant.render import line, plural
from eval.comparing import Comparison
from eval.gate import Gated
from eval.measures import Figure, Group
from eval.metrics.retrieval import BUDGETS, CUTOFFS
from eval.reports import Report
from eval.scoring import Became

_COLOURS = {"better": "green", "worse": "red", "": ""}


def report(made: Report) -> Renderables:
    """Return the tables of a run: retrieval, answers and citations, refusal, cost, judged."""
    return Renderables(*_tables(made))


def comparison(made: Comparison) -> Renderables:
    """Return the table of what differs between two runs, and how many questions changed side."""
    table = Table(box=None, header_style="bold")
    table.add_column("", min_width=18)
    for name in ("of", "before", "after", "difference"):
        table.add_column(name, justify="right")
    table.add_column("95 %", style="dim", min_width=16)
    table.add_column("p", justify="right")
    table.add_column("")
    for change in made.differing:
        low, high = change.difference.interval
        table.add_row(
            change.measure.name,
            str(change.n),
            number(change.before),
            number(change.after),
            f"{change.difference.mean:+.3f}",
            f"{low:+.3f} … {high:+.3f}",
            f"{change.difference.p:.3f}",
            Text(change.verdict, style=_COLOURS[change.verdict]),
        )
    same = ", ".join(change.measure.name for change in made.same)
    lines = [f"The same in both: {same}."] if same else []
    lines.append(f"Became right: {len(made.gained)}. Became wrong: {len(made.lost)}.")
    if made.left_out:
        lines.append(f"Not in both runs: {made.left_out}.")
    return Renderables(table, Text("\n".join(lines)))


def gated(made: Gated, *, failures: bool = False) -> Renderables:
    """Return the table of a claim set by kind, and if wanted the claims judged wrongly."""
    table = Table(box=None, header_style="bold")
    table.add_column("Claims", min_width=12)
    for name in ("of", "judged rightly"):
        table.add_column(name, justify="right")
    table.add_column("95 %", style="dim", min_width=10)
    for share in made.shares:
        ends = f"{_bare(share.low)}–{_bare(share.high)}"
        table.add_row(share.kind, str(share.n), number(share.right), ends)
    lines = [
        f"AUROC {number(made.auroc)}, balanced accuracy {number(made.balanced_accuracy)}.",
    ]
    if failures:
        for one in made.claims:
            if not one.right:
                quotes = " / ".join(map(line, one.quotes))
                lines.append(f"{one.claim.id}: {one.claim.claim} ({one.verdict.value}) < {quotes}")
    return Renderables(table, Text("\n".join(lines)))


def number(value: float) -> str:
    """Write a figure with as many digits as mean something."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"


def interval(figure: Figure) -> str:
    """Write a figure's interval, or nothing where it has none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{_bare(figure.low)}–{_bare(figure.high)}"


def _bare(value: float) -> str:
    """Write an end of an interval: a share without its leading zero."""
    return number(value).removeprefix("0") if 0 < value < 1 else f"{value:.3g}"


def became(made: Report) -> dict[Became, int]:
    """Count what became of the questions, in the order of :class:`Became`; zeros are left out."""
    counts = {kind: sum(s.became is kind for s in made.questions) for kind in Became}
    return {kind: count for kind, count in counts.items() if count}


def _tables(made: Report) -> Iterator[Table | Text]:
    figures = {figure.measure.name: figure for figure in made.figures}
    yield Text(
        f"{made.identity.set}: {plural(len(made.questions), 'question')}, "
        f"{plural(made.setting.indexing.documents, 'document')}, "
        f"{made.identity.model or 'without a language model'}",
        style="bold",
    )
    yield Text(", ".join(f"{count} {kind.value}" for kind, count in became(made).items()))
    for unread in made.setting.indexing.unread:
        yield Text(f"Not read: {unread}", style="yellow")
    if "hit@1" in figures:
        yield Text()
        yield _by_cutoff(figures, ("hit", "recall", "mrr", "ndcg"), CUTOFFS)
        yield _by_cutoff(figures, ("evidence", "excerpts"), BUDGETS)
    for group in list(Group)[1:]:
        chosen = [figure for figure in made.figures if figure.measure.group is group]
        if chosen:
            yield Text()
            yield _of_group(group, chosen)


def _by_cutoff(figures: dict[str, Figure], names: Iterable[str], cutoffs: Iterable[int]) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column(Group.RETRIEVAL.value, min_width=9)
    for k in cutoffs:
        table.add_column(f"@{k}", justify="right")
        table.add_column("95 %", style="dim", no_wrap=True)
    for name in names:
        row = [figures[f"{name}@{k}"] for k in cutoffs]
        cells = ((f"{figure.value:.3f}", interval(figure)) for figure in row)
        table.add_row(name, *(cell for pair in cells for cell in pair))
    return table


def _of_group(group: Group, figures: Iterable[Figure]) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column(group.value, min_width=21)
    table.add_column("", justify="right", min_width=5)
    table.add_column("95 %", style="dim", min_width=9)
    table.add_column("of", justify="right", style="dim", min_width=3)
    table.add_column("", style="dim", no_wrap=True, overflow="ellipsis")
    for figure in figures:
        table.add_row(
            figure.measure.name,
            number(figure.value),
            interval(figure),
            str(figure.n),
            figure.measure.meaning,
        )
    return table
