"""The short answer inside a sentence: the date, the number or the name that is asked for.

It is only told where one stretch stands out: it is the only one of its kind
that the question does not hold itself, or the one nearest to what is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.expected import MONEY, asks_for_money
from assistant.kinds import Kind, kind_of
from assistant.names import CALENDAR, spans
from assistant.quantities import amounts, moments
from assistant.text import content_terms, terms, words
from assistant.types import Span

_NEAR = 60
"""Characters that a short answer may lie from the nearest word of the question."""
_PLACED = re.compile(r"\b(?:in|at|near|from|to|outside|on)\s+(?:the\s+)?$", re.IGNORECASE)


def short_answer(question: str, sentence: str) -> Span | None:
    """Return the span of the short answer to a question in a sentence, where one stands out.

    That is a date, a number with its unit, or a name, which for a place has a
    word such as "in" before it. A sentence with less than half of what the
    question is about is no ground to point at anything.
    """
    kind, about = kind_of(question), content_terms(question)
    if 2 * len(set(about).intersection(terms(sentence))) < len(about):
        return None
    found = [s for s in _candidates(kind, question, sentence) if _is_new(sentence, s, set(about))]
    if kind is Kind.HOW_MANY:
        found = _counting(question, sentence, found)
    if len(found) < 2 or kind in {Kind.WHO, Kind.WHERE}:
        return found[0] if len(found) == 1 else None
    places = _places(question, sentence)
    return min(found, key=lambda span: _distance(span, places))


def _places(question: str, sentence: str) -> list[Span]:
    """Return where a sentence has the question's numbers, or else where it has its words."""
    about = set(content_terms(question))
    found = [
        Span(*match.span())
        for match in re.finditer(r"\w+", sentence)
        if not about.isdisjoint(content_terms(match.group()))
    ]
    return [span for span in found if sentence[span.start].isdigit()] or found


def _candidates(kind: Kind, question: str, sentence: str) -> list[Span]:
    if kind is Kind.WHEN:
        return moments(sentence)
    if kind is Kind.HOW_MANY:
        counted = amounts(sentence)
        money = [amount for amount in counted if amount.unit in MONEY]
        told = money if money and asks_for_money(question) else counted
        return [Span(amount.start, amount.end) for amount in told]
    if kind is Kind.WHERE:
        return [span for span in _names(sentence) if _PLACED.search(sentence[: span.start])]
    return _names(sentence) if kind is Kind.WHO else []


def _names(sentence: str) -> list[Span]:
    return [s for s in spans(sentence) if not CALENDAR.issuperset(words(sentence[s.start : s.end]))]


def _is_new(sentence: str, span: Span, asked: set[str]) -> bool:
    return not set(content_terms(sentence[span.start : span.end])) & asked


def _counting(question: str, sentence: str, found: Sequence[Span]) -> list[Span]:
    """Choose the numbers before the thing that is counted, where there are any."""
    match = re.search(r"how (?:many|much)\s+(.*)", question.casefold())
    counted = content_terms(match[1])[:1] if match else []
    near = [
        span
        for span in found
        if not set(counted).isdisjoint(terms(sentence[span.start : span.end + 25]))
    ]
    return near or list(found)


def _distance(span: Span, places: Sequence[Span]) -> int:
    return min((max(start - span.end, span.start - end, 0) for start, end in places), default=_NEAR)
