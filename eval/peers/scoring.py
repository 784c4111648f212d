"""What a worker measured → one pipeline's result: scores by question, their means, rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from eval.metrics import retrieval
from eval.metrics.places import places
from eval.peers.corpus import Corpus
from eval.peers.pipeline import Cost, Measured, PeerResult
from eval.questions import Question
from eval.statistics import interval


def result(
    name: str, measured: Measured, questions: Sequence[Question], documents: Corpus
) -> PeerResult:
    """Score what a pipeline found; ``questions`` are those it was asked, in their order."""
    scored = tuple(
        replace(searched, scores=retrieval.scores(places(question.gold), searched.found))
        for question, searched in zip(questions, measured.questions, strict=True)
    )
    by_measure = {measure: [one.scores[measure] for one in scored] for measure in scored[0].scores}
    return PeerResult(
        name=name,
        description=measured.description,
        versions=measured.versions,
        cost=_cost(measured, documents),
        scores={measure: float(np.mean(values)) for measure, values in by_measure.items()},
        intervals={measure: interval(values) for measure, values in by_measure.items()},
        questions=scored,
    )


def _cost(measured: Measured, documents: Corpus) -> Cost:
    times = [searched.milliseconds for searched in measured.questions]
    return Cost(
        documents=len(documents.documents),
        characters=documents.characters,
        passages=measured.passages,
        start_seconds=measured.start_seconds,
        index_seconds=measured.index_seconds,
        passages_per_second=measured.passages / measured.index_seconds,
        characters_per_second=documents.characters / measured.index_seconds,
        p50_ms=float(np.percentile(times, 50)),
        p95_ms=float(np.percentile(times, 95)),
        peak_memory_mb=measured.peak_memory_mb,
    )
