"""Numbers in words: how far one goes in a text ("two hundred and fifty"), and its value."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ONES = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: float(value) for value, word in enumerate([*_ONES, *_TEENS], start=1)} | {
    word: 10.0 * ten for ten, word in enumerate(_TENS, start=2)
}
_PLURAL_SCALES = {"dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALES = {f"{word}{s}": scale for word, scale in _PLURAL_SCALES.items() for s in ("", "s")} | {
    "thirds": 1 / 3,
    "quarters": 1 / 4,
    "fifths": 1 / 5,
}
_ONES_RANKS = "first second third fourth fifth sixth seventh eighth ninth".split()
_OTHER_RANKS = {f"{word}th": _VALUES[word] for word in _TEENS if word != "twelve"} | {
    "twelfth": 12.0,
    **{f"{word[:-1]}ieth": _VALUES[word] for word in _TENS},
}
_RANKS = {word: float(rank) for rank, word in enumerate(_ONES_RANKS, start=1)} | _OTHER_RANKS
NUMBER_WORDS = frozenset((*_VALUES, *_SCALES, "hundred", "hundreds"))


def one_of(phrases: Iterable[str]) -> str:
    """Return the pattern of any of some phrases, the longest first."""
    return "|".join(p.replace(" ", r"\s+") for p in sorted(phrases, key=len, reverse=True))


_SCALE = rf"(?:hundreds?|{one_of(_SCALES)})\b"
_ARTICLE = rf"an?(?=[\s-]+{_SCALE})"
_BELOW_100 = rf"(?:(?:{one_of(_TENS)})(?:[\s-]+(?:{one_of(_ONES)}))?|{one_of(_ONES + _TEENS)})\b"
# "One hundred and two hundred" are two numbers.
_AND = rf"[\s-]+and\s+{_BELOW_100}(?![\s-]+hundred\b)"
_BELOW_1000 = rf"(?:(?:{_BELOW_100}|an?)[\s-]+hundred\b(?:{_AND}|[\s-]+{_BELOW_100})?|{_BELOW_100})"
CARDINAL = rf"\b(?:zero\b|half(?:\s+{_ARTICLE})?\b|{_ARTICLE}|{_BELOW_1000})"
"""How a number in words begins: what stands before its first scale."""
ORDINAL = rf"\b(?:(?:{one_of(_TENS)})-(?:{one_of(_ONES_RANKS)})|{one_of(_RANKS)})\b"
SCALED = rf"(?:\s+and\s+a\s+half\b)?(?:[\s-]+{_SCALE}(?:{_AND}|[\s-]+{_BELOW_1000})?)*"
"""How a number in words or digits goes on: its scales, and what is added to them."""


def value_of(spelled: str, begun: float = 0.0) -> float:
    """Return the value of a number in words; ``begun`` is what stands before them in digits.

    They are read from left to right: a scale holds for what was read since the one before.
    """
    total, part = 0.0, begun
    for word in re.findall(r"[a-z]+", spelled.lower()):
        if word.startswith("hundred"):
            part *= 100.0
        elif word in _SCALES:
            total = total + part * _SCALES[word] if part else total * _SCALES[word]
            part = 0.0
        elif word in {"a", "an"}:
            part = part or 1.0
        else:
            part += 0.5 if word == "half" else _VALUES.get(word, _RANKS.get(word, 0.0))
    return total + part
