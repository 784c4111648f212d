"""Claim → supported, partly or not, and by which sentences: the gate every answer passes.

A claim is compared with runs of one to three sentences of the passages. It is
supported where it is a quotation, or where its numbers, names and negation
are all there and enough of its words, weighted by rarity, and of its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.rows import StoredPassage
from assistant.text import FUNCTION_WORDS, fold, stem, words
from assistant.types import Passage, Span, Vector, Verdict

SUPPORTED_AT, PARTLY_AT = 0.68, 0.45
"""Least strength (coverage and similarity, 0 to 1) for each verdict."""
_COVERAGE, _SIMILARITY = 0.6, 0.4
_LONGEST_RUN = 3
_RUN_COST = 0.03
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nor|neither|nobody|nothing|without|cannot)\b|n['’]t\b"
)
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w'’-]+")


class Check(NamedTuple):
    """What the check of one claim came to; ``missing`` are its words that nothing covers."""

    verdict: Verdict
    passage: Passage | None
    span: Span | None
    missing: tuple[str, ...]
    strength: float


NOTHING = Check(Verdict.UNSUPPORTED, None, None, (), 0.0)


def check(
    claim: str, passages: Sequence[StoredPassage], rarity: Mapping[str, float], vector: Vector
) -> Check:
    """Check a claim against some passages, and return the best support found.

    ``rarity`` holds the weight of each of the claim's stems, ``vector`` is the
    claim's own, from the encoder that built the index.
    """
    best = NOTHING
    for stored in passages:
        for first, last in _runs(len(stored.passage.sentences)):
            found = _compare(claim, stored, first, last, rarity, vector)
            best = max(best, found, key=strength_of)
    return best


def strength_of(found: Check) -> tuple[int, float]:
    """Order checks by verdict, then by strength."""
    return _RANK[found.verdict], found.strength


_RANK = {Verdict.UNSUPPORTED: 0, Verdict.PARTLY: 1, Verdict.SUPPORTED: 2}


def _runs(sentences: int) -> Iterator[tuple[int, int]]:
    for length in range(1, _LONGEST_RUN + 1):
        for first in range(sentences - length + 1):
            yield first, first + length - 1


def _compare(
    claim: str,
    stored: StoredPassage,
    first: int,
    last: int,
    rarity: Mapping[str, float],
    vector: Vector,
) -> Check:
    passage = stored.passage
    span = Span(passage.sentences[first].start, passage.sentences[last].end)
    text = passage.text[span.start - passage.start : span.end - passage.start]
    if _plain(claim) in _plain(text):
        return Check(Verdict.SUPPORTED, passage, span, (), 1.0 - _RUN_COST * (last - first))
    held = set(map(stem, words(text)))
    named = held | set(map(stem, words(f"{passage.title} {passage.heading}")))
    covered = _coverage(claim, named, rarity)
    similarity = float((stored.sentence_vectors[first : last + 1] @ vector).max())
    strength = _COVERAGE * covered + _SIMILARITY * max(similarity, 0.0) - _RUN_COST * (last - first)
    missing = tuple(_missing(claim, named))
    facts_hold = (
        all(stem(number) in held for number in words(claim) if number[0].isdigit())
        and all(stem(word) in named for name in _NAME.findall(claim) for word in words(name))
        and bool(_NEGATION.search(claim.casefold())) == bool(_NEGATION.search(text.casefold()))
    )
    if facts_hold and strength >= SUPPORTED_AT:
        verdict = Verdict.SUPPORTED
    elif strength >= PARTLY_AT:
        verdict = Verdict.PARTLY
    else:
        verdict = Verdict.UNSUPPORTED
    return Check(verdict, passage, span, missing, strength)


def _plain(text: str) -> str:
    return " ".join(fold(text).split()).strip(" .\"'“”‘’-*•")


def _coverage(claim: str, held: set[str], rarity: Mapping[str, float]) -> float:
    weights = {stem(w): rarity.get(stem(w), 0.0) for w in words(claim) if w not in FUNCTION_WORDS}
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in held) / total if total else 0.0


def _missing(claim: str, held: set[str]) -> Iterator[str]:
    for word in dict.fromkeys(words(claim)):
        if word not in FUNCTION_WORDS and stem(word) not in held:
            yield word
