"""Who did it? How far a sentence says what was done, in the question's word or in another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from assistant.clauses import predicates
from assistant.polarity import same_act
from assistant.text import FUNCTION_WORDS, terms, words

_DENIED = re.compile(r"\b(?:not|never)\b|n['’]t\b", re.I)

_BELOW = 0.5
"""How far a sentence below a heading that names what was done says so."""
_TELLING = frozenset(
    terms(
        "argue believe complain consider declare describe insist said say suspect tell think"
        " thought told warn write wrote"
    )
)
"""The stems of verbs that tell what somebody says or thinks."""

Align = Callable[[str, Sequence[str]], Sequence[Mapping[str, float]]]
"""Tells for each of some texts how far (0 to 1) it says each word of a question."""

_DID = re.compile(
    r"\bwho(?:\s+(?:else|also|all|first|publicly|has|have|had|ever|never|not))*\s+(\w+)", re.I
)


def act(question: str) -> str:
    """Return the word for what was done where it is asked who did it, or nothing.

    "Who criticized the plan?" asks for an act, "Who is Ada Brown?" for none.
    """
    found = _DID.search(question)
    word = found.group(1) if found else ""
    asks = bool(word) and word.islower() and word not in FUNCTION_WORDS
    return (words(word) or [""])[0] if asks else ""


def many_may(question: str) -> bool:
    """Tell whether it is asked who did what many may do, such as to criticize something."""
    return len(same_act(act(question))) > 1


def acting(question: str, sentences: Sequence[str], align: Align) -> list[float]:
    """Return how far each sentence says what it is asked who did; 0 for all where that is none."""
    done = act(question)
    if not done or not sentences:
        return [0.0] * len(sentences)
    asked = _denies(question)
    return [
        max(_in_a_word(done, sentence, asked), said.get(done, 0.0) * (_denies(sentence) == asked))
        for sentence, said in zip(sentences, align(question, sentences), strict=True)
    ]


def below(question: str, heading: str, sentence: str) -> float:
    """Return how far a sentence says what it is asked who did, by the heading above it.

    It does so where the heading names the act and the sentence tells what somebody says or thinks.
    """
    done = act(question)
    named = bool(done) and not same_act(done).isdisjoint(terms(heading))
    tells = not _TELLING.isdisjoint(terms(sentence))
    return _BELOW * (named and tells and _denies(heading) == _denies(question))


def _in_a_word(done: str, sentence: str, denied: bool) -> float:
    """Return 1 where a predicate has the word, or one for the same, and denies it if asked to."""
    same = same_act(done)
    return float(
        any(
            not same.isdisjoint(terms(said)) and _denies(said) == denied
            for said in predicates(sentence)
        )
    )


def _denies(text: str) -> bool:
    return _DENIED.search(text) is not None
