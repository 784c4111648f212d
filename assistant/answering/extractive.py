"""An answer without a language model: the sentences that answer, each with its citation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from assistant.answering.draft import Draft
from assistant.ranking import coverage
from assistant.retrieval import Found
from assistant.text import content_terms, terms, words
from assistant.types import Evidence, Passage, Span, Vector, Verdict

MOST_SENTENCES = 5
_ENOUGH = 0.72
"""A further sentence is given where it is at least this share as strong as the first."""
_SAME = 0.86
"""Two sentences of a higher cosine say the same, and one is enough."""
_OPENS_WITH = re.compile(
    r"^\W*(?:it|its|this|that|these|those|such|both|there|here|also|however|but|instead|then"
    r"|the (?:official|latter|former|program|programme|report|plan))\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|she|they|his|her|their)\b", re.IGNORECASE)
_NAME_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z]\w+")
_BULLET = re.compile(r"^(?:[-*•–—]|\d{1,2}[.)])\s+")
_FOOTNOTE = re.compile(r"\s?\[\d+(?:\s*[,–-]\s*\d+)*\]")
_EXPECTED = (
    (re.compile(r"\b(?:how (?:many|much|old|long|far|large|big|tall)|what percentage|share)\b"),
     re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|half|hundred"
                r"|thousand|million|billion)\b", re.IGNORECASE)),
    (re.compile(r"\b(?:when|what (?:year|date|day|month)|which year)\b"),
     re.compile(r"\b\d{4}\b|\b(?:January|February|March|April|May|June|July|August|September"
                r"|October|November|December)\b")),
    (re.compile(r"\bwhere\b"), re.compile(r"\b(?:in|at|near|from|to|of)\s+[A-Z]\w+")),
    (re.compile(r"\bwhy\b"),
     re.compile(r"\b(?:because|since|due|reason|so that|in order|result|cause[ds]?|owing)\b")),
)  # fmt: skip
_WHO = re.compile(r"\b(?:who|whom|whose)\b")
_NAME = re.compile(r"\b[A-Z][\w’'-]+")
_EXPECTED_BONUS = 0.12
_FOCUS = 0.3
"""What covering the words of a follow-up's own counts, beside the whole question."""
_NO_STATEMENT = 0.25
_SAME_DOCUMENT = 0.93
"""What a sentence's strength is multiplied by for each one its document has given already."""
_MOST_ITEMS = 12
_MOST_BEFORE = 2
"""Sentences that may be taken in before one that leaves open whom it speaks of."""


class _Candidate(NamedTuple):
    passage: Passage
    span: Span
    text: str
    vector: Vector
    strength: float


def write(question: str, found: Found, draft: Draft) -> None:
    """Write the strongest sentences of the hits into a draft, the one that answers first.

    ``question`` is as it was asked: where it follows up, what it adds to the
    question that was searched decides between sentences on the same topic.
    """
    chosen = _choose(_candidates(question, found))
    lead, *further = chosen
    lead = _continued(lead)
    # After the lead, sentences stand as their documents have them, so that each reads in order.
    rank = {c.passage.document: n for n, c in reversed(list(enumerate(chosen)))}
    further.sort(key=lambda c: (rank[c.passage.document], c.span))
    for number, candidate in enumerate([lead, *further]):
        separator = "" if number == 0 else "\n\n- " if number == 1 else "\n- "
        support = [(candidate.passage, candidate.span)]
        draft.add(separator, candidate.text, support, Verdict.SUPPORTED)


def _candidates(question: str, found: Found) -> list[_Candidate]:
    expected = [answer for asked, answer in _EXPECTED if asked.search(question.casefold())]
    asks_who = _WHO.search(question.casefold()) is not None
    own = {t: found.rarity[t] for t in content_terms(question) if t in found.rarity}
    focus = _FOCUS if question != found.question else 0.0
    best = found.hits[0].score or 1.0
    candidates = []
    for hit in found.hits:
        stored = found.stored[hit.passage.id]
        spans = {span: row for row, span in enumerate(hit.passage.sentences)}
        for sentence in hit.evidence:
            row = spans[Span(sentence.start, sentence.end)]
            strength = sentence.score * (0.5 + 0.5 * hit.score / best)
            answers = any(answer.search(sentence.text) for answer in expected)
            answers = answers or (asks_who and _names_someone(sentence.text, question))
            strength += _EXPECTED_BONUS * answers
            strength += focus * coverage(sentence.text, own)
            if _no_statement(sentence, hit.passage):
                strength -= _NO_STATEMENT
            span = _whole_statement(sentence, row, hit.passage)
            offset = hit.passage.start
            text = _shown(hit.passage.text[span.start - offset : span.end - offset])
            vector = stored.sentence_vectors[row]
            candidates.append(_Candidate(hit.passage, span, text, vector, strength))
    return sorted(candidates, key=lambda candidate: -candidate.strength)


