"""The measures of a run: what each is called, what it means, and its figure over all questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from eval.errors import MeasureError
from eval.metrics import refusals
from eval.metrics.refusals import RiskPoint
from eval.metrics.retrieval import BUDGETS, CUTOFFS
from eval.scoring import Scored
from eval.statistics import interval


class Group(StrEnum):
    """What a measure is about; reports show one table a group."""

    RETRIEVAL = "Retrieval"
    ANSWERS = "Answers and citations"
    REFUSAL = "Refusal"
    COST = "Cost"
    JUDGED = "Judged by a language model"


class Better(StrEnum):
    """Which way a measure is better, if any."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure by name, with its meaning in a few words."""

    name: str
    group: Group
    meaning: str
    better: Better = Better.HIGHER


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure's value over ``n`` questions, with a 95 % interval where it is a mean."""

    measure: Measure
    value: float
    n: int
    low: float | None = None
    high: float | None = None


def _retrieval() -> Iterator[Measure]:
    meanings = {
        "hit": "gold evidence among the first {} passages",
        "recall": "share of the gold evidence touched by the first {}",
        "mrr": "1 / rank of the first passage with gold evidence, within {}",
        "ndcg": "gold evidence discounted by rank, within {}",
    }
    for name, meaning in meanings.items():
        for k in CUTOFFS:
            yield Measure(f"{name}@{k}", Group.RETRIEVAL, meaning.format(k))
    for budget in BUDGETS:
        meaning = f"gold evidence within the first {budget:,} characters retrieved"
        yield Measure(f"evidence@{budget}", Group.RETRIEVAL, meaning)
    for budget in BUDGETS:
        meaning = f"gold evidence within {budget:,} characters of the evidence view"
        yield Measure(f"excerpts@{budget}", Group.RETRIEVAL, meaning)


_ANSWERS = Group.ANSWERS
PER_QUESTION = {
    measure.name: measure
    for measure in (
        *_retrieval(),
        Measure(
            "correct",
            _ANSWERS,
            "holds a short accepted answer; where there is none, cites gold evidence",
        ),
        Measure("answered", _ANSWERS, "answered, of the answerable"),
        Measure("citation_precision", _ANSWERS, "share of citations that touch gold evidence"),
        Measure("citation_recall", _ANSWERS, "share of the gold evidence that is cited"),
        Measure("uncited", _ANSWERS, "share of sentences without a citation", Better.LOWER),
        Measure(
            "inexact_quotes", _ANSWERS, "share of quotes not exactly in the document", Better.LOWER
        ),
        Measure("contains", _ANSWERS, "holds a short accepted answer"),
        Measure("contains@500", _ANSWERS, "holds one within its first 500 characters"),
        Measure("cites_gold", _ANSWERS, "a citation touches gold evidence"),
        Measure("exact_match", _ANSWERS, "first sentence is a short accepted answer (SQuAD)"),
        Measure("f1", _ANSWERS, "words the first sentence shares with a short one (SQuAD)"),
        Measure("rouge_l", _ANSWERS, "longest common subsequence with an accepted answer"),
        Measure("answer_words", _ANSWERS, "words in an answer", Better.NEITHER),
        Measure("gold_words", _ANSWERS, "words in an accepted answer", Better.NEITHER),
        Measure("refused", Group.REFUSAL, "refused, of the unanswerable (recall of refusal)"),
        Measure("failed", Group.COST, "questions that failed", Better.LOWER),
        Measure("tokens", Group.COST, "tokens sent to the language model", Better.LOWER),
        Measure("judged_faithful", Group.JUDGED, "says only what its quotes say"),
        Measure("judged_correct", Group.JUDGED, "answers as the accepted answers do"),
    )
}
"""The measures that are means over questions, by name, in the order they are shown."""


def figures(scored: Sequence[Scored]) -> list[Figure]:
    """Return the figure of every measure that applies to some question of a run."""
    means = [
        figure
        for name in PER_QUESTION
        if (figure := mean(PER_QUESTION[name], (s.scores.get(name) for s in scored)))
    ]
    found = [*means, *_refusal(scored), *_risk(scored), *_times(scored)]
    order = list(Group)
    return sorted(found, key=lambda figure: order.index(figure.measure.group))


def curve(scored: Sequence[Scored]) -> list[RiskPoint]:
    """Return the risk–coverage curve over the questions whose answers can be called wrong."""
    judged = _judged(scored)
    given = _given(judged)
    confidence, wrong = zip(*given, strict=True) if given else ((), ())
    return refusals.risk_coverage(confidence, wrong, len(judged))


