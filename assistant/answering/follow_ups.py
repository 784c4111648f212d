"""A question that leans on the conversation → one that can be searched by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.text import content_terms
from assistant.types import Turn

_OPEN = re.compile(
    r"\b(?:he|she|they|it|him|them|his|her|hers|their|theirs|its|this|these|those"
    r"|others|another|same|latter|former|too|else)\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"^\W*(?:(?:and|but|or|so|also|what about|how about|what else)\b|(?:why|how so)\W*$)",
    re.IGNORECASE,
)
_FEW_WORDS = 2
_FURTHEST_BACK = 8
"""Questions before this one that it can lean on, one upon the other."""


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return the question with the earlier question before it, if it leans on that one.

    A question leans on the conversation where it begins like a continuation,
    holds a reference that it does not resolve, or has hardly a word of its own.
    """
    earlier = [turn.text for turn in history if turn.role == "user" and turn.text.strip()]
    leans = (
        _CONTINUES.search(question)
        or _OPEN.search(question)
        or len(content_terms(question)) < _FEW_WORDS
    )
    if not earlier or not leans:
        return question
    return f"{_resolved(earlier[-_FURTHEST_BACK:])} {question}"


def _resolved(earlier: Sequence[str]) -> str:
    """Return the last question of the conversation, made standalone in its turn."""
    *before, last = earlier
    return standalone(last, [Turn("user", text) for text in before])
