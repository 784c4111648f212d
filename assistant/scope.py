"""Which passages a query's limits leave: read from the catalog, before anything is searched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.catalog import Catalog
from assistant.changes import not_found
from assistant.query import Query, holds_phrase
from assistant.text import terms


def chosen(catalog: Catalog, query: Query, names: Iterable[str]) -> Query:
    """Return a query for the documents of these names alone; without any, it stays as it is.

    Raises :class:`DocumentNotFound` for a name that the index does not hold.
    """
    named = tuple(dict.fromkeys(names))
    for name in named:
        if catalog.find(name=name) is None:
            raise not_found(name)
    return replace(query, within=named)


def within(catalog: Catalog, query: Query) -> list[str] | None:
    """Return the ids of the passages within a query's limits, or None where it has none.

    Words in quotes must stand in the passage as they are, case and accents
    aside; words left out are so in all their forms.
    """
    if not query.limited:
        return None
    conditions, values = ["1"], list[object]()
    if query.limits_documents:
        names = [info.name for info in catalog.documents() if query.allows(info)]
        conditions.append(f"d.name IN ({_marks(names)})")
        values += names
    if query.pages:
        conditions.append(f"({' OR '.join(['p.page BETWEEN ? AND ?'] * len(query.pages))})")
        values += [number for pages in query.pages for number in pages]
    for phrase in query.phrases:
        conditions.append("p.key IN (SELECT rowid FROM search WHERE search MATCH ?)")
        values.append(_match(phrase))
    for phrase in query.without:
        conditions.append("p.key NOT IN (SELECT rowid FROM search WHERE search MATCH ?)")
        values.append(_match(phrase))
    found = catalog.read(
        "SELECT p.id, p.text FROM passages p JOIN documents d ON d.id = p.document"  # noqa: S608
        f" WHERE {' AND '.join(conditions)}",
        values,
    )
    return [
        identity
        for identity, text in found
        if all(holds_phrase(text, phrase) for phrase in query.phrases)
    ]


def _marks(values: list[str]) -> str:
    return ",".join("?" * len(values))


def _match(phrase: str) -> str:
    """Return FTS5's way to ask for terms in a row in the passages' own text."""
    return f'body : "{" ".join(terms(phrase))}"'
