"""Whether a sentence holds the kind of thing that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.dates import names_month
from assistant.kinds import Kind, kind_of
from assistant.names import sure_spans
from assistant.quantities import amounts, moments
from assistant.text import words

MONEY = frozenset("$ € £ peso".split())
"""The units of money."""
_OTHER_MONEY = re.compile(
    r"[¥₹₽₩]|\b[A-Z]{3}\s?\d"
    r"|\b(?:yen|yuan|rupees?|francs?|crowns?|kron[ae]r?|r(?:o)?ubles?|rand|lira|dinars?|marks?)\b"
)
_MONEY_ASKED = re.compile(
    r"\bhow much (?:(?P<money>money)\b"
    r"|(?:do|does|did|is|was|are|were|has|have|had|will|would|can|could|should)\b"
    r"[^.?!]{0,120}?\b(?P<word>cost|worth|paid|pay|spent|spend|earned|earn|charged?)\b)",
    re.IGNORECASE,
)
Holds = Callable[[str], bool]
"""Tells whether a sentence holds a thing of the kind that is asked for."""

_REASON = re.compile(r"\b(?:because|since|due|reason|so that|in order|result|cause[ds]?|owing)\b")


def expected(question: str) -> Holds | None:
    """Return how to tell a sentence with a date, an amount, a reason or a name, as is asked for.

    A name of the question's own is none. Returns None where the question's
    words don't say what kind of thing it asks for.
    """
    kind = kind_of(question)
    if kind in {Kind.WHO, Kind.WHERE}:
        own = set(words(question))
        return lambda sentence: any(
            not own.issuperset(words(sentence[start:end])) for start, end in sure_spans(sentence)
        )
    return _HOLDS.get(kind)


def asks_for_money(question: str) -> str:
    """Return the word by which a question asks for an amount of money, or nothing."""
    found = _MONEY_ASKED.search(question)
    return (found["money"] or found["word"]).casefold() if found else ""


def holds_money(sentence: str) -> bool:
    """Tell whether a sentence holds an amount of money."""
    known = any(amount.unit in MONEY for amount in amounts(sentence))
    return known or _OTHER_MONEY.search(sentence) is not None


_ENUMERATION = re.compile(
    r"(?::|\b(?:includ(?:es?|ed|ing)|such as|consists? of))\s[^:]+?[,;]\s[^:]*?\b(?:and|or)\s|:$",
    re.DOTALL,
)
"""What names several things in a row, or announces them."""

_HOLDS: dict[Kind, Holds] = {
    Kind.WHEN: lambda sentence: bool(moments(sentence)) or names_month(sentence),
    Kind.HOW_MANY: lambda sentence: bool(amounts(sentence)),
    Kind.LIST: lambda sentence: _ENUMERATION.search(sentence) is not None,
    Kind.WHY: lambda sentence: _REASON.search(sentence) is not None,
}
