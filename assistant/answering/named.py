"""Whom or what a question names, and whether what was found is about that at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from assistant.answering.voices import Align
from assistant.names import acronyms, also_called, same_name, sure_spans
from assistant.text import FUNCTION_WORDS, words

_LEAST = 0.5
"""How far (0 to 1) a sentence has to say a name in other words: "premier" for "Minister"."""
_NEAREST = 3
"""Sentences, the strongest, in whose passages the name is looked for."""
_LETTERS_A_SLIP = 5
"""Letters of a word for each that may be wrong in it."""
_LONGEST_ACRONYM = 5
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
    stand for any name, and "Section 4" is none.
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
        acronym = name.isalpha() and name.isupper() and len(name) <= _LONGEST_ACRONYM
        numbered = any(map(str.isdigit, name + question[end:].lstrip()[:1]))
        if not (acronym or numbered):
            yield name


def _mentions(text: str, name: str) -> bool:
    held = set(words(text))
    return any(
        not held.isdisjoint(also_called(word))
        or word in acronyms(text)
        or any(same_name(word, other) or _alike(word, other) for other in held)
        for word in words(name)
    )


def _alike(word: str, other: str) -> bool:
    return OSA.distance(word, other) <= max(len(word), len(other)) // _LETTERS_A_SLIP
