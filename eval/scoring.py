"""One question's outcome → its scores by name, and in a word what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.text import words
from assistant.types import Answer
from eval.metrics import answers, cited, retrieval
from eval.metrics.places import Place, of_citations, places
from eval.outcomes import Outcome
from eval.questions import Question


class Became(StrEnum):
    """What became of a question."""

    RIGHT = "right"
    WRONG = "wrong"
    UNJUDGED = "not judged"
    REFUSED = "refused, though answerable"
    RIGHTLY_REFUSED = "rightly refused"
    SHOULD_REFUSE = "answered, though not in the documents"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Scored:
    """A question, what came of it, and every score that applies, from 0 to 1.

    ``rank`` is that of the first passage found that touches gold evidence,
    from 1, or None. ``remark`` says in a sentence what went wrong, or nothing.
    """

    question: Question
    outcome: Outcome
    scores: dict[str, float]
    rank: int | None
    became: Became
    remark: str


def score(question: Question, outcome: Outcome) -> Scored:
    """Score what came of a question. A failure scores 0 wherever a right answer could score."""
    gold = places(question.gold) if question.answerable else []
    scores: dict[str, float] = {}
    if gold:
        scores |= retrieval.scores(gold, outcome.retrieved)
        scores |= retrieval.views(gold, outcome.excerpts)
    scores["failed"] = float(bool(outcome.failure))
    answer = outcome.answer
    given = answer if answer and not answer.refused else None
    if question.answerable:
        scores |= {"answered": float(given is not None)} | _answer_scores(question, gold, given)
    elif answer:
        scores["refused"] = float(answer.refused)
    else:  # a failure is no refusal
        scores["refused"] = 0.0
    if given:
        scores |= _given_scores(question, gold, given, outcome)
    if outcome.cost and outcome.cost.tokens:
        scores["tokens"] = float(outcome.cost.tokens)
    became = _became(question, answer, scores)
    rank = retrieval.first_rank(gold, outcome.retrieved)
    remark = _remark(became, bool(gold), rank, outcome, scores)
    return Scored(question, outcome, scores, rank, became, remark)


def _answer_scores(question: Question, gold: list[Place], given: Answer | None) -> dict[str, float]:
    """Score an answer's text; no answer scores 0."""
    text = answers.without_marks(given) if given else ""
    scores: dict[str, float] = {}
    if gold:
        stretches = of_citations(given.citations) if given else []
        scores["cites_gold"] = float(cited.precision(gold, stretches) > 0)
    if question.answers:
        scores["rouge_l"] = answers.rouge_l(text, question.answers)
    short = answers.short_answers(question.answers)
    if short:
        form = answers.shortest_form(given) if given else ""
        scores["exact_match"] = answers.exact_match(form, short)
        scores["f1"] = answers.f1(form, short)
        scores["correct"] = scores["contains"] = answers.contains(text, short)
        scores["contains@500"] = answers.contains(text[:500], short)
    elif gold:
        scores["correct"] = scores["cites_gold"]
    return scores


def _given_scores(
    question: Question, gold: list[Place], given: Answer, outcome: Outcome
) -> dict[str, float]:
    """Score what only an answer that was given has."""
    scores = {
        "uncited": cited.uncited(given.claims),
        "answer_words": float(len(words(answers.without_marks(given)))),
    }
    if given.citations:
        scores["inexact_quotes"] = outcome.inexact / len(given.citations)
    if question.answers:
        lengths = [len(words(answer)) for answer in question.answers]
        scores["gold_words"] = sum(lengths) / len(lengths)
    if gold:
        stretches = of_citations(given.citations)
        scores["citation_precision"] = cited.precision(gold, stretches)
        scores["citation_recall"] = cited.recall(gold, stretches)
    judgement = outcome.judgement
    if judgement:
        if judgement.faithful is not None:
            scores["judged_faithful"] = judgement.faithful
        if judgement.correct is not None:
            scores["judged_correct"] = judgement.correct
    return scores


def _became(question: Question, answer: Answer | None, scores: dict[str, float]) -> Became:
    if answer is None:
        return Became.FAILED
    if not question.answerable:
        return Became.RIGHTLY_REFUSED if answer.refused else Became.SHOULD_REFUSE
    if answer.refused:
        return Became.REFUSED
    if "correct" not in scores:
        return Became.UNJUDGED
    return Became.RIGHT if scores["correct"] else Became.WRONG


def _remark(
    became: Became, has_gold: bool, rank: int | None, outcome: Outcome, scores: dict[str, float]
) -> str:
    if became is Became.FAILED:
        return outcome.failure
    confidence = f"{outcome.answer.confidence:.2f}" if outcome.answer else ""
    if became is Became.SHOULD_REFUSE:
        return f"The documents don't hold the answer; confidence {confidence}."
    if became is Became.REFUSED:
        return f"Refused with confidence {confidence}. {_found(has_gold, rank)}".strip()
    if became is not Became.WRONG:
        return ""
    if scores.get("citation_precision"):
        return "Cites gold evidence, but does not hold an accepted answer."
    return _found(has_gold, rank) + (" It is not cited." if rank else "")


def _found(has_gold: bool, rank: int | None) -> str:
    if not has_gold:
        return ""
    if rank is None:
        return "No passage found touches the gold evidence."
    return f"Gold evidence stands in passage {rank} of those found."
