"""What kind of thing a question asks for, and whether a sentence holds one of that kind."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.text import fold, words

Holds = Callable[[str], bool]
"""Tells whether a sentence holds a thing of the kind that is asked for."""

_WHEN = re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century)\b")
_HOW_MANY = re.compile(
    r"\bhow (?:many|much|long|old|far|large|big|tall|high|often|fast|deep)\b"
    r"|\bwhat (?:percent(?:age)?|number|share|proportion)\b|\bpopulation\b"
)
_WHO = re.compile(r"\bwho(?:m|se)?\b")
_WHERE = re.compile(
    r"\bwhere\b|\b(?:what|which) (?:city|country|state|place|location|town|region)\b"
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d\d)\b|\b(?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December)\b"
)
_AMOUNT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|dozen|hundred"
    r"|thousand|million|billion|percent)\b",
    re.IGNORECASE,
)
_NAME_INSIDE = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+")


def expected(question: str) -> Holds | None:
    """Return how to tell a sentence with a date, an amount or a name, whichever is asked for.

    A name of the question's own is none. Returns None where the question's
    words don't say what kind of thing it asks for.
    """
    asked = fold(question)
    if _WHEN.search(asked):
        return lambda sentence: _DATE.search(sentence) is not None
    if _HOW_MANY.search(asked):
        return lambda sentence: _AMOUNT.search(sentence) is not None
    if _WHO.search(asked) or _WHERE.search(asked):
        own = set(words(question))
        return lambda sentence: any(
            fold(name) not in own for name in _NAME_INSIDE.findall(sentence)
        )
    return None
