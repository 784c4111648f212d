"""Hits → the sentences that may answer a question, each with how strongly it does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.chunking import SEPARATOR
from assistant.expected import Holds, expected
from assistant.kinds import Kind, kind_of
from assistant.names import names, spans
from assistant.quantities import years
from assistant.ranking import coverage
from assistant.references import SOMEBODY, first_naming, sentence
from assistant.retrieval import Found
from assistant.text import content_terms, terms, words
from assistant.types import Evidence, Passage, Span, Vector

_BULLET = re.compile(r"^(?:[-*•–—]|\d{1,2}[.)])\s+")
_FOOTNOTE = re.compile(r"\s?\[\d+(?:\s*[,–-]\s*\d+)*\]")
_EXPECTED_BONUS, _VOICE_BONUS = 0.06, 0.12
"""What a sentence gains that has what is asked for, and one in which somebody acts or speaks."""
_OTHER_YEAR = 0.15
"""What a sentence loses that is about other years than the question."""
_FOCUS = 0.3
"""What covering the words of a follow-up's own counts, beside the whole question."""
_TOLD, _GOES_ON = -0.5, 0.5
"""What a sentence gains where "why?" is asked: one told already, and the one behind the lead."""
_FIRST_BELOW, _BELOW = 0.8, 0.5
"""What a sentence gains below a heading that asks the whole question, the first one and another.

As much as the first gains one that enumerates what the heading names and the question asks to list.
"""
_NAMED_BEFORE = 0.4
"""What a sentence about "he" or "she" gains by what it only says together with those before it."""
_NO_STATEMENT = 1.0
_MOST_ITEMS = 12


class Candidate(NamedTuple):
    """A sentence with what it needs to be understood, as it is quoted and as it is shown.

    ``core`` is the sentence alone, ``covered`` the share of the question's
    terms in it, ``voice`` whom it names, where it was asked who did something,
    and ``acts`` how far (0 to 1) it says what was done.
    """

    passage: Passage
    span: Span
    text: str
    core: str
    vector: Vector
    strength: float
    covered: float
    voice: frozenset[str] = frozenset()
    acts: float = 0.0

    @property
    def heading(self) -> str:
        """The heading that stands directly above it, or nothing."""
        return heading_of(self.passage)


class _Asked(NamedTuple):
    """What a question asks for, how to tell a sentence that has it, and what such a one gains."""

    kind: Kind
    holds: Holds | None
    bonus: float
    years: set[float]


def candidates(question: str, found: Found, told: str = "") -> list[Candidate]:
    """Return the sentences of the hits, the strongest first.

    ``question`` is as it was asked: where it follows up, what it adds to the
    question that was searched decides between sentences on the same topic. One
    that adds nothing, such as "why?", asks for others than were ``told`` before.
    """
    own = {t: found.rarity[t] for t in content_terms(question) if t in found.rarity}
    focus = _FOCUS if question != found.question else 0.0
    best = found.hits[0].score or 1.0
    asked = _asked(whole_question(question, found.question))
    made = []
    for hit in found.hits:
        above = _heading_asks(asked.kind, own, hit.passage)
        listed = asked.kind is Kind.LIST and _names_the_things(own, hit.passage)
        rows = {span: row for row, span in enumerate(hit.passage.sentences)}
        for strong in hit.evidence:
            row = rows[Span(strong.start, strong.end)]
            covered = max(coverage(strong.text, own), above)
            has_expected = asked.holds is not None and asked.holds(strong.text)
            strength = strong.score * (0.5 + 0.5 * hit.score / best)
            strength += has_expected * asked.bonus + focus * covered
            strength += (_FIRST_BELOW if _is_first(hit.passage, row) else _BELOW) * above
            strength += _FIRST_BELOW * (listed and has_expected)
            strength -= _unfitness(asked, strong, hit.passage)
            if told and not own:
                strength += _going_on(told, hit.passage, row)
            speaks = has_expected and asked.kind is Kind.WHO
            span = _whole_statement(strong, row, hit.passage)
            if span.start < strong.start and SOMEBODY.search(strong.text):
                strength += _NAMED_BEFORE * _only_together(hit.passage, span, strong, own)
            made.append(
                Candidate(
                    hit.passage,
                    span,
                    shown(text_of(hit.passage, span)),
                    strong.text,
                    found.stored[hit.passage.id].sentence_vectors[row],
                    strength,
                    covered,
                    frozenset(names(strong.text)) if speaks else frozenset(),
                )
            )
    return sorted(made, key=lambda candidate: -candidate.strength)


def whole_question(question: str, standalone: str) -> str:
    """Return the question that tells what kind of answer is asked for, and about what.

    A follow-up such as "and in 2010?" asks for what the question before did.
    """
    kind = kind_of(question)
    return standalone if kind in {Kind.OTHER, kind_of(standalone)} else question


