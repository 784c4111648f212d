"""What kind of answer a question asks for, told by its words."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What a question asks for."""

    HOW_MANY = "how many"
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    WHY = "why"
    YES_NO = "yes or no"
    COMPARISON = "comparison"
    LIST = "list"
    OTHER = "other"


_ASKED = (
    (
        Kind.COMPARISON,
        re.compile(r"\b(?:compare[ds]?|comparison|differ(?:s|ed|ence|ences)?|versus|vs)\b"),
    ),
    (
        Kind.HOW_MANY,
        re.compile(
            r"\bhow (?:many|much|old|long|far|large|big|tall|often|high|deep|fast)\b"
            r"|\b(?:what|which) (?:percentage|percent|share|number|proportion|fraction|amount)\b"
            r"|\b(?:what|which) population\b"
            r"|\bwhat(?:['’]s| is| was)\b.{0,99}\b(?:share|population)"
            r"(?:\W*$| (?:of|in|on|at|around|as)\b)"
            r"|^\W*(?:the )?(?:share|population) of\b"
        ),
    ),
    (
        Kind.WHEN,
        re.compile(r"\b(?:when|(?:what|which) (?:year|date|day|month|century|decade))\b"),
    ),
    (
        Kind.WHERE,
        re.compile(r"\b(?:where|(?:what|which) (?:city|country|town|state|place|region))\b"),
    ),
    (Kind.WHO, re.compile(r"\b(?:who|whom|whose)\b")),
    (Kind.WHY, re.compile(r"\b(?:why|what (?:caused|is the reason|was the reason))\b")),
    (Kind.LIST, re.compile(r"^\W*(?:list|name|which|what are|what were)\b")),
    (
        Kind.YES_NO,
        re.compile(
            r"^\W*(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may)\b"
        ),
    ),
)
_MORE = re.compile(
    r"\b(?:all|every|everyone|everybody|everything|each|in detail|detailed|at length|list"
    r"|as many|more about|tell me more)\b"
)


def kind_of(question: str) -> Kind:
    """Return what a question asks for: the question word that comes first decides."""
    folded = question.casefold()
    found = [
        (match.start(), number, kind)
        for number, (kind, asked) in enumerate(_ASKED)
        if (match := asked.search(folded))
    ]
    return min(found)[2] if found else Kind.OTHER


def wants_more(question: str) -> bool:
    """Tell whether a question asks for more than a short answer: "list all …", "in detail"."""
    return _MORE.search(question.casefold()) is not None
