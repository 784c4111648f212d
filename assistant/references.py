"""What a sentence leaves open ("he", "this program"), and the sentences before that name it."""

from __future__ import annotations

import re

from assistant.names import names, sure_spans
from assistant.text import content_terms, terms
from assistant.types import Passage

MOST_BEFORE = 2
"""Sentences that may be taken in before one that leaves open whom it speaks of."""
FURTHEST = 3
"""Sentences before one in which the name may stand of whom it refers to."""
_PRONOUN = re.compile(
    r"\b(?:he|she|they|him|them|his|her|their|it|its|this|these|those)\b", re.IGNORECASE
)
_OPENS_WITH = re.compile(
    r"^\W*(?:it|its|this|that|these|those|such|both|here|also|however|but|instead|then"
    # "There were too few" speaks of no place.
    r"|there(?!\s+(?:is|are|was|were|has|have|will|would|can|could"
    r"|may|might|must|should|seem|exist|remain|used)|['’]s\b)"
    r"|(?:all|both|each|either|many|most|neither|none|one|some) of (?:this|these|those|them)"
    r"|according to the (?:first|second|third|latter|former)"
    r"|the (?:official|latter|former|program|programme|report|plan))\b",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"^[^,;:]*\b(?:this|these)\b(?!\s+(?:year|month|week|day|morning|evening|summer|winter|spring"
    r"|autumn|century|decade|time)s?\b)|\bof (?:them|those)\b",
    re.IGNORECASE,
)
SOMEBODY = re.compile(r"\b(?:[Hh]e|[Ss]he|[Hh]im|[Hh]is|[Hh]ers?)\b")
"""What stands for one person."""
_PERSON = re.compile(r"\b(?:he|she|they|his|her|their)\b", re.IGNORECASE)
_AGAIN = re.compile(r"^\W*the\s+(\w+(?:\s+\w+)?)", re.IGNORECASE)
_REPORTS = re.compile(
    r"(?:^|,\s)(?:he|she|they)\s+(?:said|says|told|added|explained|argued|wrote|thought)\b",
    re.IGNORECASE,
)


def leaves_open(sentence: str) -> bool:
    """Tell whether a sentence speaks of someone or something that only an earlier one names."""
    person = _PERSON.search(sentence)
    named = sure_spans(sentence)
    unnamed = person and (not named or named[0].start > person.start())
    opens = _OPENS_WITH.match(sentence) or _THIS.search(sentence)
    return bool(unnamed or opens or _REPORTS.search(sentence))


def first_naming(passage: Passage, row: int) -> int:
    """Return the row of the sentence with which one must begin to leave nothing open.

    It is the sentence's own row, or one of at most ``MOST_BEFORE`` rows before
    it in the same paragraph.
    """
    first = row
    while first > max(row - MOST_BEFORE, 0) and leaves_open(sentence(passage, first)):
        gap_start = passage.sentences[first - 1].end - passage.start
        gap = passage.text[gap_start : passage.sentences[first].start - passage.start]
        if "\n\n" in gap:
            break
        first -= 1
    return first


def first_in_reach(passage: Passage, row: int) -> int:
    """Return the row of the earliest sentence that a sentence may speak of without naming it.

    Where it refers to somebody, or names nobody, that is the last one before
    it, of ``FURTHEST``, that names somebody and leaves nothing open itself.
    "The wars" are those that the sentence before tells of.
    """
    text = sentence(passage, row)
    first = row
    while first > max(row - FURTHEST, 0) and (
        _refers(text) or not names(text) or _speaks_again(text, sentence(passage, first - 1))
    ):
        first -= 1
        text = sentence(passage, first)
        if names(text) and not leaves_open(text):
            break
    return first


def _speaks_again(text: str, before: str) -> bool:
    opening = _AGAIN.match(text)
    return opening is not None and not set(terms(before)).isdisjoint(content_terms(opening[1]))


def _refers(text: str) -> bool:
    return _PRONOUN.search(text) is not None or leaves_open(text)


def sentence(passage: Passage, row: int) -> str:
    """Return the text of a passage's sentence by its row."""
    start, end = passage.sentences[row]
    return passage.text[start - passage.start : end - passage.start]
