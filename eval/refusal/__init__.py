"""How well a refusal tells what is not in the documents, and the weights that would do so best.

Every answerable question is asked twice: of all documents, and with the hits of
the documents that hold its answer left out. What is found then is no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
from scipy.special import logit
from sklearn.linear_model import LogisticRegression

from assistant import Assistant, calibration, query, retrieval
from assistant.encoder import load_encoder
from assistant.holdings import OnProgress
from assistant.index import Index
from assistant.refusal import WEIGHTS, Features, Weights, features, probability
from assistant.settings import Settings
from eval import indexing
from eval.errors import RunError
from eval.metrics.refusals import auroc
from eval.questions import Question, QuestionSet

ANSWERABLE, AWAY, UNANSWERABLE = "answerable", "document left out", "unanswerable"
_RATE = 0.05
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
_SEARCHED, _LOOKED_AT = 24, 8
_FREE = 1e4
"""The inverse of scikit-learn's regularisation, so large that there is hardly any."""
OnQuestion = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A set's questions by kind, each as the features of what was found for it.

    ``few_words`` has how probable answers look to a few words of passages whose
    own documents are left out: what an index's threshold is measured with.
    """

    name: str
    found: Mapping[str, Sequence[Features]]
    few_words: Sequence[float]


@dataclass(frozen=True, slots=True)
class Told:
    """How one kind without an answer is told from the answerable questions of its set.

    ``thresholds`` has, for each rate of wrong answers tolerated, the least
    probability that an answer must have, and ``answered`` the share of the
    answerable that have it. ``offset`` is how much more probable, in logits,
    the kind looks than a few words do, at a rate of .05; None without those.
    """

    set: str
    kind: str
    questions: int
    auroc: float
    thresholds: Mapping[float, float]
    answered: Mapping[float, float]
    offset: float | None


@dataclass(frozen=True, slots=True)
class Measured:
    """Each kind of each set, the weights in the box, and those fitted on these sets."""

    told: tuple[Told, ...]
    weights: Weights
    fitted: Weights


def measure(
    sets: Sequence[QuestionSet],
    settings: Settings,
    on_index: OnProgress | None = None,
    on_question: OnQuestion | None = None,
) -> Measured:
    """Ask all questions of sets whose documents are indexed where that has not been done.

    Raises :class:`RunError` where no set has answerable questions with gold evidence.
    """
    asked = [ask(one, settings, on_index, on_question) for one in sets]
    if not any(AWAY in one.found for one in asked):
        raise RunError(
            "None of these sets says which documents hold its answers. "
            "Choose one with documents and gold evidence."
        )
    return Measured(tuple(chain.from_iterable(map(_told, asked))), WEIGHTS, fit(asked))


def ask(
    questions: QuestionSet,
    settings: Settings,
    on_index: OnProgress | None = None,
    on_question: OnQuestion | None = None,
) -> Asked:
    """Search for every question of a set that is no follow-up."""
    name = indexing.index_name(questions, "", settings)
    with Assistant.open(name, settings=settings) as assistant:
        filled = indexing.fill(assistant, Path(questions.documents or ""), on_index)
        folder = assistant.folder
    pointed = indexing.pointed(questions.questions, filled.twins)
    alone = [question for question in pointed if not question.history]
    found: dict[str, list[Features]] = {}
    with closing(Index(folder, settings.encoder, partial(load_encoder, settings.encoder))) as index:
        for done, question in enumerate(alone, start=1):
            for kind, features_of in _features(index, question):
                found.setdefault(kind, []).append(features_of)
            if on_question:
                on_question(done, len(alone))
        few_words = list(calibration.wrong_answers(index.catalog, index.dense, index.encoder))
    return Asked(questions.name, found, few_words)


def fit(asked: Sequence[Asked]) -> Weights:
    """Fit a logistic regression in which each set, and each side of it, counts the same.

    Its negatives are questions whose document is left out and those of kind ``absent``.
    """
    values: list[Features] = []
    truth: list[bool] = []
    counts: list[float] = []
    for one in asked:
        for kinds, answerable in ((ANSWERABLE,), True), ((AWAY, "absent"), False):
            side = [value for kind in kinds for value in one.found.get(kind, ())]
            values += side
            truth += [answerable] * len(side)
            counts += [1 / max(len(side), 1)] * len(side)
    model = LogisticRegression(C=_FREE * len(asked), max_iter=1000)
    model.fit(np.array(values), truth, sample_weight=counts)
    return Weights(float(model.intercept_[0]), *model.coef_[0].tolist())


def _told(asked: Asked) -> Iterator[Told]:
    answerable = [probability(value) for value in asked.found.get(ANSWERABLE, ())]
    for kind, found in asked.found.items():
        if kind == ANSWERABLE or not answerable:
            continue
        wrong = [probability(value) for value in found]
        thresholds = {rate: float(np.quantile(wrong, 1 - rate)) for rate in RATES}
        few_words = np.quantile(asked.few_words, 1 - _RATE) if asked.few_words else None
        yield Told(
            asked.name,
            kind,
            len(wrong),
            auroc(answerable, wrong),
            thresholds,
            {
                rate: float(np.mean(np.array(answerable) >= least))
                for rate, least in thresholds.items()
            },
            None if few_words is None else float(logit(thresholds[_RATE]) - logit(few_words)),
        )


def _features(index: Index, question: Question) -> Iterator[tuple[str, Features]]:
    vector = index.encoder.encode_question(question.text)
    asked = query.parse(question.text)
    found = retrieval.search(index.catalog, index.dense, asked, vector, _SEARCHED)
    best = found._replace(hits=found.hits[:_LOOKED_AT])
    if not best.hits:
        return
    if not question.answerable:
        yield question.kind or UNANSWERABLE, features(best)
        return
    yield ANSWERABLE, features(best)
    gold = {place.document for place in question.gold}
    others = tuple(hit for hit in found.hits if hit.passage.document not in gold)
    if gold and others:
        yield AWAY, features(found._replace(hits=others[:_LOOKED_AT]))
