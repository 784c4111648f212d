"""Proper names: which words of a text are names, and whether another text names the same."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.light_words import LIGHT_WORDS
from assistant.text import FUNCTION_WORDS, fold, stem, words

_CAPITALISED = re.compile(r"(?P<start>^\W*|[.!?:]\W+)?\b(?P<name>[^\W\d_][\w'’-]*)(?P<comma>,)?")
_OPENING = re.compile(
    r".*(?:ly|ing|ed)$|although|despite|even|like|one|overall|several|since|though|unlike"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh"
    r"|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds|thousands|many|members"
)
"""Words that open a sentence without being a name."""
_RUN = re.compile(
    r"[A-Z][\w’'-]*\.?"
    r"(?:(?:\s+(?:of|the|for|and|on|in|de|del|la|los|von|van|al|bin))*\s+[A-Z][\w’'-]*\.?)+"
)
_PARTICLES = re.compile(r"\s+(?:of|the|for|and|on|in)\s+")
CALENDAR = frozenset(fold(name) for name in (*calendar.month_name, *calendar.day_name) if name)
"""The folded names of months and days of the week."""


def names(text: str) -> list[str]:
    """Return the folded words of a text that are capitalised, unless they only open a sentence."""
    return list(dict.fromkeys(_names(text)))


def _names(text: str) -> Iterator[str]:
    for match in _CAPITALISED.finditer(text):
        name = match["name"]
        opens = match["start"] is not None
        folded = fold(name)
        if not name[0].isupper() or (opens and folded in LIGHT_WORDS):
            continue
        if not (opens and (match["comma"] or _OPENING.fullmatch(folded))):
            yield from (w for w in words(name) if len(w) > 1 and w not in FUNCTION_WORDS)


def opening_word(text: str) -> str:
    """Return the folded word that opens a text, or nothing where a name of several words does."""
    match = re.match(r"\W*(?P<first>[^\W\d_][\w’'-]*)(?P<next>\s+[A-Z])?", text)
    return fold(match["first"]) if match and not match["next"] else ""


def acronyms(text: str) -> set[str]:
    """Return the folded initials of the capitalised runs of a text: "Elm Street Bank" is "esb"."""
    found = set()
    for run in _RUN.finditer(text):
        initials = [word[0] for word in run.group().split() if word[0].isupper()]
        found |= {
            fold("".join(initials[start:end]))
            for start in range(len(initials))
            for end in range(start + 2, len(initials) + 1)
        }
    return found


def full_names(text: str) -> frozenset[tuple[str, str]]:
    """Return each two folded words that follow each other in a name of several words."""
    runs = (name for run in _RUN.finditer(text) for name in _PARTICLES.split(run.group()))
    return frozenset(pair for name in runs for pair in pairwise(words(name)))


def same_name(one: str, other: str) -> bool:
    """Tell whether two folded words name the same, such as "mexico" and "mexican"."""
    if stem(one) == stem(other):
        return True
    short, long = sorted((one, other), key=len)
    root = short[:-1] if len(short) > 4 else short
    ending = long[len(root) :]
    return len(root) >= 4 and long.startswith(root) and ending in _ENDINGS


_ENDINGS = frozenset("an n ian ean ese ish ans ns ians i is ist ists ism".split())
