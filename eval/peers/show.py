"""Pipelines side by side, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from eval.metrics.retrieval import BUDGETS
from eval.peers.pipeline import Cost, PeerResult

_QUALITY = {"hit@1": "top 1", "hit@3": "hit@3", "mrr@10": "mrr@10", "ndcg@10": "ndcg@10"} | {
    f"evidence@{budget}": f"ev@{budget}" for budget in BUDGETS
}
_COSTS = ("passages", "pass./s", "char./s", "p50 ms", "p95 ms", "peak MB")


def table(results: Sequence[PeerResult]) -> Table:
    """Return quality, indexing rate, latency and memory, a pipeline a row.

    Below stand what each pipeline is, and what failed.
    """
    made = Table(box=None, header_style="bold", caption_justify="left")
    made.add_column("pipeline", no_wrap=True)
    for heading in (*_QUALITY.values(), *_COSTS):
        made.add_column(heading, justify="right")
    for result in results:
        cells = _cells(result, result.cost) if result.cost else ["failed"]
        made.add_row(result.name, *cells)
    made.caption = Text("\n".join(line for result in results for line in _remarks(result)))
    return made


def _cells(result: PeerResult, cost: Cost) -> list[str]:
    quality = [f"{result.scores[measure]:.3f}" for measure in _QUALITY]
    return [
        *quality,
        f"{cost.passages:,}",
        f"{cost.passages_per_second:,.0f}",
        f"{cost.characters_per_second:,.0f}",
        f"{cost.p50_ms:,.1f}",
        f"{cost.p95_ms:,.1f}",
        f"{cost.peak_memory_mb:,.0f}",
    ]


def _remarks(result: PeerResult) -> Iterator[str]:
    if result.failure:
        yield f"{result.name} failed: {result.failure}"
        return
    yield f"{result.name}: {result.description}"
    yield f"  95 % intervals: {', '.join(_intervals(result))}"
    failures = [searched.failure for searched in result.questions if searched.failure]
    if failures:
        yield f"{result.name} failed on {len(failures)} questions, such as: {failures[0]}"


def _intervals(result: PeerResult) -> Iterator[str]:
    for measure, heading in _QUALITY.items():
        low, high = result.intervals[measure]
        yield f"{heading} {low:.3f}–{high:.3f}"
