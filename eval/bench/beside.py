"""Indexing and searching beside the pipelines that a user would otherwise write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.bench.measured import Figure, Target
from eval.peers import running
from eval.peers.pipeline import Measured
from eval.questions import Question


def beside(documents: Path, questions: Sequence[Question]) -> list[Figure]:
    """Measure Assistant, LangChain's tutorial pipeline and txtai's on the same documents."""
    ours, langchain, txtai = (
        running.run(name, documents, questions) for name in ("assistant", "langchain", "txtai")
    )
    (p50, p95), (their_p50, _) = _percentiles(ours), _percentiles(txtai)
    rate = langchain.index_seconds / ours.index_seconds
    return [
        Figure(
            "indexing rate beside LangChain",
            rate,
            f"{ours.index_seconds:.1f} s instead of {langchain.index_seconds:.1f} s",
            Target(3.0, at_least=True),
        ),
        Figure(
            "search p50 beside txtai",
            p50 / their_p50,
            f"{p50:.1f} ms of {their_p50:.1f} ms, {ours.passages} passages",
            Target(0.5),
        ),
        Figure("search p95 / p50", p95 / p50, f"{p95:.1f} ms of {p50:.1f} ms", Target(2.0)),
        Figure(
            "memory beside LangChain",
            ours.peak_memory_mb / langchain.peak_memory_mb,
            f"{ours.peak_memory_mb:.0f} MB of {langchain.peak_memory_mb:.0f} MB",
        ),
    ]


def _percentiles(measured: Measured) -> tuple[float, float]:
    took = [searched.milliseconds for searched in measured.questions]
    return float(np.percentile(took, 50)), float(np.percentile(took, 95))
