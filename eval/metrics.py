"""What is measured of hits and answers: pure functions from values to numbers."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.text import fold
from assistant.types import Citation, Hit
from eval.questions import Gold


def overlaps(gold: Sequence[Gold], document: str, page: int | None, start: int, end: int) -> bool:
    """Tell whether a stretch of a document touches gold evidence: its spans, else its pages."""
    return any(
        place.document == document
        and (
            any(span.start < end and start < span.end for span in place.spans)
            if place.spans
            else page in place.pages
        )
        for place in gold
    )


def first_relevant(gold: Sequence[Gold], hits: Sequence[Hit]) -> int | None:
    """Return the rank, from 1, of the first hit that touches gold evidence, or None."""
    for rank, hit in enumerate(hits, start=1):
        p = hit.passage
        if overlaps(gold, p.document, p.page, p.start, p.end):
            return rank
    return None


def citation_precision(gold: Sequence[Gold], citations: Sequence[Citation]) -> float:
    """Return the share of citations that touch gold evidence; 0 where there is none."""
    if not citations:
        return 0.0
    good = sum(overlaps(gold, c.document, c.page, c.start, c.end) for c in citations)
    return good / len(citations)


def contains_answer(text: str, answers: Sequence[str]) -> bool:
    """Tell whether a text holds one of the accepted answers, accents, case and spacing aside."""
    plain = " ".join(fold(text).split())
    return any(" ".join(fold(answer).split()) in plain for answer in answers if answer.strip())
