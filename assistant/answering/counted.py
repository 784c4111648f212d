"""How many of what, or how much money? Whether any sentence counts what is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import NamedTuple

from assistant.answering.voices import Align
from assistant.expected import asks_for_money, holds_money
from assistant.number_words import NUMBER_WORDS
from assistant.quantities import amounts, quantities
from assistant.text import FUNCTION_WORDS, stem, terms, words

_LEAST, _LEAST_OF_ALL_ELSE = 0.3, 0.6
"""How far (0 to 1) a sentence with a number has to say the thing, or all else, to count it."""
_ASKED = re.compile(r"\bhow many\b", re.IGNORECASE)
_PLURAL = re.compile(r"\w{2,}[^\Ws]s")
_MOST_WORDS = 4
_NOTHING_IN_PARTICULAR = frozenset(
    """
    more times people persons others things percent thousand million billion
    inches inch degrees litres liters watts grams kilograms kilos bytes gigabytes megabytes
    """.split()
)
"""What may be counted without being said: people, and units."""
_WITHOUT_A_NUMBER = re.compile(
    r"\b(?:no|none|one|single|both|few|several|dozens?|hundreds|thousands|millions)\b",
    re.IGNORECASE,
)
_NEAREST = 3
"""Sentences, with a number and without, the strongest, that are looked at."""


class Said(NamedTuple):
    """A sentence, and the same with all that it needs to be understood."""

    sentence: str
    whole: str


def things(question: str) -> str:
    """Return the word for what is to be counted, such as "senators", or nothing.

    A unit, as in "how many miles", is nothing: it may go without saying.
    """
    found = _ASKED.search(question)
    following = words(question[found.end() :])[:_MOST_WORDS] if found else []
    said = list(takewhile(lambda word: word not in FUNCTION_WORDS, following))
    if any(map(_goes_without_saying, said)):
        return ""
    return next((word for word in said if _PLURAL.fullmatch(word)), "")


def uncounted(question: str, told: Sequence[Said], align: Align) -> str:
    """Return in words what a question asks to count and no sentence counts, or nothing.

    ``told`` are the sentences, strongest first. Of the first few with a number
    one has to be about the thing, or about all else that the question is
    about, in its words or in others. Things may also be counted without a
    number: "no senator", or by their names where no sentence has a number.
    """
    thing, money = things(question), asks_for_money(question)
    if not (thing or money):
        return ""
    counting = [one for one in told if amounts(one.sentence)][:_NEAREST]
    if not counting or (money and any(holds_money(sentence) for sentence, _ in counting)):
        return ""
    if any(_WITHOUT_A_NUMBER.search(s) and stem(thing) in terms(s) for s, _ in told[:_NEAREST]):
        return ""
    others = [w for w in words(question) if thing and w not in FUNCTION_WORDS and w != thing]
    said = align(question, [sentence for sentence, _ in counting])
    counted = any(
        _says([thing or money], whole, shares, _LEAST)
        or (len(others) > 1 and _says(others, whole, shares, _LEAST_OF_ALL_ELSE))
        for (_, whole), shares in zip(counting, said, strict=True)
    )
    if counted:
        return ""
    return f"how many “{thing}” there are" if thing else "how much money it is"


def _goes_without_saying(word: str) -> bool:
    unit = any(quantity.unit for quantity in quantities(f"5 {word}"))
    return unit or word in NUMBER_WORDS or word in _NOTHING_IN_PARTICULAR


def _says(said: Sequence[str], sentence: str, shares: Mapping[str, float], least: float) -> bool:
    held = terms(sentence)
    return all(stem(word) in held or shares.get(word, 0.0) >= least for word in said)
