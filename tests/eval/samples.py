"""Questions, answers and outcomes to score, made by hand."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.types import Answer, Citation, Claim, Span, Verdict
from eval.metrics.places import Stretch
from eval.metrics.retrieval import BUDGETS
from eval.outcomes import Cost, Outcome
from eval.questions import Gold, Question

GOLD = (Gold("a.txt", (Span(10, 20),)),)


def question(
    identity: str = "q",
    *,
    answerable: bool = True,
    answers: tuple[str, ...] = ("red",),
    gold: tuple[Gold, ...] = GOLD,
    kind: str = "",
) -> Question:
    known = (answers, gold) if answerable else ((), ())
    return Question(identity, f"{identity}?", answerable, *known, kind=kind)


def citation(start: int = 10, end: int = 20, document: str = "a.txt", mark: int = 1) -> Citation:
    return Citation(mark, document, "", None, start, end, "q" * 10, Verdict.SUPPORTED)


def answer(
    text: str = "It is red.",
    *,
    citations: Sequence[Citation] = (),
    refused: bool = False,
    confidence: float = 0.9,
    marks: tuple[int, ...] = (1,),
) -> Answer:
    claims = () if refused else (Claim(text, 0, len(text), marks, Verdict.SUPPORTED),)
    shown = "" if refused else text
    return Answer(
        "q?", "q?", shown, claims, tuple(citations), (), refused, "", "extractive", confidence
    )


def outcome(
    identity: str = "q",
    given: Answer | None = None,
    *,
    retrieved: Sequence[Stretch] = (),
    failure: str = "",
    inexact: int = 0,
    tokens: int = 0,
) -> Outcome:
    cost = None if failure else Cost(0.1, 0.2, 0.05, tokens)
    return Outcome(
        identity,
        given,
        tuple(retrieved),
        (tuple(retrieved),) * len(BUDGETS),
        (),
        inexact,
        cost,
        failure,
    )


def stretch(start: int, end: int, document: str = "a.txt", page: int | None = None) -> Stretch:
    return Stretch(document, page, start, end)
