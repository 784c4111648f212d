"""Whom or what a question names, and whether what was found is about that at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA

from assistant.answering.voices import Align
from assistant.names import CALENDAR, acronyms, also_called, same_name, sure_spans
from assistant.quantities import quantities
from assistant.text import FUNCTION_WORDS, stem, words

_LEAST = 0.5
"""How far (0 to 1) a sentence has to say a name in other words: "premier" for "Minister"."""
_NEAREST = 3
"""Sentences, the strongest, in whose passages the name is looked for."""
_LETTERS_A_SLIP = 5
"""Letters of a word for each that may be wrong in it."""
_ACRONYM = re.compile(r"[^\W\d_]*[A-Z][^\W\d_]*[A-Z][^\W\d_]{0,3}")
"""A word with several capitals, such as "NGOs", "UNICEF" and "PhD"."""
_PEOPLE = re.compile(r"(?:n|s|i|v?i?ans?|ese|ish)")
"""What the name of a country has behind it as that of its people."""
_TOLD_BY_ITSELF = frozenset(
    (*map(stem, CALENDAR), *"celsius fahrenheit english french german spanish".split())
)
"""Names that an answer may lack: when something was, or in what language or unit."""
_ENGLISH = re.compile(
    r"\b(?:the|of|who|whom|whose|what|which|when|where|why|how|did|does|is|are|were|has|have|had"
    r"|to|and|for|with|from|by)\b"
)
"""Small words by which a question is told from one in a language that capitalises all nouns."""


class Told(NamedTuple):
    """A sentence that was found, and its whole passage with what stands above it."""

    sentence: str
    passage: str


def unheard_of(question: str, told: Sequence[Told], align: Align) -> str:
    """Return in words the names in a question that nothing found is about, or nothing.

    ``told`` are the sentences, strongest first. A name is known if the passage
    of one of the first few has any word of it, in another form or spelled a
    little differently, or if a sentence says it in other words. An acronym may
    stand for any name, and "Section 4", "I'm" and "Sundays" are none.
    """
    passages = {passage for _, passage in told[:_NEAREST]}
    missing = [
        name for name in _names(question) if not any(_mentions(text, name) for text in passages)
    ]
    if not missing or not told:
        return ""
    said = align(question, [sentence for sentence, _ in told])
    unheard = [
        name
        for name in missing
        if all(shares.get(word, 0.0) < _LEAST for word in words(name) for shares in said)
    ]
    listed = " and ".join(f"“{name}”" for name in unheard)
    return f"this of {listed}; leave out what goes without saying" if listed else ""


def _names(question: str) -> Iterator[str]:
    """Yield the names of a question, unless all its words may be capitalised."""
    inside = question.split()[1:]
    title_case = any(word[0].isupper() and word.lower() in FUNCTION_WORDS for word in inside)
    if title_case or not _ENGLISH.search(question.lower()):
        return
    for start, end in sure_spans(question):
        name = question[start:end]
        numbered = any(map(str.isdigit, name + question[end:].lstrip()[:1]))
        if not (numbered or _ACRONYM.fullmatch(name) or any(map(_is_none, words(name)))):
            yield name


def _is_none(word: str) -> bool:
    """Tell whether a capitalised word is no name of what a question is about."""
    unit = any(quantity.unit for quantity in quantities(f"5 {word}"))
    return word in FUNCTION_WORDS or stem(word) in _TOLD_BY_ITSELF or unit


def _mentions(text: str, name: str) -> bool:
    said = words(text)
    held = {*said, *map("".join, pairwise(said))}
    return any(
        not held.isdisjoint(also_called(word))
        or word in acronyms(text)
        or any(_alike(word, other) for other in held)
        for word in words(name)
    )


def _alike(word: str, other: str) -> bool:
    """Tell whether a word is another one, that of its people, or a slip for it."""
    short, long = sorted((word, other), key=len)
    people = len(short) > 3 and long.startswith(short) and _PEOPLE.fullmatch(long[len(short) :])
    slips = max(len(word), len(other)) // _LETTERS_A_SLIP
    return bool(people) or same_name(word, other) or OSA.distance(word, other) <= slips
