"""Claim → supported, partly or not, and by which sentences: the gate every answer passes.

A claim is taken apart into clauses. Each is compared with the sentences of the
passages, together with the sentences before that name what they leave open. A
clause is borne out where its names, its numbers and its negation are there,
and enough of its words, weighted by rarity, are there as well or are said in
other words, also of each part that it joins with "and". A claim is supported
where it is a quotation, or each of its clauses is borne out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from assistant.alignment import alignments
from assistant.clauses import clauses, conjuncts
from assistant.facts import lacking_names, lacking_numbers, same_sense
from assistant.light_words import LIGHT_WORDS
from assistant.names import names, spans
from assistant.quantities import quantities
from assistant.references import first_in_reach, first_naming, sentence
from assistant.rows import StoredPassage
from assistant.text import FUNCTION_WORDS, stem, terms, words
from assistant.types import Encoder, Passage, Span, Vector, Verdict

SUPPORTED_AT, PARTLY_AT = 0.60, 0.45
"""Least strength (coverage and similarity, 0 to 1) for each verdict."""
_COVERAGE, _SIMILARITY = 0.8, 0.2
_MISSING_BELOW = 0.5
_CLOSEST = 8
"""Sentences, of all passages, that a claim is compared with word by word."""
_LONGEST_QUOTATION = 3
_RUN_COST = 0.02
_ELSEWHERE = 0.3
"""What a likeness in meaning counts for a word that the passage has elsewhere."""
_BEFORE = 0.7
"""What a word counts that only a sentence before has, which is there to name who is meant."""

Support = tuple[Passage, Span]


class Check(NamedTuple):
    """What the check of one claim came to: by what it is borne out, and which words nothing covers.

    ``strength`` (0 to 1) compares within one verdict.
    """

    verdict: Verdict
    supports: tuple[Support, ...]
    missing: tuple[str, ...]
    strength: float


NOTHING = Check(Verdict.UNSUPPORTED, (), (), 0.0)


def check(
    claim: str, passages: Sequence[StoredPassage], rarity: Mapping[str, float], encoder: Encoder
) -> Check:
    """Check a claim against some passages, and return the best support found.

    ``rarity`` holds the weight of each of the claim's stems, ``encoder`` is
    the one that built the index.
    """
    if all(word in FUNCTION_WORDS for word in words(claim)):
        return NOTHING
    for stored in passages:
        quoted = _quotation(claim, stored.passage)
        if quoted:
            return Check(Verdict.SUPPORTED, ((stored.passage, quoted),), (), 1.0)
    vector = encoder.encode_question(claim)
    units = [unit for stored in passages for unit in _units(stored, vector)]
    units.sort(key=lambda unit: -_rough(unit, rarity))
    closest = units[:_CLOSEST]
    said = alignments(claim, [unit.core for unit in closest], encoder)
    parts = clauses(claim)
    table = [
        [_compare(part, unit, credit, rarity) for part in parts]
        for unit, credit in zip(closest, said, strict=True)
    ]
    return _judged(closest, table)


def strength_of(found: Check) -> tuple[int, float]:
    """Order checks by verdict, then by strength."""
    return _RANK[found.verdict], found.strength


_RANK = {Verdict.UNSUPPORTED: 0, Verdict.PARTLY: 1, Verdict.SUPPORTED: 2}


class _Unit(NamedTuple):
    """A sentence with those before it that name what it leaves open."""

    passage: Passage
    span: Span
    text: str
    core: str
    similarity: float
    before: str

    @property
    def title(self) -> str:
        """The title and headings above it."""
        return f"{self.passage.title}\n{self.passage.heading}"


class _Found(NamedTuple):
    """How a clause compares with a unit: whether its facts hold, how strongly, what is missing.

    ``denied`` says that its names and numbers hold and its sense does not,
    ``weakest`` is the strength of the weakest of what the clause joins with "and".
    """

    holds: bool
    denied: bool
    strength: float
    weakest: float
    missing: tuple[str, ...]

    @property
    def borne_out(self) -> bool:
        """Whether the unit bears the clause out."""
        return self.holds and self.weakest >= SUPPORTED_AT


def _units(stored: StoredPassage, vector: Vector) -> Iterator[_Unit]:
    passage = stored.passage
    similarities = (stored.sentence_vectors @ vector).tolist()
    for row, (_, end) in enumerate(passage.sentences):
        core = sentence(passage, row)
        firsts = {row, first_naming(passage, row), first_in_reach(passage, row)}
        for first in sorted(firsts):
            span = Span(passage.sentences[first].start, end)
            text = passage.text[span.start - passage.start : end - passage.start]
            similarity = similarities[row] - _RUN_COST * (row - first)
            before = passage.text[: span.start - passage.start]
            yield _Unit(passage, span, text, core, similarity, before)


def _rough(unit: _Unit, claim: Mapping[str, float]) -> float:
    """Return a strength that costs little, by which units are chosen for a closer look."""
    held = _stems(unit.text)
    total = sum(claim.values()) or 1.0
    covered = sum(weight for term, weight in claim.items() if term in held) / total
    return _COVERAGE * covered + _SIMILARITY * unit.similarity


@lru_cache(maxsize=256)
def _stems(text: str) -> frozenset[str]:
    return frozenset(terms(text))


def _compare(
    clause: str, unit: _Unit, said: Mapping[str, float], rarity: Mapping[str, float]
) -> _Found:
    lacking = (
        *lacking_names(clause, unit.text, unit.title, unit.passage.text),
        *lacking_numbers(clause, unit.text, unit.before),
    )
    credit = _credits(clause, unit, said, set(words(" ".join(lacking))))
    strengths = [
        _COVERAGE * _coverage(said_in, credit, rarity) + _SIMILARITY * max(unit.similarity, 0.0)
        for said_in in (words(clause), *_apart(clause))
    ]
    missing = tuple(word for word, share in credit.items() if share < _MISSING_BELOW)
    agrees = same_sense(clause, unit.text)
    return _Found(
        not lacking and agrees, not lacking and not agrees, strengths[0], min(strengths), missing
    )


def _apart(clause: str) -> list[list[str]]:
    """Return the words of each part that a clause joins with "and", but for names.

    A name is there or lacking; it does not make up for what is said of it.
    """
    parts = conjuncts(clause)
    named = set(names(clause))
    return [[w for w in words(part) if w not in named] for part in parts if len(parts) > 1]


def _coverage(
    said: Sequence[str], credit: Mapping[str, float], rarity: Mapping[str, float]
) -> float:
    """Return the share of some words that a unit says, each weighted by its rarity."""
    weights = {word: rarity.get(stem(word), 0.0) for word in said if word in credit}
    total = sum(weights.values())
    if not total:
        return float(all(credit[word] for word in weights))
    return sum(weights[word] * credit[word] for word in weights) / total


def _credits(
    clause: str, unit: _Unit, said: Mapping[str, float], lacking: Collection[str]
) -> dict[str, float]:
    """Return for each word of a clause that says something how far a unit says it, too."""
    held = _stems(f"{unit.core} {unit.title}")
    before, elsewhere = _stems(unit.text), _stems(unit.passage.text)
    named = set(names(clause))
    found: dict[str, float] = {}
    for word in words(clause):
        if word in LIGHT_WORDS:
            continue
        if word in lacking:
            found[word] = 0.0
        elif stem(word) in held or word in named or word[0].isdigit():
            found[word] = 1.0
        elif stem(word) in before:
            found[word] = max(_BEFORE, said.get(word, 0.0))
        else:
            # A word that the passage has for something else is not said in other words here.
            share = _ELSEWHERE if stem(word) in elsewhere else 1.0
            found[word] = share * said.get(word, 0.0)
    return found


def _judged(units: Sequence[_Unit], table: Sequence[Sequence[_Found]]) -> Check:
    """Choose the unit that bears all clauses out, or one for each, or what comes nearest."""
    if not units:
        return NOTHING
    table = _undenied(table)
    means = [sum(found.strength for found in row) / len(row) for row in table]
    whole = [n for n, row in enumerate(table) if all(found.borne_out for found in row)]
    best = max(whole or range(len(units)), key=means.__getitem__)
    missing = tuple(dict.fromkeys(word for found in table[best] for word in found.missing))
    if whole:
        return Check(Verdict.SUPPORTED, (_support(units[best]),), missing, means[best])
    each = [
        max(range(len(units)), key=lambda n: (column[n].borne_out, column[n].strength))
        for column in zip(*table, strict=True)
    ]
    if all(table[n][part].borne_out for part, n in enumerate(each)):
        strength = sum(table[n][part].strength for part, n in enumerate(each)) / len(each)
        supports = tuple(dict.fromkeys(_support(units[n]) for n in each))
        return Check(Verdict.SUPPORTED, supports, (), strength)
    verdict = Verdict.PARTLY if means[best] >= PARTLY_AT else Verdict.UNSUPPORTED
    return Check(verdict, (_support(units[best]),), missing, means[best])


def _undenied(table: Sequence[Sequence[_Found]]) -> list[list[_Found]]:
    """Let nothing bear a clause out that comes less near to it than what denies it."""
    columns = zip(*table, strict=True)
    denials = [max((f.strength for f in column if f.denied), default=0.0) for column in columns]
    return [
        [f._replace(holds=f.holds and f.strength >= no) for f, no in zip(row, denials, strict=True)]
        for row in table
    ]


def _support(unit: _Unit) -> Support:
    return unit.passage, unit.span


def _quotation(claim: str, passage: Passage) -> Span | None:
    """Return the shortest run of sentences that hold the claim's words in a row and its sense."""
    said = words(claim)
    if not list(_rows(said, words(passage.text))):
        return None
    for length in range(1, _LONGEST_QUOTATION + 1):
        for first in range(len(passage.sentences) - length + 1):
            span = Span(passage.sentences[first].start, passage.sentences[first + length - 1].end)
            text = passage.text[span.start - passage.start : span.end - passage.start]
            if (
                _whole(said, text)
                and not lacking_numbers(claim, text, "")
                and (same_sense(claim, text))
            ):
                return span
    return None


def _whole(said: Sequence[str], text: str) -> bool:
    """Tell whether a text has some words in a row that is not cut out of a name or a number."""
    held = words(text)
    places = [*spans(text), *(Span(number.start, number.end) for number in quantities(text))]
    joined = {pair for start, end in places for pair in pairwise(words(text[start:end]))}
    return any(
        joined.isdisjoint(
            (tuple(held[max(first - 1, 0) : first + 1]), tuple(held[last : last + 2]))
        )
        for first, last in _rows(said, held)
    )


def _rows(said: Sequence[str], held: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where some words stand in a row among others: the first and the last of them."""
    for first, word in enumerate(held):
        if word == said[0] and held[first : first + len(said)] == said:
            yield first, first + len(said) - 1
