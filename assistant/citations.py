"""Claim → supported, partly or not, and by which sentences: the gate every answer passes.

A claim is compared with runs of one to three sentences of the passages. It is
supported where its numbers, names and negation are all there, and it is a
quotation or enough of its words, weighted by rarity, and of its meaning are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from assistant.rows import StoredPassage
from assistant.text import FUNCTION_WORDS, content_terms, fold, stem, terms, words
from assistant.types import Passage, Span, Vector, Verdict

SUPPORTED_AT, PARTLY_AT = 0.68, 0.45
"""Least strength (coverage and similarity, 0 to 1) for each verdict."""
_COVERAGE, _SIMILARITY = 0.6, 0.4
_LONGEST_RUN = 3
_RUN_COST = 0.03
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nor|neither|nobody|nothing|without|cannot|hardly|barely|unable"
    r"|fail(?:s|ed|ing)? to|refus(?:es?|ed|ing)|den(?:y|ies|ied|ying))\b|n['’]t\b"
)
_CLAUSE_END = re.compile(
    r"[.!?]\s|[;:()—–]|,\s+(?:and|but|while|whereas|although|though)\b", re.IGNORECASE
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "two three four five six seven eight nine ten eleven twelve".split(), start=2
    )
}
_AMOUNTS = frozenset(
    "half dozen twenty thirty forty fifty sixty seventy eighty ninety"
    " hundred thousand million billion trillion".split()
)
_CAPITALISED = re.compile(r"(?P<start>^\W*|[.!?:]\W+)?\b(?P<name>\w[\w'’-]*)(?P<comma>,)?")
_OPENING = re.compile(
    r".*(?:ly|ing|ed)$|although|despite|even|like|one|overall|several|since|though|two|unlike"
)
"""Words that open a sentence without being a name."""


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
    same_sense = _same_sense(claim, text)
    # A quotation that leaves out the negation around it may say the opposite.
    if _quotes(claim, text) and (same_sense or _NEGATION.search(claim.casefold())):
        return Check(Verdict.SUPPORTED, passage, span, (), 1.0 - _RUN_COST * (last - first))
    held = set(map(stem, words(text)))
    named = held | set(map(stem, words(f"{passage.title} {passage.heading}")))
    covered = _coverage(claim, named, rarity)
    similarity = float((stored.sentence_vectors[first : last + 1] @ vector).max())
    strength = _COVERAGE * covered + _SIMILARITY * max(similarity, 0.0) - _RUN_COST * (last - first)
    missing = tuple(_missing(claim, named))
    facts_hold = (
        same_sense
        and _numbers(claim) <= _numbers(text)
        and all(stem(word) in named for name in _names(claim) for word in words(name))
    )
    if facts_hold and strength >= SUPPORTED_AT:
        verdict = Verdict.SUPPORTED
    elif strength >= PARTLY_AT:
        verdict = Verdict.PARTLY
    else:
        verdict = Verdict.UNSUPPORTED
    return Check(verdict, passage, span, missing, strength)


def _same_sense(claim: str, text: str) -> bool:
    """Tell whether the text denies what the claim denies, as far as words show it.

    A negation in a clause about something else is neither here nor there: one
    that is to bear out a negated claim shares half of the claim's words.
    """
    about = set(content_terms(claim))
    shared = [
        len(about.intersection(terms(clause)))
        for clause in _CLAUSE_END.split(text)
        if _NEGATION.search(clause.casefold())
    ]
    if _NEGATION.search(claim.casefold()):
        return any(2 * number >= len(about) for number in shared)
    return not any(shared)


def _quotes(claim: str, text: str) -> bool:
    """Tell whether the claim's words, at least one of which says something, stand in the text."""
    own = words(claim)
    says = any(word not in FUNCTION_WORDS for word in own)
    return says and f" {' '.join(own)} " in f" {' '.join(words(text))} "


def _numbers(text: str) -> set[str]:
    """Return the numbers of a text, those in words included: "three" is "3"; "one" says little."""
    found = (_NUMBER_WORDS.get(word, word) for word in words(text))
    return {stem(word) for word in found if word[0].isdigit() or word in _AMOUNTS}


def _names(claim: str) -> Iterator[str]:
    """Yield the words of a claim that are capitalised, unless they only open a sentence."""
    for match in _CAPITALISED.finditer(claim):
        name = match["name"]
        opens = match["start"] is not None
        folded = fold(name)
        if not name[0].isupper() or (opens and folded in FUNCTION_WORDS):
            continue
        if not (opens and (match["comma"] or _OPENING.fullmatch(folded))):
            yield name


def _coverage(claim: str, held: set[str], rarity: Mapping[str, float]) -> float:
    weights = {stem(w): rarity.get(stem(w), 0.0) for w in words(claim) if w not in FUNCTION_WORDS}
    total = sum(weights.values())
    return sum(w for term, w in weights.items() if term in held) / total if total else 0.0


def _missing(claim: str, held: set[str]) -> Iterator[str]:
    for word in dict.fromkeys(words(claim)):
        if word not in FUNCTION_WORDS and stem(word) not in held:
            yield word
