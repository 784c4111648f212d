"""Proper names: which words of a text are names, and whether another text names the same."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from assistant.light_words import LIGHT_WORDS
from assistant.number_words import NUMBER_WORDS, one_of
from assistant.text import FUNCTION_WORDS, fold, stem, words
from assistant.types import Span

_WORD = re.compile(r"(?P<start>^\W*|[.!?:]\W+)?\b(?P<name>[^\W\d_][\w’'-]*)(?P<comma>,)?")
_OPENING = re.compile(
    r".*(?:ly|ing|ed)$|although|despite|even|like|overall|several|since|though|unlike"
    rf"|many|members|{one_of(NUMBER_WORDS)}"
)
"""Words that open a sentence without being a name."""
_SHORTENED = r"(?:(?<=\b\w)|(?<=\b(?:Mr|Ms|Dr|St|Jr|Sr|Lt))|(?<=\b(?:Mrs|Gen|Col|Sen|Rep|Gov)))\."
_JOINS = rf"(?:{_SHORTENED}\s*|\s+)(?:(?:{{}})\s+)*"
_WITHIN = re.compile(_JOINS.format("of|the|de|del|la|los|von|van|al|bin"), re.IGNORECASE)
"""What stands between the words of a name: white space, particles, the point of an initial."""
_WITHIN_TITLE = re.compile(
    _JOINS.format("of|the|for|and|on|in|de|del|la|los|von|van|al|bin"), re.IGNORECASE
)
_NUMBERED = re.compile(r"\b(?P<name>[^\W\d_]{2,})\s+(?P<number>[IVX]+)\b")
_PARTICLES = re.compile(r"\s+(?:of|the)\s+", re.IGNORECASE)
_LONGEST_ACRONYM = 12
_POSSESSIVE = re.compile(r"['’]s?$")
CALENDAR = frozenset(fold(name) for name in (*calendar.month_name, *calendar.day_name) if name)
"""The folded names of months and days of the week."""


def names(text: str) -> list[str]:
    """Return the folded words of a text that are capitalised, unless they only open a sentence."""
    return list(dict.fromkeys(_names(text)))


def _names(text: str) -> Iterator[str]:
    for match in _capitalised(text):
        opens = match["start"] is not None
        if not (opens and (match["comma"] or _OPENING.fullmatch(fold(match["name"])))):
            yield from (w for w in words(match["name"]) if len(w) > 1 and w not in FUNCTION_WORDS)


def _capitalised(text: str) -> Iterator[re.Match[str]]:
    """Yield the capitalised words of a text that say something."""
    for match in _WORD.finditer(text):
        light = LIGHT_WORDS if match["start"] is not None else FUNCTION_WORDS
        if match["name"][0].isupper() and fold(match["name"]) not in light:
            yield match


def spans(text: str) -> list[Span]:
    """Return where the names of a text stand, each whole: "Óscar de la Torre", "Bank of Elm".

    A word that only opens a sentence can't always be told from one.
    """
    return [
        Span(start, start + len(_POSSESSIVE.sub("", text[start:end])))
        for start, end in _joined(text, _WITHIN)
    ]


def sure_spans(text: str) -> list[Span]:
    """Return where the names of a text stand, without single words that open a sentence or a date.

    Those may be no names.
    """
    found = []
    for span in spans(text):
        before, name = (
            text[: span.start].rstrip(" \n\t\"'“‘(*_-"),
            words(text[span.start : span.end]),
        )
        opens = not before or before[-1] in ".!?:"
        if not (opens and len(name) == 1) and not CALENDAR.issuperset(name):
            found.append(span)
    return found


def _joined(text: str, within: re.Pattern[str]) -> list[Span]:
    found: list[Span] = []
    for match in _capitalised(text):
        start, end = match.span("name")
        if found and within.fullmatch(text, found[-1].end, start):
            found[-1] = Span(found[-1].start, end)
        else:
            found.append(Span(start, end))
    return found


def opening_word(text: str) -> str:
    """Return the folded word that opens a text, or nothing where a name of several words does."""
    match = re.match(r"\W*(?P<first>[^\W\d_][\w’'-]*)(?:\s+(?P<next>\S))?", text)
    return fold(match["first"]) if match and not (match["next"] or "").isupper() else ""


@lru_cache(maxsize=256)
def acronyms(text: str) -> frozenset[str]:
    """Return the folded initials of the capitalised runs of a text: "Elm Street Bank" is "esb"."""
    runs = (text[start:end].split() for start, end in _joined(text, _WITHIN_TITLE))
    initials = ([word[0] for word in run if word[0].isupper()] for run in runs)
    return frozenset(
        fold("".join(letters[first:last]))
        for letters in initials
        for first in range(len(letters))
        for last in range(first + 2, min(first + _LONGEST_ACRONYM, len(letters)) + 1)
    )


@lru_cache(maxsize=256)
def full_names(text: str) -> frozenset[tuple[str, str]]:
    """Return each two folded words that follow each other in a name of several words."""
    whole = (name for start, end in spans(text) for name in _PARTICLES.split(text[start:end]))
    return frozenset(pair for name in whole for pair in pairwise(words(name)))


def numbered(text: str) -> set[tuple[str, str]]:
    """Return the names with a Roman number behind them, such as "Roger II", both folded."""
    found = (match.groups() for match in _NUMBERED.finditer(text) if match["name"][0].isupper())
    return {(fold(name), fold(number)) for name, number in found}


@lru_cache(maxsize=256)
def small_words(text: str) -> frozenset[str]:
    """Return the folded words of a text that are written small somewhere."""
    found = (match["name"] for match in _WORD.finditer(text))
    return frozenset(fold(word) for word in found if word[0].islower())


def same_name(one: str, other: str) -> bool:
    """Tell whether two folded words name the same, such as "mexico" and "mexican"."""
    if stem(one) == stem(other):
        return True
    short, long = sorted((one, other), key=len)
    root = short[:-1] if len(short) > 4 else short
    ending = long[len(root) :]
    return len(root) >= 4 and long.startswith(root) and ending in _ENDINGS


_ENDINGS = frozenset("an n ian ean ese ish ans ns ians eans i is ist ists ism".split())


def also_called(name: str) -> frozenset[str]:
    """Return the folded names of a country and its people, of which one is given, or just that."""
    return _PEOPLES.get(name, frozenset((name,)))


_PEOPLES = {
    name: frozenset(people.split())
    for people in (
        "us usa america american americans unitedstates",
        "uk britain british briton britons unitedkingdom",
        "england english",
        "scotland scottish scots",
        "wales welsh",
        "ireland irish",
        "france french",
        "spain spanish spaniard spaniards",
        "germany german germans",
        "netherlands dutch holland",
        "switzerland swiss",
        "denmark danish dane danes",
        "sweden swedish swede swedes",
        "norway norwegian norwegians",
        "finland finnish finn finns",
        "poland polish pole poles",
        "greece greek greeks",
        "turkey turkish turk turks",
        "ukraine ukrainian ukrainians",
        "thailand thai thais",
        "philippines filipino filipinos",
    )
    for name in people.split()
}
"""Countries and peoples whose names differ by more than an ending; those of two words as one."""
