"""The dates of a text, however they are written: "22 Oct. 2007", "October 22nd", "2007-10-22"."""

from __future__ import annotations

import calendar
import re
from typing import NamedTuple

from assistant.types import Span

YEAR = r"(?:1\d{3}|20\d\d)"
"""The pattern of a number that may be a year."""
_FULL = {name: number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {name: number for number, name in enumerate(calendar.month_abbr) if name} | {"Sept": 9}
_NUMBERS = {
    spelled: number for name, number in (_FULL | _SHORT).items() for spelled in (name, name.upper())
}


def _one_of(names: dict[str, int]) -> str:
    spelled = [*names, *map(str.upper, names)]
    return "|".join(sorted(spelled, key=len, reverse=True))


_MONTH = rf"(?P<month>{_one_of(_FULL)}|(?:{_one_of(_SHORT)})\b\.?)(?!\w)"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![^\W_])(?![.,]\d)"
_OF_YEAR = rf"(?P<year>{YEAR})(?!\w|[.,]\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<![\w-])(?P<year>{YEAR})-(?P<month>0[1-9]|1[0-2])-(?P<day>[0-2]\d|3[01])(?![\d-])",
        rf"(?<![\w.,]){_DAY}(?:\s+of)?\s+{_MONTH}(?:,?\s+{_OF_YEAR})?",
        rf"\b{_MONTH}\s+{_DAY}(?:,?\s+{_OF_YEAR})?",
        rf"\b{_MONTH}(?:,|\s+of)?\s+{_OF_YEAR}",
    )
)
_NAMED_MONTH = re.compile(rf"\b(?:{_one_of(_FULL)})\b")


class Date(NamedTuple):
    """Where a date and its year stand, and its month and day, which is 0 where none is told."""

    start: int
    end: int
    month: int
    day: int
    year: Span | None


def dates(text: str) -> list[Date]:
    """Return the days and the months of a year that a text names, in order.

    A year alone is a number like others, and a month alone is a name.
    """
    found: list[Date] = []

    def take(match: re.Match[str]) -> str:
        found.append(_date(match))
        return " " * len(match.group())

    for form in _FORMS:
        text = form.sub(take, text)
    return sorted(found)


def names_month(text: str) -> bool:
    """Tell whether a text has the full name of a month."""
    return _NAMED_MONTH.search(text) is not None


def _date(match: re.Match[str]) -> Date:
    parts = match.groupdict()
    month = parts["month"].rstrip(".")
    number = int(month) if month.isdigit() else _NUMBERS[month]
    year = Span(*match.span("year")) if parts["year"] else None
    return Date(*match.span(), number, int(parts.get("day") or 0), year)
