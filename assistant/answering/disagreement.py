"""Where passages give different dates, numbers or names for the same thing, both are shown."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.candidates import Candidate, years_of
from assistant.answering.short import short_answer
from assistant.answering.voices import many_may
from assistant.kinds import Kind, kind_of
from assistant.quantities import quantities
from assistant.text import words
from assistant.types import Span

_AS_STRONG, _ALIKE = 0.8, 0.6
"""How strong another sentence must be beside the first, and how alike the two (cosine)."""
_ALIKE_BUT_FOR_THE_NAME = 0.75
"""Names differ more often without a disagreement, so sentences must be more alike."""
_MOST = 2


def differing(question: str, lead: Candidate, others: Sequence[Candidate]) -> list[Candidate]:
    """Return the sentences that answer as well as the first one, and otherwise.

    They speak of the same, hold as much of the question and all its years, and
    their short answers have other values. One value counts once.
    """
    told = _short(question, lead)
    if not told or many_may(question):
        return []
    values = [_values(question, told)]
    found: list[Candidate] = []
    for other in others:
        short = _short(question, other) if _comparable(question, lead, other) else ""
        value = _values(question, short)
        if value and not any(_same(question, value, known) for known in values):
            values.append(value)
            found.append(other)
    return found[:_MOST]


def remark(question: str, lead: Candidate, others: Sequence[Candidate]) -> str:
    """Say in words that the documents differ, and who says what."""
    told = "; ".join(
        f"“{_short(question, one)}” in {one.passage.title or one.passage.document}"
        for one in (lead, *others)
    )
    return f"The documents differ: {told}."


def _comparable(question: str, lead: Candidate, other: Candidate) -> bool:
    return (
        other.strength >= _AS_STRONG * lead.strength
        and other.covered >= lead.covered
        and float(other.vector @ lead.vector)
        >= (_ALIKE_BUT_FOR_THE_NAME if _named(question) else _ALIKE)
        and years_of(question) <= years_of(other.core)
    )


def _short(question: str, candidate: Candidate) -> str:
    span: Span | None = short_answer(question, candidate.core)
    return candidate.core[span.start : span.end] if span else ""


def _same(question: str, one: frozenset[object], other: frozenset[object]) -> bool:
    """Tell whether two values may be one: a part of the other, or names that share a word."""
    return not one.isdisjoint(other) if _named(question) else one <= other or other <= one


def _named(question: str) -> bool:
    return kind_of(question) in {Kind.WHO, Kind.WHERE}


def _values(question: str, short: str) -> frozenset[object]:
    """Return what a short answer says: a name's words, or values with their units."""
    if _named(question):
        return frozenset(words(short))
    return frozenset((quantity.value, quantity.unit) for quantity in quantities(short))
