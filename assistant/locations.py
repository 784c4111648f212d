"""Where documents lie: the files that hold their content, and the folders kept in sync.

The same content under several names is one document with several locations.
Its name is made from the first of them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from assistant.catalog import Catalog
from assistant.holdings import WEB
from assistant.loading import archive_of, source_of

_RESOLUTION = 2_000_000_000
"""Nanoseconds within which a file may change twice and show one time: FAT's, the coarsest."""
PLACE = "folder"
"""The fact in a catalog that says where its index was when it was last opened."""


class Location(NamedTuple):
    """A file whose content the index holds, as it was when last read.

    ``source`` is its path, which may lead into an archive, or the address of a
    page of the web. ``name`` is the name under which it was found, ``document`` that of its
    content and ``checksum`` the content's. A file whose ``signature`` is the
    same is the same.
    """

    source: str
    name: str
    signature: str
    document: str
    checksum: str
    passages: int


def signature(path: Path) -> str:
    """Return a file's size, times and number, or nothing where they tell nothing.

    They don't where the file changed so lately that it could change again
    without showing it. What lies inside an archive has the archive's.
    """
    try:
        facts = (archive_of(path) or path).stat()
    except (OSError, ValueError):
        return ""
    if max(facts.st_mtime_ns, facts.st_ctime_ns) > time.time_ns() - _RESOLUTION:
        return ""
    return f"{facts.st_size}:{facts.st_mtime_ns}:{facts.st_ctime_ns}:{facts.st_ino}"


def is_web(source: str) -> bool:
    """Tell whether a source is the address of a page of the web."""
    return source.startswith(WEB)


def is_gone(source: str) -> bool:
    """Tell whether there surely is no such file: one that can't be looked at may be there.

    A page of the web may be there as well, and what was in an archive while that is there.
    """
    path = Path(source)
    if is_web(source) or archive_of(path):
        return False
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


class Locations:
    """The locations in a catalog."""

    def __init__(self, catalog: Catalog) -> None:
        """Take the catalog."""
        self._catalog = catalog

    def at(self, source: str) -> Location | None:
        """Return the location of this path, or None."""
        return next(self._where("l.source = ?", source), None)

    def of(self, document: str) -> list[Location]:
        """Return the locations of a document, the first first."""
        return list(self._where("d.name = ?", document))

    def named(self, name: str) -> list[Location]:
        """Return the locations of files that were found under a name."""
        return list(self._where("l.name = ?", name))

    def under(self, folder: str) -> list[Location]:
        """Return the locations inside a folder, however deep."""
        inside = folder.rstrip("/\\") + ("\\" if "\\" in folder else "/")
        return list(self._where("substr(l.source, 1, ?) = ?", len(inside), inside))

    def put(self, source: str, name: str, document: str, signature: str) -> None:
        """Note that a file has the content of a document, and of no other."""
        with self._catalog.write() as connection:
            connection.execute("DELETE FROM locations WHERE source = ?", (source,))
            connection.execute(
                "INSERT INTO locations (source, name, document, signature)"
                " SELECT ?, ?, id, ? FROM documents WHERE name = ?",
                (source, name, signature, document),
            )

    def move(self, old: str, source: str, name: str, signature: str) -> None:
        """Note that a file now has another path."""
        with self._catalog.write() as connection:
            connection.execute("DELETE FROM locations WHERE source = ?", (source,))
            connection.execute(
                "UPDATE locations SET source = ?, name = ?, signature = ? WHERE source = ?",
                (source, name, signature, old),
            )

    def settle_in(self, folder: Path) -> None:
        """Have files in the index's own folder be found, should it have been moved or renamed."""
        before, here = self._catalog.meta(PLACE), source_of(folder)
        if before and before != here:
            self.moved(Path(before), folder)
        if before != here:
            self._catalog.set_meta(**{PLACE: here})

    def moved(self, before: Path, now: Path) -> None:
        """Note that a folder was moved, with all the files in it."""
        old, new = (source_of(folder) + os.sep for folder in (before, now))
        with self._catalog.write() as connection:
            for table, unsure in (("locations", ", signature = ''"), ("unfinished", "")):
                connection.execute(
                    f"UPDATE {table} SET source = ? || substr(source, ?){unsure}"  # noqa: S608
                    " WHERE substr(source, 1, ?) = ?",
                    (new, len(old) + 1, len(old), old),
                )

    def drop(self, source: str) -> None:
        """Note that a file is not there any more."""
        with self._catalog.write() as connection:
            connection.execute("DELETE FROM locations WHERE source = ?", (source,))

    def refresh(self, signatures: dict[str, str]) -> None:
        """Note how files look that were read again and had not changed."""
        if signatures:
            with self._catalog.write() as connection:
                connection.executemany(
                    "UPDATE locations SET signature = ? WHERE source = ?",
                    [(signature, source) for source, signature in signatures.items()],
                )

    def homeless(self) -> list[str]:
        """Return the names of the documents that no file holds any more."""
        query = "SELECT name FROM documents WHERE id NOT IN (SELECT document FROM locations)"
        return [name for (name,) in self._catalog.read(query)]

    # -- folders kept in sync --------------------------------------------------------------------

    def folders(self) -> dict[str, str]:
        """Return the folders that are kept in sync, and when each last was (UTC, ISO 8601)."""
        return dict(self._catalog.read("SELECT source, synced FROM folders ORDER BY source"))

    def keep(self, folder: str) -> None:
        """Note that a folder was brought into sync, and is to be kept so."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._catalog.write() as connection:
            connection.execute("INSERT OR REPLACE INTO folders VALUES (?, ?)", (folder, now))

    def forget(self, folder: str) -> bool:
        """Note that a folder need not be kept in sync; tell whether it was."""
        with self._catalog.write() as connection:
            done = connection.execute("DELETE FROM folders WHERE source = ?", (folder,))
            return done.rowcount > 0

    def _where(self, condition: str, *values: object) -> Iterator[Location]:
        query = (
            "SELECT l.source, l.name, l.signature, d.name, d.checksum,"  # noqa: S608
            " (SELECT count(*) FROM passages WHERE document = d.id) FROM locations l"
            f" JOIN documents d ON d.id = l.document WHERE {condition} ORDER BY l.key"
        )
        for row in self._catalog.read(query, values):
            yield Location(*row)
