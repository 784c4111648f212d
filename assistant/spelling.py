"""A question with slips → the question that was meant, as the documents spell its words."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant import fulltext
from assistant.catalog import Catalog
from assistant.query import Query
from assistant.text import FUNCTION_WORDS, fold, stem

_WORD = re.compile(r"[^\W\d_]+")


def mended(catalog: Catalog, query: Query) -> Query:
    """Return a query with each word that no passage holds as the one it may be a slip for.

    Words in quotes, and those that are like no other, stay as they are.
    """
    if query.phrases:
        return query
    return replace(query, text=_WORD.sub(lambda word: _meant(catalog, word.group()), query.text))


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
