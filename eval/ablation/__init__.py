"""What each part of ranking and evidence is worth: the same questions, asked without it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant import Assistant, query, retrieval
from assistant.encoder import load_encoder
from assistant.excerpts import excerpts
from assistant.holdings import OnProgress
from assistant.index import Index
from assistant.retrieval import TUNING, Tuning
from assistant.settings import Settings
from assistant.types import Vector
from eval import indexing
from eval.errors import RunError
from eval.metrics.places import Place, of_excerpts, of_hits, places
from eval.metrics.retrieval import ranked, within
from eval.questions import QuestionSet
from eval.statistics import Difference, Interval, difference, interval

MEASURES = ("hit@1", "mrr@10", "excerpts@500", "excerpts@1000", "excerpts@4000")
RETRIEVED = 8
OnQuestion = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Ablated:
    """A part left out, and what that does to each measure: negative where the part pays."""

    part: str
    differences: Mapping[str, Difference]


@dataclass(frozen=True, slots=True)
class Ablation:
    """The means of the whole, over so many questions, and what leaving out each part does."""

    questions: int
    means: Mapping[str, float]
    intervals: Mapping[str, Interval]
    parts: tuple[Ablated, ...]


def without() -> dict[str, Tuning]:
    """Return for each part, by name, the tuning that leaves it out; the other weights stay."""
    passages = {
        f"passage: {name}": TUNING._replace(passages=TUNING.passages._replace(**{name: 0.0}))
        for name in TUNING.passages._fields
    }
    sentences = {
        f"sentence: {name}": TUNING._replace(sentences=TUNING.sentences._replace(**{name: 0.0}))
        for name in TUNING.sentences._fields
    }
    others = {
        "passage: sharpened sentences": TUNING._replace(sharpened=0.0),
        "passage: joined neighbours": TUNING._replace(near=math.inf),
    }
    return passages | others | sentences


def ablate(
    questions: QuestionSet,
    settings: Settings,
    limit: int = 0,
    on_index: OnProgress | None = None,
    on_question: OnQuestion | None = None,
) -> Ablation:
    """Ask the answerable questions with gold evidence as it is, and without each part in turn.

    With a ``limit`` it is the first of them. The set's documents are indexed
    where that has not been done. Raises :class:`RunError` where there is
    nothing to ask.
    """
    name = indexing.index_name(questions, "", settings)
    with Assistant.open(name, settings=settings) as assistant:
        filled = indexing.fill(assistant, Path(questions.documents or ""), on_index)
        folder = assistant.folder
    asked = [
        (question.text, places(question.gold))
        for question in indexing.pointed(questions.questions, filled.twins)
        if question.answerable and question.gold
    ][: limit or None]
    if not asked:
        raise RunError(
            f"No question of {questions.name!r} says where its answer stands. "
            "Choose a set with documents and spans or pages."
        )
    tunings = {"": TUNING} | without()
    scored: dict[str, list[dict[str, float]]] = {part: [] for part in tunings}
    with closing(Index(folder, settings.encoder, partial(load_encoder, settings.encoder))) as index:
        for done, (text, gold) in enumerate(asked, start=1):
            vector = index.encoder.encode_question(text)
            for part, tuning in tunings.items():
                scored[part].append(_scores(index, text, vector, gold, tuning))
            if on_question:
                on_question(done, len(asked))
    whole = _by_measure(scored.pop(""))
    return Ablation(
        questions=len(asked),
        means={measure: sum(values) / len(values) for measure, values in whole.items()},
        intervals={measure: interval(values) for measure, values in whole.items()},
        parts=tuple(_compared(whole, scored)),
    )


def _scores(
    index: Index, text: str, vector: Vector, gold: Sequence[Place], tuning: Tuning
) -> dict[str, float]:
    asked = query.parse(text)
    found = retrieval.search(index.catalog, index.dense, asked, vector, RETRIEVED, tuning)
    scores = ranked(gold, of_hits(found.hits))
    for measure in MEASURES:
        if measure.startswith("excerpts@"):
            budget = int(measure.partition("@")[2])
            shown = of_excerpts(excerpts(found.hits, budget, len))
            scores[measure] = float(within(gold, shown, budget))
    return {measure: scores[measure] for measure in MEASURES}


def _by_measure(scores: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    return {measure: [one[measure] for one in scores] for measure in MEASURES}


def _compared(
    whole: Mapping[str, list[float]], scored: Mapping[str, Sequence[Mapping[str, float]]]
) -> Iterator[Ablated]:
    for part, scores in scored.items():
        less = _by_measure(scores)
        yield Ablated(part, {m: difference(whole[m], less[m]) for m in MEASURES})
