"""A question within its conversation → what is found for it, and whether that can answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant import query
from assistant.answering import follow_ups
from assistant.answering.candidates import candidates, whole_question
from assistant.answering.counted import Said, uncounted
from assistant.answering.named import Told, unheard_of
from assistant.answering.voices import Align
from assistant.refusal import Judgement
from assistant.retrieval import Found
from assistant.types import Passage, Turn

_NEAREST = 8
"""Sentences, the strongest, that are asked whether they say a name in other words."""


def search(
    question: str,
    history: Sequence[Turn],
    find: Callable[[str], Found],
    judge: Callable[[Found], Judgement],
    align: Align | None,
) -> tuple[Found, Judgement]:
    """Search for a question in the first of its readings that can be answered, or in its first.

    ``align`` compares words in context where sentences are to answer: then the
    documents have to know the names in it, and a sentence to count what it is
    asked how many there are of. A language model is left to tell by itself.
    """
    refused: list[tuple[Found, Judgement]] = []
    for reading in follow_ups.readings(question, history):
        found = find(reading)
        judgement = judge(found)
        if align and judgement.answerable:
            judgement = judgement._replace(unsaid=_unsaid(question, reading, found, align))
        if judgement.answerable:
            return found, judgement
        refused.append((found, judgement))
    return refused[0]


def _unsaid(question: str, reading: str, found: Found, align: Align) -> str:
    """Return in words what is asked for and no sentence found says, or nothing."""
    asked = query.parse(question).text
    made = candidates(asked, found)
    told = [Told(c.core, _with_context(c.passage)) for c in made[:_NEAREST]]
    counting = [Said(c.core, f"{c.passage.heading} {c.text}") for c in made]
    # Names that a reading only takes along, as in brackets, need not be in the answer.
    named = asked if asked in reading else query.parse(reading).text
    return unheard_of(named, told, align) or uncounted(
        whole_question(asked, found.question), counting, align
    )


def _with_context(passage: Passage) -> str:
    return f"{passage.document} {passage.title} {passage.heading} {passage.text}"
