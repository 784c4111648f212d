"""A question with slips → the question that was meant, as the documents spell its words."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant import fulltext
from assistant.catalog import Catalog
from assistant.query import QUOTED, Query
from assistant.text import FUNCTION_WORDS, fold, stem
from assistant.types import Encoder

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED_OR_WORD = re.compile(rf"{QUOTED}|{_WORD.pattern}")


def mended(catalog: Catalog, encoder: Encoder, query: Query) -> Query:
    """Return a query with each word that no passage holds as the one it may be a slip for.

    Words in quotes, those that are like no other, and those that the encoder
    knows whole stay as they are: "feast" is no slip for "fast". A name
    with another letter is another name: of those only letters too many, too
    few or swapped are slips.
    """

    def mend(found: re.Match[str]) -> str:
        word = found.group()
        if not _WORD.fullmatch(word) or encoder.count_tokens(word) == 1:
            return word
        meant = _meant(catalog, word)
        named = found.start() > 0 and word[0].isupper()
        return word if named and _is_another_name(word, meant) else meant

    return replace(query, text=_QUOTED_OR_WORD.sub(mend, query.text))


def _is_another_name(word: str, other: str) -> bool:
    one, two = fold(word), fold(other)
    return len(one) == len(two) and sorted(one) != sorted(two)


def _meant(catalog: Catalog, word: str) -> str:
    term = stem(fold(word))
    if fold(word) in FUNCTION_WORDS or catalog.holding([term])[term]:
        return word
    other = fulltext.meant(catalog, term)
    return _as_written(catalog, other) if other else word


def _as_written(catalog: Catalog, term: str) -> str:
    """Return the word behind a term as a passage has it."""
    for (text,) in catalog.read(
        "SELECT p.text FROM passages p JOIN search s ON s.rowid = p.key"
        " WHERE search MATCH ? LIMIT 1",
        (f'"{term}"',),
    ):
        found = (word.group() for word in _WORD.finditer(text) if stem(fold(word.group())) == term)
        return next(found, term)
    return term
