"""An answer without a language model: the sentences that answer, each with its citation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.answering import disagreement
from assistant.answering.candidates import (
    Candidate,
    candidates,
    repeats,
    shown,
    text_of,
    whole_question,
)
from assistant.answering.draft import Draft
from assistant.answering.short import short_answer
from assistant.answering.voices import Align, acting, below, many_may
from assistant.expected import asks_for_money, expected, holds_money
from assistant.kinds import Kind, kind_of, wants_more
from assistant.names import names
from assistant.references import leaves_open
from assistant.retrieval import Found
from assistant.text import content_terms
from assistant.types import Span, Verdict

MOST_SENTENCES, MOST_IF_MORE = 5, 12
"""Sentences of an answer, and of one to a question that asks for more."""
MOST_CHARACTERS = 500
"""Length beyond which only further voices are added, or what is asked for; half goes always."""
_ENOUGH, _ENOUGH_BESIDE_TOLD, _ENOUGH_OF_A_VOICE = 0.6, 0.75, 0.55
"""A further sentence is given where it is at least this share as strong as the first.

It is greater where the first holds the very thing that is asked for, and less
where it is asked who did what many may do.
"""
_NEARLY = 0.9
"""A sentence with the date or number that is asked for leads if it is this share as strong."""
_COVERED = 0.25
"""A further sentence says at least this share of what the first one says of the question."""
_TOLD_BY_FORM = {Kind.WHEN, Kind.HOW_MANY, Kind.LIST}
_SAME = 0.86
"""Two sentences of a higher cosine say the same, and one is enough."""
_SAME_DOCUMENT = 0.93
"""What a sentence's strength is multiplied by for each one its document has given already."""
_NO_NEW_VOICE = 0.85
"""What a sentence that names nobody new is worth where it is asked who."""
_LEAST_ACT, _ACT = 0.2, 0.5
"""How far a sentence has to say what was done, where many may have done it and the first one says
so; and what it adds to a sentence's strength, as a share of it."""
_OTHER_SIDE = 0.4
"""What the question's terms that no sentence has yet count where two things are compared."""


def write(question: str, found: Found, draft: Draft, align: Align, told: str = "") -> str:
    """Write the strongest sentences of the hits into a draft, the one that answers first.

    ``question`` is as it was asked, ``told`` the answer before, where it
    follows up. Where it asks who did something, everybody found who did is
    named. Returns a remark for the reader where the documents differ, or
    nothing.
    """
    made = candidates(question, found, told)
    question = whole_question(question, found.question)
    said = acting(question, [candidate.core for candidate in made], align)
    acts = [max(a, below(question, c.heading, c.core)) for c, a in zip(made, said, strict=True)]
    ordered = led(question, [c._replace(acts=a) for c, a in zip(made, acts, strict=True)])
    lead, *rest = ordered
    others = disagreement.differing(question, lead, rest)
    further = [*others, *_chosen(question, [lead, *others], rest)]
    lead = _continued(lead)
    # After the lead, sentences stand as their documents have them, so that each reads in order.
    rank = {c.passage.document: n for n, c in reversed(list(enumerate([lead, *further])))}
    further.sort(key=lambda c: (rank[c.passage.document], c.span))
    for number, candidate in enumerate([lead, *further]):
        separator = "" if number == 0 else "\n\n- " if number == 1 else "\n- "
        tells = number == 0 or candidate in others
        short = short_answer(question, candidate.text) if tells else None
        support = [(candidate.passage, candidate.span)]
        draft.add(separator, candidate.text, support, Verdict.SUPPORTED, short=short)
    return disagreement.remark(question, ordered[0], others) if others else ""


def led(question: str, ordered: list[Candidate]) -> list[Candidate]:
    """Put first the sentence with the date or number asked for, if it is nearly as strong."""
    holds = holds_money if asks_for_money(question) else expected(question)
    if holds is None or kind_of(question) not in _TOLD_BY_FORM:
        return ordered
    least = _NEARLY * ordered[0].strength
    for candidate in ordered:
        if candidate.strength < least:
            break
        if holds(candidate.core):
            return [candidate, *(other for other in ordered if other is not candidate)]
    return ordered


class _Told(NamedTuple):
    """What an answer has so far, by which it is told what a further sentence is worth."""

    kind: Kind
    voices: bool
    sentences: int
    characters: int
    documents: Counter[str]
    names: set[str]
    terms: set[str]
    asked: set[str]


def _chosen(
    question: str, given: Sequence[Candidate], rest: Sequence[Candidate]
) -> Iterator[Candidate]:
    """Yield the sentences that go with those given, each time the one worth most."""
    kind, more = kind_of(question), wants_more(question)
    voices = many_may(question) and given[0].acts >= _LEAST_ACT
    covered = 0.0 if voices else _COVERED * given[0].covered
    so_far, left = list(given), [one for one in rest if one.covered >= covered]
    told_apart = short_answer(question, given[0].text) is not None and not (more or voices)
    enough = _ENOUGH_OF_A_VOICE if voices else _ENOUGH_BESIDE_TOLD if told_apart else _ENOUGH
    least = enough * given[0].strength
    while len(so_far) < (MOST_IF_MORE if more or voices else MOST_SENTENCES):
        told = _told(question, kind, so_far, voices=voices)
        left = [c for c in left if not repeats(c, so_far, _SAME) and (more or _fits(c, told))]
        worth = [_worth(c, told) for c in left]
        if not left or max(worth) < least:
            return
        so_far.append(left.pop(worth.index(max(worth))))
        yield so_far[-1]


def _told(question: str, kind: Kind, so_far: Sequence[Candidate], *, voices: bool) -> _Told:
    texts = [one.text for one in so_far]
    return _Told(
        kind,
        voices,
        len(so_far),
        sum(map(len, texts)),
        Counter(one.passage.document for one in so_far),
        set().union(*map(names, texts)) if kind is Kind.WHO else set(),
        set().union(*map(content_terms, texts)),
        set(content_terms(question)),
    )


def _worth(candidate: Candidate, told: _Told) -> float:
    worth = candidate.strength * _SAME_DOCUMENT ** told.documents[candidate.passage.document]
    if told.kind is Kind.WHO and candidate.voice <= told.names:
        worth *= _NO_NEW_VOICE
    worth *= 1 + _ACT * candidate.acts
    if told.kind is Kind.COMPARISON:
        new = (told.asked - told.terms).intersection(content_terms(candidate.text))
        worth += _OTHER_SIDE * len(new) / max(len(told.asked), 1)
    return worth


def _fits(candidate: Candidate, told: _Told) -> bool:
    """Tell whether there is room: a further voice always fits, a mere addition if it is short.

    Where it is asked who did what many may do, nothing else than those fits.
    """
    new_voice = not candidate.voice <= told.names
    if told.voices:
        return new_voice and candidate.acts >= _LEAST_ACT
    if told.kind in {Kind.LIST, Kind.COMPARISON} or new_voice:
        return True
    longer = told.characters + len(candidate.text)
    return 2 * told.characters <= MOST_CHARACTERS or longer <= MOST_CHARACTERS


def _continued(lead: Candidate) -> Candidate:
    """Add to the sentence that answers the next one, where that goes on about the same."""
    passage = lead.passage
    for span in passage.sentences:
        if span.start >= lead.span.end:
            between = text_of(passage, Span(lead.span.end, span.start))
            if "\n\n" not in between and leaves_open(text_of(passage, span)):
                whole = Span(lead.span.start, span.end)
                return lead._replace(span=whole, text=shown(text_of(passage, whole)))
            break
    return lead
