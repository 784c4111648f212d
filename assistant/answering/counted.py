"""How many of what, or how much money? Whether any sentence counts what is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.answering.voices import Align
from assistant.expected import asks_for_money, holds_money
from assistant.quantities import amounts, quantities
from assistant.text import FUNCTION_WORDS, stem, terms, words

_LEAST = 0.3
"""How far (0 to 1) a sentence with a number has to speak of the things to count them."""
_ASKED = re.compile(r"\bhow many\s+(?P<things>(?:[\w'’-]+\s*){1,3})", re.IGNORECASE)
_NOTHING_IN_PARTICULAR = frozenset("more times people persons others things".split())
_NEAREST = 3
"""Sentences with a number, the strongest, that are looked at."""


def things(question: str) -> str:
    """Return the word for what is to be counted, such as "senators", or nothing.

    A unit, as in "how many miles", is nothing: it may go without saying.
    """
    found = _ASKED.search(question)
    said = [w for w in words(found["things"]) if w not in FUNCTION_WORDS] if found else []
    plural = (word for word in said if word.endswith("s") and stem(word) != word)
    thing = next(plural, said[0] if said else "")
    unit = any(quantity.unit for quantity in quantities(f"5 {thing}"))
    return "" if unit or thing in _NOTHING_IN_PARTICULAR else thing


def uncounted(question: str, sentences: Sequence[str], align: Align) -> str:
    """Return in words what a question asks to count and no sentence counts, or nothing.

    Looked at are the first few sentences with a number. One of them has to be
    about the thing, or about all else that the question is about, in its words
    or in others. Money is counted in dollars, too. Where no sentence has a
    number, things may be counted by naming them.
    """
    counting = [sentence for sentence in sentences if amounts(sentence)][:_NEAREST]
    thing, money = things(question), asks_for_money(question)
    if not counting or not (thing or money) or (money and any(map(holds_money, counting))):
        return ""
    others = [w for w in words(question) if thing and w not in FUNCTION_WORDS and w != thing]
    shares = align(question, counting)
    for sentence, share in zip(counting, shares, strict=True):
        if _speaks_of([thing or money], sentence, share):
            return ""
        if others and _speaks_of(others, sentence, share):
            return ""
    return f"how many “{thing}” there are" if thing else "how much money it is"


def _speaks_of(said: Sequence[str], sentence: str, shares: Mapping[str, float]) -> bool:
    held = terms(sentence)
    return all(stem(word) in held or shares.get(word, 0.0) >= _LEAST for word in said)
