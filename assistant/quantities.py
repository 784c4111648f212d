"""The numbers of a text as values with their units: amounts, shares, years, days, ordinals.

"$1.4 billion", "1,400 million dollars" and "US$1.4bn" are one value; "two
hundred and fifty" is 250, "22 October" and "October 22nd" are the same day.
"One" and "first" say too little to be compared: "one year" may be "a year".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from assistant.dates import YEAR as YEAR_FORM
from assistant.dates import Date, dates
from assistant.number_words import CARDINAL, ORDINAL, SCALED, one_of, value_of
from assistant.types import Span

YEAR, DECADE, DAY = "calendar year", "decade", "day of the year"
_PERCENT, _ORDINAL = "%", "ordinal"
_ALWAYS_NAMED = frozenset((DECADE, DAY, _PERCENT, _ORDINAL))
"""Units that a number has only where they are named: "12" is no share, and "four" not "fourth"."""
_CALENDAR = frozenset((YEAR, DECADE, DAY))
_CURRENCIES = {"USD": "$", "EUR": "€", "GBP": "£", "MXN": "peso"}
_UNITS = {
    **dict.fromkeys(("%", "percent", "per cent"), _PERCENT),
    **dict.fromkeys(("percentage point", "percentage points"), "percentage point"),
    **{code.lower(): unit for code, unit in _CURRENCIES.items()},
    **dict.fromkeys(("dollar", "dollars"), "$"),
    **dict.fromkeys(("euro", "euros"), "€"),
    **dict.fromkeys(("pound", "pounds"), "£"),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), "m"),
    **dict.fromkeys(("foot", "feet"), "foot"),
    **dict.fromkeys(("ton", "tons", "tonne", "tonnes"), "ton"),
    **{
        f"{unit}{s}": unit
        for unit in "peso mile acre second minute hour day week month year".split()
        for s in ("", "s")
    },
}
_LETTERS = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "t": 1e12, "tn": 1e12}
# A small or a distant letter is a scale only behind a currency: "5 m" are metres.
_LETTER = r"(?(currency)\s?(?:[kKmMbBtT]|mn|bn|tn)|(?:[kKMB]|\s?(?:mn|bn|tn)))(?!\w)"
_NUMBER = re.compile(
    rf"""
    (?:(?P<head>%|(?i:per\s?cent))\)?:\s+)?
    (?P<number>
      (?P<minus>(?<![\w.,)\]%])[-−–](?=[$€£]?\d)|(?i:\bminus\s+))?
      (?P<currency>(?:\b[A-Z]{{1,3}})?[$€£]\s?|\b(?:{one_of(_CURRENCIES)})\s)?
      (?:
        (?:(?<![^\W_])|(?<=\bFY))(?P<digits>\d+(?:[.,]\d+)*)
        (?:(?P<rank>(?:st|nd|rd|th)\b)|(?P<decade>(?<=0)s\b)|(?P<letter>{_LETTER}))?
        |(?P<ordinal>(?i:{ORDINAL}))
        |(?P<cardinal>(?i:{CARDINAL}))
      )
      (?P<scaled>(?i:{SCALED}))
      (?:(?:\s+|-)?(?P<unit>%|[$€£](?!\s?\d)|(?i:(?:{one_of(_UNITS)})\b)|per\s+(?!cent\b)[a-z]+))?
    )
    """,
    re.VERBOSE,
)
_GROUPS = re.compile(r",(?=\d{3}(?!\d))")
_RANGE = re.compile(r"\s*(?:to|and|or|[-–—])\s*")


class Quantity(NamedTuple):
    """A value, its unit ("" where none is named), and where it stands in the text."""

    value: float
    unit: str
    start: int
    end: int

    def agrees(self, other: Quantity) -> bool:
        """Tell whether two quantities are the same, as far as their units are named."""
        units = {self.unit, other.unit}
        known = len(units) == 1 or ("" in units and not units & _ALWAYS_NAMED)
        return self.value == other.value and known


def quantities(text: str) -> list[Quantity]:
    """Return the quantities of a text in order; a day of the year is 100 × month + day."""
    dated = dates(text)
    numbers = _ranged(_numbers(_without(dated, text)), text)
    return sorted([*_of_dates(dated, text), *numbers], key=lambda quantity: quantity.start)


def amounts(text: str) -> list[Quantity]:
    """Return the quantities of a text that count or measure something."""
    return [one for one in quantities(text) if one.unit not in _CALENDAR | {_ORDINAL}]


def years(text: str) -> list[Quantity]:
    """Return the years of a text."""
    return [one for one in quantities(text) if one.unit == YEAR]


def moments(text: str) -> list[Span]:
    """Return where the dates, the years and the decades of a text stand, each whole."""
    whole = [Span(date.start, date.end) for date in dates(text)]
    alone = [Span(one.start, one.end) for one in quantities(text) if one.unit in {YEAR, DECADE}]
    outside = [one for one in alone if not any(a <= one.start < b for a, b in whole)]
    return sorted([*whole, *outside])


def _of_dates(dated: list[Date], text: str) -> Iterator[Quantity]:
    for date in dated:
        if date.day:
            yield Quantity(float(100 * date.month + date.day), DAY, date.start, date.end)
        if date.year:
            start, end = date.year
            yield Quantity(float(text[start:end]), YEAR, start, end)


def _without(dated: list[Date], text: str) -> str:
    """Return a text with blanks where its dates stand."""
    kept = list(text)
    for date in dated:
        kept[date.start : date.end] = " " * (date.end - date.start)
    return "".join(kept)


def _numbers(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        value, unit = _value(match), _unit(match)
        if match["digits"] or value != 1:
            yield Quantity(value, unit, *match.span("number"))


def _value(match: re.Match[str]) -> float:
    begun = _plain(match["digits"]) if match["digits"] else 0.0
    begun *= _LETTERS.get((match["letter"] or "").strip().lower(), 1.0)
    spelled = match["ordinal"] or match["cardinal"] or ""
    value = value_of(f"{spelled} {match['scaled']}", begun)
    return round(-value if match["minus"] else value, 6)


def _plain(digits: str) -> float:
    bare = _GROUPS.sub("", digits).replace(",", ".")
    whole, _, decimals = bare.partition(".")
    return float(f"{whole}.{decimals.replace('.', '')}")


def _unit(match: re.Match[str]) -> str:
    currency, named = ((match[part] or "").strip() for part in ("currency", "unit"))
    if match["rank"] or match["ordinal"]:
        return _ORDINAL
    if currency:
        return _CURRENCIES.get(currency, currency[-1])
    if named:
        named = " ".join(named.lower().split())
        return _UNITS.get(named, named)
    if match["decade"]:
        return DECADE
    bare = match["number"] == match["digits"] and re.fullmatch(YEAR_FORM, match["number"])
    return _PERCENT if match["head"] else YEAR if bare else ""


def _ranged(numbers: Iterable[Quantity], text: str) -> list[Quantity]:
    """Give a number without a unit that of the one it goes up to: "5 to 12 percent"."""
    whole: list[Quantity] = []
    for number in reversed(list(numbers)):
        unit = whole[-1].unit if whole else ""
        if not number.unit and unit not in _CALENDAR | {"", _ORDINAL}:
            joined = _RANGE.fullmatch(text, number.end, whole[-1].start)
            whole.append(number._replace(unit=unit) if joined else number)
        else:
            whole.append(number)
    return whole
