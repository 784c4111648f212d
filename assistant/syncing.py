"""Files → catalog: what became of each file, and only what changed is worked on.

A file that looks as it did is not read; one that was read and holds what it
held is not parsed; one that moved keeps its vectors, and one that changed those
of the passages that did not. Files that are gone can go from the index as well.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from assistant import encoding, naming
from assistant.batches import Job, Reporter, done_in_turn
from assistant.catalog import Catalog, Known
from assistant.changes import not_found
from assistant.encoding import Encoding
from assistant.errors import LoadError
from assistant.holdings import WEB, FileReport, OnProgress, Outcome
from assistant.loading import (
    Found,
    Limits,
    archive_of,
    find_files,
    parse,
    read_file,
    source_of,
    storable,
)
from assistant.locations import Location, Locations, is_gone, signature
from assistant.types import Document, Encoder

_UNKNOWN_KIND = "files of this kind can't be read"
_STAYS = "Its earlier version stays in the index."


class _Given(NamedTuple):
    """A file to bring in: under which name, how it looks, and what the index has from there.

    ``path`` is the file's, or a page's address, as it is reported.
    """

    path: str
    source: str
    name: str
    looks: str
    here: Location | None


class Sync:
    """One run over files and folders, by the one process that writes."""

    def __init__(self, catalog: Catalog, encoder: Callable[[], Encoder], limits: Limits) -> None:
        """Take the catalog, and what loads the encoder when first needed."""
        self._catalog = catalog
        self._locations = Locations(catalog)
        self._encoder = encoder
        self._limits = limits
        self._seen: set[str] = set()
        self._archives: set[Path | None] = set()
        self._signatures: dict[str, str] = {}
        self._anew = False

    def run(
        self,
        paths: Iterable[str | Path],
        on_progress: OnProgress | None,
        between: Callable[[], None],
        *,
        prune: bool,
        even_empty: bool = False,
    ) -> list[FileReport]:
        """Bring files and folders into the catalog; return what became of each, in order.

        With ``prune`` what the index has of these folders and is gone from them
        goes; not where a folder has no files at all any more, as one on a disk
        that is not mounted, unless ``even_empty``. ``between`` is called after
        each file. Once ``on_progress`` raises :class:`Stopped`, the rest is
        reported so, and nothing goes.
        """
        # Not `resolve`: what a link points to may change.
        given = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100
        present = (path for path in given if not even_empty or path.exists())
        found = find_files(present, self._limits)
        sources = [source_of(path) for path, _ in found.files]
        self._seen.update(sources)
        self._archives.update(archive_of(path) for path, _ in found.files)
        # New files first: what moved is found where it was before that place has something else.
        order = sorted(range(len(sources)), key=lambda at: bool(self._locations.at(sources[at])))
        jobs = [
            (str(path), partial(self._file, path, storable(name)))
            for path, name in (found.files[at] for at in order)
        ]
        reports = dict(zip(order, done_in_turn(jobs, on_progress, between), strict=True))
        stopped = any(report.outcome is Outcome.STOPPED for report in reports.values())
        skipped = [
            FileReport(str(path), Outcome.SKIPPED, path.name, 0, _UNKNOWN_KIND)
            for path in found.skipped
        ]
        gone: list[FileReport] = []
        for folder in given if prune and not stopped else ():
            gone += self._pruned(folder, keep=not even_empty and _is_empty(folder, found))
        self._finish()
        return [*(self._named(reports[at]) for at in sorted(reports)), *gone, *skipped]

    def pages(
        self,
        addresses: Iterable[str],
        load: Callable[[str], Document],
        on_progress: OnProgress | None,
        between: Callable[[], None],
    ) -> list[FileReport]:
        """Bring in what is no file, such as pages of the web, as ``load`` returns it."""
        jobs = [(address, partial(self._page, address, load)) for address in addresses]
        reports = done_in_turn(jobs, on_progress, between)
        self._finish()
        return reports

    def again(
        self,
        names: Iterable[str],
        load: Callable[[str], Document],
        on_progress: OnProgress | None,
        between: Callable[[], None],
    ) -> list[FileReport]:
        """Read documents anew, changed or not, from the first of their files that is there."""
        self._anew = True
        jobs: list[Job] = []
        for name in names:
            places = self._locations.of(name)
            if not places:
                raise not_found(name)
            there = (place for place in places if not is_gone(place.source))
            place = next(there, places[0])
            if place.source.startswith(WEB):
                jobs.append((place.source, partial(self._page, place.source, load)))
            else:
                work = partial(self._file, Path(place.source), place.name)
                jobs.append((place.source, work))
        reports = done_in_turn(jobs, on_progress, between)
        self._finish()
        return reports

    def _file(self, path: Path, name: str, reporter: Reporter) -> FileReport:
        source = source_of(path)
        given = _Given(str(path), source, name, signature(path), self._locations.at(source))
        here = given.here
        if here and given.looks and here.signature == given.looks and not self._anew:
            return _unchanged(given.path, here)
        try:
            data = read_file(path, self._limits)
            known = self._known(given, hashlib.sha256(data).hexdigest())
            if known:
                return known
            document = parse(path, name, data, self._limits)
        except LoadError as error:
            message = f"{error} {_STAYS}" if here else str(error)
            return FileReport(given.path, Outcome.FAILED, name, 0, message)
        del data  # of a large file there is enough in memory
        return self._stored(given, document, reporter)

    def _page(
        self, address: str, load: Callable[[str], Document], reporter: Reporter
    ) -> FileReport:
        try:
            document = load(address)
        except LoadError as error:
            return FileReport(address, Outcome.FAILED, address, 0, str(error))
        here = self._locations.at(document.source)
        given = _Given(address, document.source, document.name, "", here)
        return self._known(given, document.checksum) or self._stored(given, document, reporter)

    def _known(self, given: _Given, checksum: str) -> FileReport | None:
        """Return the report of a file whose content is in the index already, or None."""
        here = given.here
        if here and here.checksum == checksum:
            if self._anew:
                return None
            self._signatures[given.source] = given.looks
            return _unchanged(given.path, here)
        twin = self._catalog.find(checksum=checksum)
        return self._as_twin(given, twin) if twin else None

    def _as_twin(self, given: _Given, twin: Known) -> FileReport:
        """Note that a file has the content of a document that is there already."""
        places = self._locations.of(twin.name)
        gone = next((place.source for place in places if self._is_gone(place.source)), "")
        if gone:
            self._locations.move(gone, given.source, given.name, given.looks)
        else:
            self._locations.put(given.source, given.name, twin.name, given.looks)
        if gone or not places:
            before = f"was {gone}" if gone else ""
            return FileReport(given.path, Outcome.RENAMED, twin.name, twin.passages, before)
        message = f"same content as {twin.name}, which is in the index already"
        return FileReport(given.path, Outcome.DUPLICATE, twin.name, twin.passages, message)

    def _stored(self, given: _Given, document: Document, reporter: Reporter) -> FileReport:
        """Put a file's new content in, for what it held before unless other files hold that."""
        here = given.here
        others = [p for p in self._locations.of(here.document) if p != here] if here else []
        same = here is not None and here.checksum == document.checksum
        if here and (same or not others):
            replaces = name = here.document
        else:
            if here:  # Its old content is named by another file from now on.
                self._locations.drop(here.source)
                naming.settle(self._catalog)
            replaces, name = "", naming.free_name(self._catalog, given.name, given.source)
        document = replace(document, name=name)
        encoder = self._encoder()
        if self._catalog.meta("precision") is None:
            self._catalog.set_meta(precision=encoder.precision)
        coded = Encoding(self._catalog, encoder, document)
        coded.prepare(reporter.passages)
        passages = self._catalog.store(
            document,
            coded.passages(),
            name=given.name,
            signature=given.looks,
            replaces=replaces,
        )
        for one in others if same else ():
            self._locations.put(one.source, one.name, name, one.signature)
        outcome = Outcome.UPDATED if here else Outcome.ADDED
        return FileReport(given.path, outcome, name, passages, "; ".join(document.notes))

    def _pruned(self, folder: Path, *, keep: bool) -> list[FileReport]:
        """Take out what the index has of a folder and is gone from it."""
        inside = self._locations.under(source_of(folder))
        if inside and keep:
            return [refused(folder, len(inside))]
        gone = [place for place in inside if self._is_gone(place.source)]
        for place in gone:
            self._locations.drop(place.source)
        return [FileReport(p.source, Outcome.REMOVED, p.document, 0) for p in gone]

    def _is_gone(self, source: str) -> bool:
        """Tell whether a file surely is gone, or no longer in an archive that was looked into."""
        if source in self._seen:
            return False
        archive = archive_of(Path(source))
        return archive in self._archives if archive else is_gone(source)

    def _named(self, report: FileReport) -> FileReport:
        """Return a report of a file that moved with the name that its document has now."""
        here = report.outcome is Outcome.RENAMED and self._locations.at(
            source_of(Path(report.path))
        )
        return replace(report, document=here.document) if here else report

    def _finish(self) -> None:
        self._locations.refresh(self._signatures)
        for name in self._locations.homeless():
            self._catalog.remove(name)
        naming.settle(self._catalog)
        for source in encoding.unfinished(self._catalog):
            if self._is_gone(source):
                encoding.forget(self._catalog, source)
                self._catalog.set_meta(erase="1")


def refused(folder: Path, files: int) -> FileReport:
    """Return the report of a folder that is missing or empty, from which nothing is taken out."""
    message = (
        f"{folder} is missing or empty, but the index has {files} files from it. Nothing was taken "
        "out. Mount it; or, if they are meant to go, say so with --even-empty."
        if files
        else f"{folder} is no folder, or is not there. Check its path."
    )
    return FileReport(str(folder), Outcome.FAILED, "", 0, message)


def _unchanged(path: str, here: Location) -> FileReport:
    return FileReport(path, Outcome.UNCHANGED, here.document, here.passages)


def _is_empty(folder: Path, found: Found) -> bool:
    """Tell whether no file at all was found inside a folder."""
    paths = chain((path for path, _ in found.files), found.skipped)
    return not any(path != folder and path.is_relative_to(folder) for path in paths)
