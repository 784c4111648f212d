"""An answer without a language model: the sentences that answer, each with its citation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.answering import disagreement
from assistant.answering.candidates import (
    Candidate,
    candidates,
    names_someone,
    repeats,
    shown,
    text_of,
)
from assistant.answering.draft import Draft
from assistant.answering.short import short_answer
from assistant.expected import expected
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
_ENOUGH = 0.66
"""A further sentence is given where it is at least this share as strong as the first."""
_NEARLY = 0.9
"""A sentence with the date or number that is asked for leads if it is this share as strong."""
_TOLD_BY_FORM = {Kind.WHEN, Kind.HOW_MANY}
_SAME = 0.86
"""Two sentences of a higher cosine say the same, and one is enough."""
_SAME_DOCUMENT = 0.93
"""What a sentence's strength is multiplied by for each one its document has given already."""
_NO_NEW_VOICE = 0.85
"""What a sentence that names nobody new is worth where it is asked who."""
_OTHER_SIDE = 0.4
"""What the question's terms that no sentence has yet count where two things are compared."""


def write(question: str, found: Found, draft: Draft) -> str:
    """Write the strongest sentences of the hits into a draft, the one that answers first.

    ``question`` is as it was asked. Returns a remark for the reader where the
    documents differ, or nothing.
    """
    ordered = led(question, candidates(question, found))
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
    holds = expected(question)
    if holds is None or kind_of(question) not in _TOLD_BY_FORM:
        return ordered
    least = _NEARLY * ordered[0].strength
    for candidate in ordered:
        if candidate.strength < least:
            break
        if holds(candidate.core):
            return [candidate, *(other for other in ordered if other is not candidate)]
    return ordered


def _chosen(
    question: str, given: Sequence[Candidate], rest: Sequence[Candidate]
) -> Iterator[Candidate]:
    """Yield the sentences that go with those given, each time the one worth most."""
    so_far, left = list(given), list(rest)
    most = MOST_IF_MORE if wants_more(question) else MOST_SENTENCES
    while len(so_far) < most:
        left = [c for c in left if not repeats(c, so_far, _SAME) and _fits(c, so_far, question)]
        worth = [_worth(c, so_far, question) for c in left]
        if not left or max(worth) < _ENOUGH * given[0].strength:
            return
        so_far.append(left.pop(worth.index(max(worth))))
        yield so_far[-1]


def _worth(candidate: Candidate, so_far: Sequence[Candidate], question: str) -> float:
    kind = kind_of(question)
    documents = Counter(one.passage.document for one in so_far)
    worth = candidate.strength * _SAME_DOCUMENT ** documents[candidate.passage.document]
    if kind is Kind.WHO and not _is_new_voice(candidate, so_far, question):
        worth *= _NO_NEW_VOICE
    if kind is Kind.COMPARISON:
        asked = set(content_terms(question))
        said = set().union(*(content_terms(one.text) for one in so_far))
        new = asked.intersection(content_terms(candidate.text)) - said
        worth += _OTHER_SIDE * len(new) / max(len(asked), 1)
    return worth


def _fits(candidate: Candidate, so_far: Sequence[Candidate], question: str) -> bool:
    """Tell whether there is room: a further voice always fits, a mere addition if it is short."""
    kind = kind_of(question)
    so_long = sum(len(one.text) for one in so_far)
    if kind is Kind.WHO and _is_new_voice(candidate, so_far, question):
        return True
    room = 2 * so_long <= MOST_CHARACTERS or so_long + len(candidate.text) <= MOST_CHARACTERS
    return wants_more(question) or kind in {Kind.LIST, Kind.COMPARISON} or room


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


def _is_new_voice(candidate: Candidate, so_far: Sequence[Candidate], question: str) -> bool:
    new = set(names(candidate.core)).difference(*(names(one.text) for one in so_far))
    return bool(new) and names_someone(candidate.core, question)
