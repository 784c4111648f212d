"""Names of documents: that of their first file, with as many folders as make it unique."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain, count
from pathlib import PurePath
from typing import NamedTuple

from assistant.catalog import Catalog
from assistant.loading.extracted import readable_name


class _Named(NamedTuple):
    """A document's name and title, and the name and path of its first file."""

    name: str
    title: str
    found_as: str
    source: str


def free_name(catalog: Catalog, name: str, source: str) -> str:
    """Return a name for a file that no document has: its own, or with folders before it."""
    return _free(name, source, lambda taken: catalog.find(name=taken) is not None)


def settle(catalog: Catalog) -> None:
    """Give a new name to each document whose first file has another name than it had.

    A title that was made from the old name is made from the new one.
    """
    query = (
        "SELECT d.name, d.title, l.name, l.source FROM documents d JOIN locations l ON l.key ="
        " (SELECT min(key) FROM locations WHERE document = d.id)"
    )
    held = [_Named(*row) for row in catalog.read(query)]
    wrong = [one for one in held if one.name not in _names(one.found_as, one.source)]
    taken = {one.name for one in held} - {one.name for one in wrong}
    names: dict[str, tuple[str, str]] = {}
    for one in wrong:
        name = _free(one.found_as, one.source, taken.__contains__)
        taken.add(name)
        if name != one.name:
            names[one.name] = (name, _title(one, name))
    if names:
        catalog.rename(names)


def _title(document: _Named, name: str) -> str:
    made_of_name = document.title == readable_name(PurePath(document.name).name)
    return readable_name(PurePath(name).name) if made_of_name else document.title


def _names(name: str, source: str) -> list[str]:
    """Return the names that a file may give, the shortest first."""
    names, folders = [name], PurePath(source).parent
    while folders.name:
        names.append(f"{folders.name}/{names[-1]}")
        folders = folders.parent
    return names


def _free(name: str, source: str, is_taken: Callable[[str], bool]) -> str:
    names = _names(name, source)
    numbered = (f"{names[-1]} ({number})" for number in count(2))
    return next(name for name in chain(names, numbered) if not is_taken(name))
