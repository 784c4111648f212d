"""The numbers of a text as values with their units: amounts, shares, years, days, ordinals.

"$1.4 billion", "1,400 million dollars" and "1400000000" are one value; "fifty-two"
is 52, "22 October" and "October 22nd" are the same day. "One" and "first" say
too little by themselves to be compared.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from typing import NamedTuple

YEAR, DAY = "year", "day of the year"
_PERCENT, _ORDINAL = "%", "ordinal"
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth".split()
_VALUES = {word: float(value) for value, word in enumerate(_SMALL)} | {
    word: 10.0 * ten for ten, word in enumerate(_TENS, start=2)
}
_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_RANKS = {word: float(rank) for rank, word in enumerate(_ORDINALS, start=2)}
_UNITS = {
    "%": _PERCENT,
    "percent": _PERCENT,
    "per": _PERCENT,
    **dict.fromkeys(("dollar", "dollars"), "$"),
    **dict.fromkeys(("euro", "euros"), "€"),
    **dict.fromkeys(("pound", "pounds"), "£"),
    **dict.fromkeys(("peso", "pesos"), "peso"),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("mile", "miles"), "mile"),
    **dict.fromkeys(("metre", "metres", "meter", "meters"), "m"),
    **{f"{unit}{s}": unit for unit in "second minute hour week month".split() for s in ("", "s")},
    **dict.fromkeys(("day", "days"), "days"),
    **dict.fromkeys(("year", "years"), "years"),
}
_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name} | {
    name: number for number, name in enumerate(calendar.month_abbr) if name
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month>{_MONTH})\b"
    rf"|(?P<month_first>{_MONTH})\.?\s+(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,]?\d))"
)
_ISO = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b")
_TOKEN = re.compile(
    r"(?P<currency>[$€£])?\s?(?<![^\W\d_])(?P<digits>\d+(?:[.,]\d+)*)(?P<rank>(?:st|nd|rd|th)\b)?"
    r"|(?P<word>[^\W\d_]+)|(?P<percent>%)"
)
_GROUPS = re.compile(r",(?=\d{3}(?!\d))")


class Quantity(NamedTuple):
    """A value, its unit ("" where none is named), and where it begins in the text."""

    value: float
    unit: str
    start: int

    def agrees(self, other: Quantity) -> bool:
        """Tell whether two quantities are the same, as far as their units are named."""
        units = {self.unit, other.unit}
        known = len(units) == 1 or ("" in units and not units & {DAY, _ORDINAL})
        return self.value == other.value and known


def quantities(text: str) -> list[Quantity]:
    """Return the quantities of a text in order; a day of the year is 100 × month + day."""
    days, rest = _days(text)
    return sorted([*days, *_numbers(rest)], key=lambda quantity: quantity.start)


def _days(text: str) -> tuple[list[Quantity], str]:
    """Return the days that a text names, and the text with blanks in their place."""
    found: list[Quantity] = []

    def take(match: re.Match[str]) -> str:
        parts = match.groupdict()
        month = parts["month"] or parts.get("month_first")
        day = parts["day"] or parts.get("day_after")
        number = _MONTHS[month] if month in _MONTHS else int(month or 0)
        found.append(Quantity(float(100 * number + int(day or 0)), DAY, match.start()))
        kept = parts.get("year") or ""
        return kept.ljust(len(match.group()))

    return found, _DAY.sub(take, _ISO.sub(take, text))


def _numbers(text: str) -> Iterator[Quantity]:
    tokens = list(_TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        token = tokens[at]
        word = (token["word"] or "").lower()
        if token["digits"]:
            value, at = _scaled(_plain(token["digits"]), tokens, at + 1)
            unit = _ORDINAL if token["rank"] else _unit(token, tokens, at)
            yield Quantity(value, unit or _year(token["digits"], value), token.start())
        elif word in _VALUES:
            value, after = _spelled(tokens, at)
            value, after = _scaled(value, tokens, after)
            unit = _unit(token, tokens, after)
            if value != 1 or unit:
                yield Quantity(value, unit, token.start())
            at = after
        else:
            if word in _RANKS:
                yield Quantity(_RANKS[word], _ORDINAL, token.start())
            elif word == "half":
                yield Quantity(0.5, "", token.start())
            at += 1


def _plain(digits: str) -> float:
    bare = _GROUPS.sub("", digits).replace(",", ".")
    whole, _, decimals = bare.partition(".")
    return float(f"{whole}.{decimals.replace('.', '')}")


def _spelled(tokens: list[re.Match[str]], at: int) -> tuple[float, int]:
    """Read a number in words from a token on: tens, and the unit that may follow them."""
    value = _VALUES[tokens[at]["word"].lower()]
    if value >= 20 and at + 1 < len(tokens):
        unit = _VALUES.get((tokens[at + 1]["word"] or "").lower(), 0.0)
        if 0 < unit < 10:
            return value + unit, at + 2
    return value, at + 1


def _scaled(value: float, tokens: list[re.Match[str]], at: int) -> tuple[float, int]:
    while at < len(tokens) and (scale := _SCALES.get((tokens[at]["word"] or "").lower())):
        value, at = value * scale, at + 1
    return round(value, 6), at


def _unit(token: re.Match[str], tokens: list[re.Match[str]], after: int) -> str:
    if token["digits"] and token["currency"]:
        return token["currency"]
    following = tokens[after].group().strip().lower() if after < len(tokens) else ""
    return _UNITS.get(following, "")


def _year(digits: str, value: float) -> str:
    return YEAR if len(digits) == 4 and digits.isdigit() and 1000 <= value <= 2100 else ""
