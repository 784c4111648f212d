"""Sentences and search terms of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import sentencex
import Stemmer

from assistant.types import Span

_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*\n\s*")
_TOKEN = re.compile(r"\w+(?:[.,'’]\w+)*")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_PERIODS = re.compile(r"(?:[fc]y|[qh][1-4])?(?:19|20)\d\d(?:[qh][1-4])?")
_PERIOD = re.compile(r"[qh][1-4]|\d{4}")
"""Years and quarters as they are run together: FY2022 is 2022, and 2024Q2 is 2024 and Q2."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LONG = 350
"""Characters from which on a sentence may be several."""
_NO_PAIRS = str.maketrans(dict.fromkeys("\"“”„«»‘’'`()[]", " "))
_APART = re.compile(r"['’](?:s\b)?|[.,]")

FUNCTION_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has
    have having he her here hers him his how i if in into is it its itself just me more most my no
    nor not of off on once only or other our out over own same say says said she should so some such
    tell than that the their them then there these they this those through to too under until up
    very was we were what when where which while who whom whose why will with would you your give
    please explain describe list name much many mean means meaning define definition
    """.split()
)
"""Words that say how something is asked or told, not what about."""


def sentence_spans(text: str) -> list[Span]:
    """Return the spans of the sentences of a text, in order, without white space around them.

    A blank line always ends a sentence. Together the spans hold every
    character that is not white space.
    """
    spans: list[Span] = []
    start = 0
    for match in [*_PARAGRAPH_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        spans.extend(_in_paragraph(text, start, end))
        start = match.end() if match else end
    return spans


def _in_paragraph(text: str, start: int, end: int) -> Iterator[Span]:
    # The splitter is given plain white space: it panics beside some of Unicode's other kinds.
    # Its replacement is of the same length, so offsets hold.
    plain = text[start:end].translate(_PLAIN_SPACE)
    for low, high in _sentences(plain):
        piece = text[start + low : start + high]
        left = start + low + len(piece) - len(piece.lstrip())
        right = start + low + len(piece.rstrip())
        if left < right:
            yield Span(left, right)


def _sentences(paragraph: str) -> Iterator[tuple[int, int]]:
    """Yield where sentences start and end, those apart that a stray quote or bracket held together.

    The splitter takes what stands between a pair of them as one; where the
    second is missing, or is an apostrophe, that may be many sentences.
    """
    for low, high in _boundaries(paragraph):
        if high - low <= _LONG:
            yield low, high
        else:
            pieces = _boundaries(paragraph[low:high].translate(_NO_PAIRS))
            yield from ((low + start, low + end) for start, end in pieces)


def _boundaries(paragraph: str) -> list[tuple[int, int]]:
    try:
        found = sentencex.get_sentence_boundaries("en", paragraph)
    except BaseException as error:
        # A panic of the Rust library is not an Exception; a paragraph it can't split stays whole.
        if type(error).__name__ != "PanicException":
            raise
        return [(0, len(paragraph))]
    return [(piece["start_index"], piece["end_index"]) for piece in found]


class _PlainSpace(dict[int, int]):
    """Maps each kind of white space to a space or a line feed, all else to itself."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        plain = code
        if code not in (9, 10, 32) and character.isspace():
            plain = 10 if code in (0x85, 0x2028, 0x2029) else 32
        self[code] = plain
        return plain


_PLAIN_SPACE = _PlainSpace()


def fold(text: str) -> str:
    """Return a text without case, accents and compatibility forms: "Mérida" becomes "merida"."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).translate(_NO_MARKS).casefold()


class _NoMarks(dict[int, int | None]):
    """Maps each combining mark to nothing, all else to itself."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_NO_MARKS = _NoMarks()


def words(text: str) -> list[str]:
    """Return the folded words and numbers of a text, in order.

    "U.S." becomes "us", "FY2022" "2022", and "2024Q2" "2024" and "q2".
    """
    found: list[str] = []
    for token in _TOKEN.findall(fold(text)):
        if token.isalnum():
            found.extend(_PERIOD.findall(token) if _PERIODS.fullmatch(token) else [token])
        elif _NUMBER.fullmatch(token):
            found.append(token.replace(",", ""))
        elif _INITIALS.fullmatch(token):
            found.append(token.replace(".", ""))
        else:
            found.extend(word for word in _APART.split(token) if word)
    return found


def terms(text: str) -> list[str]:
    """Return the stems by which a text is indexed and searched, in order.

    Stems are the English Snowball stemmer's (Porter 2).
    """
    return [stem(word) for word in words(text)]


def content_terms(text: str) -> list[str]:
    """Return the stems of the words that carry meaning, each once, in order of appearance."""
    return list(dict.fromkeys(stem(word) for word in words(text) if word not in FUNCTION_WORDS))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of a folded word."""
    return str(_STEMMER.stemWord(word))


_STEMMER = Stemmer.Stemmer("english")
