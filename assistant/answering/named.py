"""Whom or what a question names, and whether the documents know of it at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from assistant.answering.voices import Align
from assistant.names import sure_spans
from assistant.retrieval import Found
from assistant.text import FUNCTION_WORDS, stem, words

_LEAST = 0.5
"""How far (0 to 1) a sentence has to say a name that no document has: "premier" for "Minister"."""
_LETTERS_A_SLIP = 5
"""Letters of a word for each that may be wrong in it."""
_LONGEST_ACRONYM = 5
_ENGLISH = re.compile(
    r"\b(?:the|of|who|whom|whose|what|which|when|where|why|how|did|does|is|are|were|has|have|had"
    r"|to|and|for|with|from|by)\b"
)
"""Small words by which a question is told from one in a language that capitalises all nouns."""


def unheard_of(question: str, found: Found, told: Sequence[str], align: Align) -> str:
    """Return in words the names in a question that no document knows, or nothing.

    ``told`` are the sentences found, strongest first. A name is known if any
    word of it is in the index, or in another form, or spelled a little
    differently in a passage found, or if a sentence says it in other words.
    An acronym may stand for any name, and "Section 4" is none.
    """
    names = [name for name in _names(question) if found.absent.issuperset(map(stem, words(name)))]
    if not names or not told:
        return ""
    held = {word for hit in found.hits for word in words(hit.passage.text)}
    said = align(question, told)
    unheard = [
        name
        for name in names
        if not any(_alike(word, other) for word in words(name) for other in held)
        and all(shares.get(word, 0.0) < _LEAST for word in words(name) for shares in said)
    ]
    listed = " and ".join(f"“{name}”" for name in unheard)
    return f"anything of {listed}; leave out what goes without saying" if listed else ""


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


def _alike(word: str, other: str) -> bool:
    return OSA.distance(word, other) <= max(len(word), len(other)) // _LETTERS_A_SLIP
