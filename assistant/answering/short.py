"""The short answer inside a sentence: the date, the number or the name that is asked for.

It is only told where one stretch stands out: it is the only one of its kind
that the question does not hold itself, or the one nearest to what is asked.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence

from assistant.kinds import Kind, kind_of
from assistant.names import CALENDAR
from assistant.text import FUNCTION_WORDS, content_terms, fold, terms, words
from assistant.types import Span

_MONTH = "|".join(name for name in calendar.month_name if name)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})(?:,?\s+\d{{4}})?"
    rf"|(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?"
    rf"|(?:(?:{_MONTH})\s+)?(?:1\d{{3}}|20\d\d)s?)\b"
)
_SMALL = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    "|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    "(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|half|dozens?"
)
_UNIT = (
    r"percent|per cent|%|years?|months?|weeks?|days?|hours?|minutes?|seconds?|kilomet(?:re|er)s?"
    r"|km|miles?|met(?:re|er)s?|feet|pesos|dollars|euros|pounds|tons?|tonnes|acres"
)
_NUMBER = re.compile(
    rf"(?:[$€£]\s?)?\b(?:\d[\d,]*(?:\.\d+)?|{_SMALL})"
    r"(?:[\s-](?:hundred|thousand|million|billion|trillion))?\b"
    rf"(?:\s?(?:{_UNIT})(?!\w))?",
    re.IGNORECASE,
)
_WORD = r"[A-Z][\w’'-]*\.?"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:of|the|de|del|la|van|von|al|bin)\s+)*{_WORD})*")
_NEAR = 60
"""Characters that a short answer may lie from the nearest word of the question."""


def short_answer(question: str, sentence: str) -> Span | None:
    """Return the span of the short answer to a question in a sentence, where one stands out.

    That is a date, a number with its unit, or a name; places can't be told from
    other names well enough. A sentence with less than half of what the question
    is about is no ground to point at anything.
    """
    kind, about = kind_of(question), content_terms(question)
    if 2 * len(set(about).intersection(terms(sentence))) < len(about):
        return None
    found = [s for s in _candidates(kind, sentence) if _is_new(sentence, s, set(about))]
    if kind is Kind.HOW_MANY:
        found = _counting(question, sentence, found)
    if len(found) < 2 or kind is Kind.WHO:
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


def _candidates(kind: Kind, sentence: str) -> Iterator[Span]:
    if kind is Kind.WHEN:
        yield from (Span(*match.span()) for match in _DATE.finditer(sentence))
    elif kind is Kind.HOW_MANY:
        dates = [match.span() for match in _DATE.finditer(sentence)]
        for match in _NUMBER.finditer(sentence):
            if not any(start <= match.start() < end for start, end in dates):
                yield Span(*match.span())
    elif kind is Kind.WHO:
        yield from _names(sentence)


def _names(sentence: str) -> Iterator[Span]:
    for match in _NAME.finditer(sentence):
        start, end = match.span()
        opener = match.group().split()[0]
        # The word that opens a sentence may be no part of the name behind it.
        if not sentence[:start].rstrip(' “"') and fold(opener) in FUNCTION_WORDS:
            start = min(start + len(opener) + 1, end)
        name = sentence[start:end].rstrip(".'’")
        inside = set(words(name))
        if inside and not inside <= CALENDAR | FUNCTION_WORDS:
            yield Span(start, start + len(name))


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