def _choose(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    chosen = list(candidates[:1])
    rest = list(candidates[1:])
    while rest and len(chosen) < MOST_SENTENCES:
        rest = [c for c in rest if not any(_repeats(c, other) for other in chosen)]
        given = Counter(candidate.passage.document for candidate in chosen)
        worth = [c.strength * _SAME_DOCUMENT ** given[c.passage.document] for c in rest]
        if not rest or max(worth) < _ENOUGH * chosen[0].strength:
            break
        chosen.append(rest.pop(worth.index(max(worth))))
    return chosen


def _repeats(one: _Candidate, other: _Candidate) -> bool:
    overlap = (
        one.passage.document == other.passage.document
        and one.span.start < other.span.end
        and other.span.start < one.span.end
    )
    return overlap or float(one.vector @ other.vector) > _SAME


def _names_someone(sentence: str, question: str) -> bool:
    """Tell whether a name that the question lacks comes before what was done, or after "by"."""
    asked = set(terms(question))
    done = next(iter(content_terms(question)), "")
    for match in _NAME.finditer(sentence):
        before = sentence[: match.start()]
        own = asked.isdisjoint(terms(match.group())) and content_terms(match.group())
        if own and (done not in terms(before) or before.endswith("by ")):
            return True
    return False


def _no_statement(sentence: Evidence, passage: Passage) -> bool:
    """Tell headings, questions and fragments from sentences that state something."""
    text = sentence.text.strip()
    short = len(words(text)) < 4
    heading = text in passage.heading or text == passage.title
    unfinished = text[-1:].isalnum() and len(words(text)) < 9
    return short or heading or unfinished or text.endswith("?")


def _whole_statement(sentence: Evidence, row: int, passage: Passage) -> Span:
    """Take in what the sentence does not say by itself.

    That is the sentences before, while the first one leaves open whom it
    speaks of, and the items of the list that it announces.
    """
    start, text = sentence.start, sentence.text
    for before in passage.sentences[max(row - _MOST_BEFORE, 0) : row][::-1]:
        gap = passage.text[before.end - passage.start : start - passage.start]
        if "\n\n" in gap or not _leaves_open(text):
            break
        start, text = (
            before.start,
            passage.text[before.start - passage.start : before.end - passage.start],
        )
    end = sentence.end
    if sentence.text.endswith(":"):
        for item in passage.sentences[row + 1 : row + 1 + _MOST_ITEMS]:
            if not _BULLET.match(passage.text[item.start - passage.start :]):
                break
            end = item.end
    return Span(start, end)


def _continued(lead: _Candidate) -> _Candidate:
    """Add to the sentence that answers the next one, where that goes on about the same."""
    passage, start = lead.passage, lead.passage.start
    for span in passage.sentences:
        if span.start >= lead.span.end:
            between = passage.text[lead.span.end - start : span.start - start]
            text = passage.text[span.start - start : span.end - start]
            if "\n\n" not in between and _leaves_open(text):
                whole = Span(lead.span.start, span.end)
                shown = _shown(passage.text[whole.start - start : whole.end - start])
                return lead._replace(span=whole, text=shown)
            break
    return lead


def _leaves_open(sentence: str) -> bool:
    """Tell whether a sentence speaks of someone or something that only an earlier one names."""
    person = _PERSON.search(sentence)
    named = _NAME_INSIDE.search(sentence) or re.match(r"\W*[A-Z]\w+ [A-Z]", sentence)
    unnamed = person and (not named or (named.start() > person.start()))
    return bool(unnamed or _OPENS_WITH.match(sentence))


def _shown(quote: str) -> str:
    """Return a quote as one line, without bullets and the source's own footnote marks."""
    lines = (_BULLET.sub("", line.strip()) for line in _FOOTNOTE.sub("", quote).splitlines())
    return " ".join(" ".join(lines).split())
