"""Texts that come inside a question set → a folder of documents that load character for character.

The folder is kept and used again as long as the file the texts came from stays the same.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

DOCUMENTS = "documents"
_RULES = b"1"
"""Part of each folder's digest: to be counted up when texts or names are written otherwise."""

# The control characters by which a loader tells binary data, and the byte order mark, which it
# takes off the start of a file. Neither is anything to read.
_DROPPED = re.compile(r"[\x00-\x08\x0e-\x1a\x7f\ufeff]")
_NOT_IN_NAMES = re.compile(r"[^\w.]+")
_LONGEST_NAME = 50
_DIGITS = 12


def cleaned(text: str) -> str:
    """Return a text as it comes back from a file: line feeds only, and nothing unstorable."""
    text = _DROPPED.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode("utf-8")


def slug(title: str) -> str:
    """Return a title as part of a file's name: letters, digits, ``_``, ``.`` and ``-``.

    It is never empty, hidden, or longer than 50 characters, and never leads elsewhere.
    """
    name = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", title))
    return name[:_LONGEST_NAME].strip("-.") or "unnamed"


def names_of_titles(titles: Iterable[str]) -> list[str]:
    """Return a file's name for each title; where two would be the same, they are numbered."""
    # Some file systems see no difference between A and a.
    taken: set[str] = set()
    last: Counter[str] = Counter()
    names: list[str] = []
    for title in titles:
        name = stem = slug(title)
        while name.casefold() in taken:
            last[stem] += 1
            name = f"{stem}-{last[stem] + 1}"
        taken.add(name.casefold())
        names.append(f"{name}.txt")
    return names


def name_of_id(id_: str) -> str:
    """Return the file's name for an id, which is another one for every other id.

    The id alone decides, so that the names of a large corpus need not be remembered.
    """
    stem = slug(id_)
    if stem != id_ or stem != stem.casefold():
        stem = f"{stem}-{hashlib.sha256(id_.encode('utf-8', 'replace')).hexdigest()[:_DIGITS]}"
    return f"{stem}.txt"


def folder_for(work: Path, name: str, source: Path, write: Callable[[Path], None]) -> Path:
    """Return the folder made from a source file, with ``documents`` in it.

    Unless it is there already, ``write`` is called with a temporary folder,
    which is put in its place when it is complete.
    """
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.sha256(_RULES)).hexdigest()
    target = work / f"{slug(name)}-{digest[:_DIGITS]}"
    if (target / DOCUMENTS).is_dir():
        return target
    work.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=work, prefix=".making-") as temporary:
        made = Path(temporary, target.name)
        (made / DOCUMENTS).mkdir(parents=True)
        write(made)
        try:
            made.rename(target)
        except OSError:
            # Another process may have finished the same folder first.
            if not (target / DOCUMENTS).is_dir():
                raise
    return target
