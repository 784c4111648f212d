"""Who did it? How far a sentence says what was done, in the question's word or in another."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from assistant.text import FUNCTION_WORDS, words

Align = Callable[[str, Sequence[str]], Sequence[Mapping[str, float]]]
"""Tells for each of some texts how far (0 to 1) it says each word of a question."""

_DID = re.compile(
    r"\bwho(?:\s+(?:else|also|all|first|publicly|has|have|had|ever|never|not))*\s+(\w+)", re.I
)

_DENIED = re.compile(r"\b(?:not|never)\b|n['’]t\b", re.I)


def act(question: str) -> str:
    """Return the word for what was done where it is asked who did it, or nothing.

    "Who criticized the plan?" asks for an act, "Who is Ada Brown?" for none.
    """
    found = _DID.search(question)
    word = found.group(1) if found else ""
    asks = bool(word) and word.islower() and word not in FUNCTION_WORDS
    return (words(word) or [""])[0] if asks else ""


def acting(question: str, sentences: Sequence[str], align: Align) -> list[float]:
    """Return how far each sentence says what it is asked who did; 0 for all where that is none."""
    done = act(question)
    if not done or not sentences:
        return [0.0] * len(sentences)
    return [
        0.0 if _DENIED.search(sentence) and not _DENIED.search(question) else said.get(done, 0.0)
        for sentence, said in zip(sentences, align(question, sentences), strict=True)
    ]