def find(figures_: Iterable[Figure], name: str) -> Figure:
    """Return the figure of a measure by name; raises :class:`MeasureError`."""
    known = {figure.measure.name: figure for figure in figures_}
    if name not in known:
        raise MeasureError(f"There is no measure {name!r} here. There are: {', '.join(known)}.")
    return known[name]


def mean(measure: Measure, scores: Iterable[float | None]) -> Figure | None:
    """Return the mean of the scores that are there, with its interval, or None without any."""
    values = [score for score in scores if score is not None]
    if not values:
        return None
    return Figure(measure, float(np.mean(values)), len(values), *interval(values))


def _refusal(scored: Sequence[Scored]) -> Iterator[Figure]:
    asked = [s for s in scored if s.outcome.answer]
    absent = [s for s in asked if not s.question.answerable]
    kinds = sorted({s.question.kind for s in absent} - {""})
    for kind in kinds:
        measure = Measure(f"refused:{kind}", Group.REFUSAL, f"refused, of the unanswerable: {kind}")
        chosen = (s.scores["refused"] for s in absent if s.question.kind == kind)
        figure = mean(measure, chosen)
        if figure:
            yield figure
    refused = [s for s in asked if s.outcome.answer and s.outcome.answer.refused]
    precision = Measure("refusal_precision", Group.REFUSAL, "unanswerable, of what was refused")
    figure = mean(precision, (float(not s.question.answerable) for s in refused))
    if figure:
        yield figure
    present = [s for s in asked if s.question.answerable]
    if present and absent:
        yield _auroc("auroc", "confidence tells answerable from not", present, absent)
        for kind in kinds:
            chosen_ones = [s for s in absent if s.question.kind == kind]
            meaning = f"confidence tells answerable from: {kind}"
            yield _auroc(f"auroc:{kind}", meaning, present, chosen_ones)


def _risk(scored: Sequence[Scored]) -> Iterator[Figure]:
    judged = _judged(scored)
    given = _given(judged)
    risk = Measure("risk", Group.REFUSAL, "wrong, of all answers given", Better.LOWER)
    coverage = Measure("coverage", Group.REFUSAL, "answered, of all questions", Better.NEITHER)
    area = Measure(
        "area_under_risk", Group.REFUSAL, "mean risk, surest answers first", Better.LOWER
    )
    if not given:
        return
    refused = len(judged) - len(given)
    means = (
        mean(risk, (wrong for _, wrong in given)),
        mean(coverage, [1.0] * len(given) + [0.0] * refused),
    )
    yield from (figure for figure in means if figure)
    yield Figure(area, refusals.area_under_risk(curve(scored)), len(judged))


def _judged(scored: Sequence[Scored]) -> list[Scored]:
    """Return the questions whose answers can be called right or wrong."""
    return [s for s in scored if "correct" in s.scores or not s.question.answerable]


def _given(judged: Sequence[Scored]) -> list[tuple[float, float]]:
    """Return for each answer that was given its confidence, and how wrong it is."""
    return [
        (s.outcome.answer.confidence, 1.0 - s.scores.get("correct", 0.0))
        for s in judged
        if s.outcome.answer and not s.outcome.answer.refused
    ]


def _auroc(name: str, meaning: str, present: list[Scored], absent: list[Scored]) -> Figure:
    def confidences(chosen: list[Scored]) -> list[float]:
        return [s.outcome.answer.confidence for s in chosen if s.outcome.answer]

    value = refusals.auroc(confidences(present), confidences(absent))
    return Figure(Measure(name, Group.REFUSAL, meaning), value, len(present) + len(absent))


def _times(scored: Sequence[Scored]) -> Iterator[Figure]:
    costs = [s.outcome.cost for s in scored if s.outcome.cost]
    if not costs:
        return
    spans = {
        "first_words": ("seconds to the first words", [cost.first_words for cost in costs]),
        "answer": ("seconds to the whole answer", [cost.whole for cost in costs]),
        "retrieval": ("seconds of a search alone", [cost.retrieval for cost in costs]),
    }
    for name, (meaning, seconds) in spans.items():
        for share in (50, 95):
            measure = Measure(
                f"{name}_p{share}", Group.COST, f"{meaning}, {share}th percentile", Better.LOWER
            )
            yield Figure(measure, float(np.percentile(seconds, share)), len(seconds))
