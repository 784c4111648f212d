"""What in a clause must be in a text for it to bear the clause out: names, numbers, negation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.clauses import predicates
from assistant.names import (
    CALENDAR,
    acronyms,
    also_called,
    full_names,
    names,
    numbered,
    opening_word,
    same_name,
    small_words,
)
from assistant.polarity import denies, opposite, prefix_apart, superlative
from assistant.quantities import DAY, YEAR, Quantity, quantities, years
from assistant.text import content_terms, stem, terms, words

_SEGMENT = re.compile(
    r"[;:()]|,\s|\s[–—-]\s|\b(?:but|while|whereas|against|of which)\b|(?<!\b\w)[.!?]\s"
    r"|(?<!\d{4}\s)\band\b|\band\b(?!\s\d{4}\b)",
    re.IGNORECASE,
)
_DATED = re.compile(r"(\b\d{4}):\s")
_LONGEST_NAME = 4
_OTHER_PLACE = frozenset("new north south east west central".split())
"""Words that make another name of the one behind them: New Mexico is not Mexico."""
_US = re.compile(r"\bU\.?S\b")
"""The country, not the pronoun."""
_LEAST_SHARED = 0.25
"""The share of a piece's words from which on another one is about the same."""
_TIMES = frozenset(map(stem, "year decade century early late end beginning time day month".split()))
"""What a piece that only says when is made of, besides its date."""


def lacking_names(clause: str, text: str, title: str, passage: str) -> list[str]:
    """Return the names of a clause that a text does not hold.

    A title tells what the text is about; of the passage around it comes the
    full form of who the text names. "New Mexico" does not hold "Mexico", nor
    "Roger II" the number of "Roger I".
    """
    held = words(f"{text}\n{title}")
    known = {f"{one}{two}" for one, two in pairwise(held)} | acronyms(f"{title}\n{passage}")
    forms = full_names(f"{title}\n{passage}")
    said = words(clause)
    following = dict(pairwise(said))
    others = {
        (where, place)
        for where, place in _other_places(f"{text}\n{title}")
        if not any(one == where and same_name(two, place) for one, two in pairwise(said))
    }
    free = {word for before, word in pairwise(["", *held]) if (before, word) not in others}
    if not _US.search(f"{text}\n{title}"):
        free.discard("us")

    def stands(name: str, depth: int = _LONGEST_NAME) -> bool:
        called = also_called(name)
        if called & known or any(word in called or same_name(name, word) for word in free):
            return True
        last = following.get(name, "")
        return (name, last) in forms and depth > 0 and stands(last, depth - 1)

    opening = opening_word(clause)
    common = opening in small_words(passage)
    lacking = [n for n in names(clause) if not stands(n) and not (common and n == opening)]
    return [*lacking, *_other_numbers(clause, f"{text}\n{title}").difference(lacking)]


def _other_places(text: str) -> set[tuple[str, str]]:
    return {pair for pair in full_names(text) if pair[0] in _OTHER_PLACE}


def _other_numbers(clause: str, text: str) -> set[str]:
    """Return the Roman numbers behind names that a text has only with other ones."""
    held = numbered(text)
    known = {name for name, _ in held}
    return {number for name, number in numbered(clause) - held if name in known}


def lacking_numbers(clause: str, text: str, before: str) -> list[str]:
    """Return the numbers of a clause that a text does not hold, or says of something else.

    A text without a year is about the last one that was named ``before`` it.
    """
    held = quantities(text)
    if not any(number.unit == YEAR for number in held):
        held += years(before)[-1:]
    segments = list(_segments(text))
    own = list(_segments(clause))
    return [
        _as_written(clause, quantity)
        for quantity in quantities(clause)
        if not any(quantity.agrees(other) for other in held)
        or _said_of_another(quantity, own, segments)
    ]


def same_sense(clause: str, text: str) -> bool:
    """Tell whether a text affirms what a clause affirms, and denies what it denies.

    Each piece of the clause is compared with the piece of the text that shares
    most words with it.
    """
    clause, text = prefix_apart(clause, text), prefix_apart(text, clause)
    clause, text = superlative(clause, text), superlative(text, clause)
    theirs = predicates(text)
    ours = [piece for piece in predicates(clause) if len(content_terms(piece)) > 1]
    return all(_agrees(piece, theirs) for piece in ours or [clause])


def _agrees(piece: str, others: Sequence[str]) -> bool:
    about = set(content_terms(piece))
    about = about.difference(map(stem, names(piece)), _TIMES) or about
    shared = [len(about.intersection(terms(other))) for other in others]
    most = max(shared, default=0)
    if most < _LEAST_SHARED * len(about):
        return not denies(piece) or any(map(denies, others))
    closest = [other for other, number in zip(others, shared, strict=True) if number == most]
    return all(denies(other) == denies(piece) for other in closest) and not all(
        opposite(piece, other) for other in closest
    )


class _Segment(NamedTuple):
    """A stretch of text between commas and the like, with the facts that belong together in it."""

    numbers: list[Quantity]
    years: set[str]
    names: set[str]


def _segments(text: str) -> Iterator[_Segment]:
    """Yield the segments of a text; a date before a colon belongs to what follows it."""
    for piece in _SEGMENT.split(_DATED.sub(r"\1 ", text)):
        if piece.strip():
            numbers = quantities(piece)
            told = {str(number.value) for number in numbers if number.unit == YEAR}
            yield _Segment(numbers, told, set(names(piece)) - CALENDAR)


def _said_of_another(
    quantity: Quantity, own: Sequence[_Segment], segments: Sequence[_Segment]
) -> bool:
    """Tell whether a text has a number only beside another year or name than the clause has.

    "182 in 2006, 367 in 2007" does not say "182 in 2007", nor "by Ada in 1551
    and by Bela in 1629" that Bela did it in 1551.
    """
    mine, theirs = _holding(quantity, own), _holding(quantity, segments)
    if quantity.unit == DAY or not theirs:
        return False
    others = [s for s in segments if s not in theirs and _has_such(s, quantity)]
    if quantity.unit == YEAR:
        named = _names_of(mine) or _names_of(own)
        return _apart(named, [s.names for s in theirs], _names_of(others))
    told, told_of_others = (set().union(*(s.years for s in some)) for some in (mine, others))
    return _apart(told, [s.years for s in theirs], told_of_others) or _apart(
        _names_of(mine), [s.names for s in theirs], _names_of(others)
    )


def _apart(mine: set[str], theirs: Sequence[set[str]], others: set[str]) -> bool:
    """Tell whether the others have what is mine, and none of theirs, who have something else."""
    return not mine.isdisjoint(others) and all(one and mine.isdisjoint(one) for one in theirs)


def _names_of(segments: Iterable[_Segment]) -> set[str]:
    return set().union(*(segment.names for segment in segments))


def _has_such(segment: _Segment, quantity: Quantity) -> bool:
    """Tell whether a segment has a year where a year is compared, else another kind of number."""
    units = {number.unit for number in segment.numbers}
    return YEAR in units if quantity.unit == YEAR else not units <= {YEAR, DAY}


def _holding(quantity: Quantity, segments: Sequence[_Segment]) -> list[_Segment]:
    return [s for s in segments if any(quantity.agrees(other) for other in s.numbers)]


def _as_written(text: str, quantity: Quantity) -> str:
    return text[quantity.start :].split(maxsplit=1)[0].strip(".,;:!?()\"'“”")
