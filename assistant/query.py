"""What was typed → what is looked for: the question, and what limits where it is looked for.

    "exact words"      only passages that hold these words, one after the other
    -word              no passages that hold this word; -"two words" goes, too
    document:report*   only documents of this name; * stands for anything
    folder:2009        only files inside a folder of this name
    type:pdf           only files of this kind
    date:2009..2011    only files last changed then; 2009-05 is a month, 2010.. has no end
    page:3-5           only these pages

A limit given twice allows either. A value with spaces goes in quotes. The words
in quotes are part of the question, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import PurePath

from assistant.errors import QueryError
from assistant.holdings import DocumentInfo
from assistant.text import fold, words

QUOTED = r'"[^"]+"|“[^”]+”'
_PART = re.compile(
    rf"(?:(?<=\s)|^)(?P<key>document|folder|type|date|page):(?P<value>{QUOTED}|\S+)"
    rf"|(?:(?<=\s)|^)-(?P<without>{QUOTED}|[^\W\d_]\w*)"
    rf"|(?P<phrase>{QUOTED})"
)
_DATES = re.compile(
    r"(?P<first>\d{4}(?:-\d\d){0,2})?(?P<range>\.\.)?(?P<last>\d{4}(?:-\d\d){0,2})?"
)
_LAST_PAGE = 10**9
_PAGES = re.compile(r"(?P<first>\d+)(?:(?:-|–|\.\.)(?P<last>\d+))?")


@dataclass(frozen=True, slots=True)
class Query:
    """A question with its limits; ``text`` is what is searched for.

    ``within`` has the names of documents that were chosen beside the question.
    """

    text: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    dates: tuple[tuple[str, str], ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    within: tuple[str, ...] = ()

    @property
    def limits_documents(self) -> bool:
        """Whether some documents may be left out as a whole."""
        return bool(self.within or self.documents or self.folders or self.types or self.dates)

    @property
    def limited(self) -> bool:
        """Whether some passages may be left out."""
        return self.limits_documents or bool(self.phrases or self.without or self.pages)

    def allows(self, document: DocumentInfo) -> bool:
        """Tell whether a document is within the limits."""
        if self.within and document.name not in self.within:
            return False
        files = [PurePath(source) for source in document.locations or (document.source,)]
        names = {fold(document.name), *(fold(file.name) for file in files)}
        paths = [*files, PurePath(document.name)]
        folders = {fold(part) for path in paths for part in path.parts[:-1]}
        kinds = {file.suffix.lstrip(".").casefold() for file in files}
        return all(
            not wanted or any(map(fits, wanted))
            for wanted, fits in (
                (self.documents, lambda pattern: _named(names, fold(pattern))),
                (self.folders, lambda folder: fold(folder) in folders),
                (self.types, lambda suffix: suffix.lstrip(".").casefold() in kinds),
                (self.dates, lambda dates: dates[0] <= document.modified <= dates[1]),
            )
        )


def parse(typed: str) -> Query:
    """Read what was typed; raises :class:`QueryError` for a limit that can't be understood."""
    found: dict[str, list[str]] = {}

    def take(match: re.Match[str]) -> str:
        if match["key"]:
            found.setdefault(match["key"], []).append(match["value"].strip('"“”'))
            return " "
        if match["without"]:
            found.setdefault("without", []).append(match["without"].strip('"“”'))
            return " "
        phrase = match["phrase"].strip('"“”')
        found.setdefault("phrase", []).append(phrase)
        return match.group()

    text = _PART.sub(take, typed)
    return Query(
        text=" ".join(text.split()),
        phrases=_with_words(found.get("phrase", [])),
        without=_with_words(found.get("without", [])),
        documents=tuple(found.get("document", ())),
        folders=tuple(found.get("folder", ())),
        types=tuple(found.get("type", ())),
        dates=tuple(map(_dates, found.get("date", ()))),
        pages=tuple(map(_pages, found.get("page", ()))),
    )


def holds_phrase(text: str, phrase: str) -> bool:
    """Tell whether a text holds the words of a phrase in a row, case and accents aside."""
    return f" {' '.join(words(phrase))} " in f" {' '.join(words(text))} "


def _with_words(phrases: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrase for phrase in phrases if words(phrase)))


def _named(names: Iterable[str], pattern: str) -> bool:
    forms = ((name, PurePath(name).name, PurePath(name).stem) for name in names)
    return any(fnmatchcase(form, pattern) for form in chain.from_iterable(forms))


def _dates(value: str) -> tuple[str, str]:
    match = _DATES.fullmatch(value)
    if not match or not (match["first"] or match["last"]) or (match["last"] and not match["range"]):
        raise QueryError(
            f"date:{value} can't be understood. Write date:2009, date:2009-05 or date:2009..2011."
        )
    first = match["first"] or ""
    last = match["last"] if match["range"] else first
    # As texts, "~" comes after every digit: the end takes in the whole year, month or day.
    return first, f"{last or ''}~"


def _pages(value: str) -> tuple[int, int]:
    match = _PAGES.fullmatch(value)
    if not match:
        raise QueryError(f"page:{value} can't be understood. Write page:3 or page:3-5.")
    first, last = match["first"], match["last"] or match["first"]
    return min(int(first), _LAST_PAGE), min(int(last), _LAST_PAGE)
