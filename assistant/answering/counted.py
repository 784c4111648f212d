"""How many of what? Whether any sentence counts the things that are asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.voices import Align
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
    """Return what it is asked how many there are of, where no sentence counts it, or nothing.

    Looked at are the first few sentences with a number: one of them has to say
    the word, or to say it in other words.
    """
    thing = things(question)
    counting = [sentence for sentence in sentences if thing and amounts(sentence)][:_NEAREST]
    if not thing or any(stem(thing) in terms(sentence) for sentence in counting):
        return ""
    said = align(question, counting)
    return "" if any(shares.get(thing, 0.0) >= _LEAST for shares in said) else thing