def shown(quote: str) -> str:
    """Return a quote as one line, without bullets and the source's own footnote marks."""
    lines = (_BULLET.sub("", line.strip()) for line in _FOOTNOTE.sub("", quote).splitlines())
    return " ".join(" ".join(lines).split())


def heading_of(passage: Passage) -> str:
    """Return the heading directly above a passage, or nothing."""
    return passage.heading.split(SEPARATOR)[-1]


def text_of(passage: Passage, span: Span) -> str:
    """Return the text of a span of the document that lies within a passage."""
    return passage.text[span.start - passage.start : span.end - passage.start]


def _asked(question: str) -> _Asked:
    kind = kind_of(question)
    if kind is Kind.WHO:
        return _Asked(kind, _speaking(question), _VOICE_BONUS, years_of(question))
    return _Asked(kind, expected(question), _EXPECTED_BONUS, years_of(question))


def _speaking(question: str) -> Holds:
    """Return how to tell a name that the question lacks before what was done, or after "by"."""
    asked = set(terms(question))
    done = next(iter(content_terms(question)), "")

    def speaks(sentence: str) -> bool:
        for start, end in spans(sentence):
            before, name = sentence[:start], sentence[start:end]
            own = asked.isdisjoint(terms(name)) and content_terms(name)
            if own and (done not in terms(before) or before.endswith("by ")):
                return True
        return False

    return speaks


def _unfitness(asked: _Asked, sentence: Evidence, passage: Passage) -> float:
    """Return what a sentence loses by being about other years, or by stating nothing."""
    held = years_of(sentence.text) if asked.years else set()
    other_year = bool(held) and asked.years.isdisjoint(held)
    return _OTHER_YEAR * other_year + _NO_STATEMENT * _no_statement(sentence, passage)


def _heading_asks(kind: Kind, own: Mapping[str, float], passage: Passage) -> float:
    """Return how much of a question the heading above a passage asks (0 to 1)."""
    heading = heading_of(passage)
    asks = heading.endswith("?") or kind is Kind.WHY
    same = asks and kind_of(heading) is kind
    return coverage(heading, own) if same else 0.0


def _is_first(passage: Passage, row: int) -> bool:
    """Tell whether a sentence follows the heading above its passage."""
    heading = heading_of(passage)
    return row > 0 and shown(sentence(passage, row - 1)) == heading


def _names_the_things(own: Mapping[str, float], passage: Passage) -> bool:
    """Tell whether the heading above a passage names nothing but what a question asks to list."""
    heading = set(content_terms(heading_of(passage)))
    return bool(heading) and heading <= own.keys()


def _only_together(
    passage: Passage, whole: Span, last: Evidence, own: Mapping[str, float]
) -> float:
    """Return what a sentence and those before it say of a question beyond what either does."""
    before = text_of(passage, Span(whole.start, last.start))
    apart = max(coverage(before, own), coverage(last.text, own))
    return coverage(f"{before} {last.text}", own) - apart


def _going_on(told: str, passage: Passage, row: int) -> float:
    """Return what a sentence gains where it is asked to go on from what was told."""
    if shown(sentence(passage, row)) in told:
        return _TOLD
    lead = told.partition("\n")[0]
    return _GOES_ON if row and shown(sentence(passage, row - 1)) in lead else 0.0


def years_of(text: str) -> set[float]:
    """Return the years that a text names."""
    return {year.value for year in years(text)}


def _no_statement(sentence: Evidence, passage: Passage) -> bool:
    """Tell headings, questions and fragments from sentences that state something."""
    text = sentence.text.strip()
    short = len(words(text)) < 4
    heading = text in passage.heading or text == passage.title
    unfinished = text[-1:].isalnum() and len(words(text)) < 9
    byline = text.startswith("By ") and len(words(text)) < 9
    return short or heading or unfinished or byline or text.endswith("?")


def _whole_statement(sentence: Evidence, row: int, passage: Passage) -> Span:
    """Take in what the sentence does not say by itself.

    That is the sentences before, while the first one leaves open whom it
    speaks of, and the items of the list that it announces.
    """
    start, end = passage.sentences[first_naming(passage, row)].start, sentence.end
    if sentence.text.endswith(":"):
        for item in passage.sentences[row + 1 : row + 1 + _MOST_ITEMS]:
            if not _BULLET.match(passage.text[item.start - passage.start :]):
                break
            end = item.end
    return Span(start, end)


def repeats(one: Candidate, others: Sequence[Candidate], same: float) -> bool:
    """Tell whether a sentence overlaps another one, or says the same (a cosine above ``same``)."""
    return any(_overlap(one, other) or float(one.vector @ other.vector) > same for other in others)


def _overlap(one: Candidate, other: Candidate) -> bool:
    return (
        one.passage.document == other.passage.document
        and one.span.start < other.span.end
        and other.span.start < one.span.end
    )
