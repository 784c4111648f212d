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
from itertools import chain
from pathlib import Path

from assistant import encoding, naming
from assistant.catalog import Catalog, Known
from assistant.encoding import Encoding
from assistant.errors import LoadError
from assistant.loading import Found, find_files, parse, read_file, source_of, storable
from assistant.locations import Location, Locations, is_gone, signature
from assistant.types import Document, Encoder, FileReport, OnProgress, Outcome, Progress

_UNKNOWN_KIND = "files of this kind can't be read"
_STAYS = "Its earlier version stays in the index."


class Sync:
    """One run over files and folders, by the one process that writes."""

    def __init__(self, catalog: Catalog, encoder: Callable[[], Encoder], max_bytes: int) -> None:
        """Take the catalog, and what loads the encoder when first needed."""
        self._catalog = catalog
        self._locations = Locations(catalog)
        self._encoder = encoder
        self._max_bytes = max_bytes
        self._seen: set[str] = set()
        self._signatures: dict[str, str] = {}

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
        each file.
        """
        # Not `resolve`: what a link points to may change.
        given = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100
        found = find_files(path for path in given if not even_empty or path.exists())
        sources = [source_of(path) for path, _ in found.files]
        self._seen.update(sources)
        # New files first: what moved is found where it was before that place has something else.
        order = sorted(range(len(sources)), key=lambda at: bool(self._locations.at(sources[at])))
        reports: dict[int, FileReport] = {}
        for done, at in enumerate(order):
            path, name = found.files[at]
            reports[at] = self._file(
                path, storable(name), _Reporter(path, done, len(order), on_progress)
            )
            between()
        skipped = [FileReport(p, Outcome.SKIPPED, p.name, 0, _UNKNOWN_KIND) for p in found.skipped]
        gone: list[FileReport] = []
        for folder in given if prune else ():
            gone += self._pruned(folder, keep=not even_empty and _is_empty(folder, found))
        self._finish()
        return [*(self._named(reports[at]) for at in sorted(reports)), *gone, *skipped]

    def _file(self, path: Path, name: str, reporter: _Reporter) -> FileReport:
        reporter.passages(0, 0)
        source, looks = source_of(path), signature(path)
        here = self._locations.at(source)
        if here and looks and here.signature == looks:
            return FileReport(path, Outcome.UNCHANGED, here.document, here.passages)
        try:
            data = read_file(path, self._max_bytes)
            checksum = hashlib.sha256(data).hexdigest()
            if here and here.checksum == checksum:
                self._signatures[source] = looks
                return FileReport(path, Outcome.UNCHANGED, here.document, here.passages)
            twin = self._catalog.find(checksum=checksum)
            if twin:
                return self._as_twin(path, name, looks, twin)
            document = parse(path, name, data)
        except LoadError as error:
            message = f"{error} {_STAYS}" if here else str(error)
            return FileReport(path, Outcome.FAILED, name, 0, message)
        del data  # of a large file there is enough in memory
        return self._stored(path, document, here, looks, reporter)

    def _as_twin(self, path: Path, name: str, looks: str, twin: Known) -> FileReport:
        """Note that a file has the content of a document that is there already."""
        source, places = source_of(path), self._locations.of(twin.name)
        gone = [p for p in places if p.source not in self._seen and is_gone(p.source)]
        if gone:
            self._locations.move(gone[0].source, source, name, looks)
        else:
            self._locations.put(source, name, twin.name, looks)
        if gone or not places:
            before = f"was {gone[0].source}" if gone else ""
            return FileReport(path, Outcome.RENAMED, twin.name, twin.passages, before)
        message = f"same content as {twin.name}, which is in the index already"
        return FileReport(path, Outcome.DUPLICATE, twin.name, twin.passages, message)

    def _stored(
        self,
        path: Path,
        document: Document,
        here: Location | None,
        looks: str,
        reporter: _Reporter,
    ) -> FileReport:
        """Put a file's new content in, for what it held before unless other files hold that."""
        found_as = document.name
        if here and len(self._locations.of(here.document)) == 1:
            replaces = name = here.document
        else:
            if here:  # Its old content is named by another file from now on.
                self._locations.drop(here.source)
                naming.settle(self._catalog)
            replaces, name = "", naming.free_name(self._catalog, found_as, document.source)
        document = replace(document, name=name)
        encoder = self._encoder()
        if self._catalog.meta("precision") is None:
            self._catalog.set_meta(precision=encoder.precision)
        coded = Encoding(self._catalog, encoder, document)
        coded.prepare(reporter.passages)
        passages = self._catalog.store(
            document, coded.passages(), name=found_as, signature=looks, replaces=replaces
        )
        outcome = Outcome.UPDATED if here else Outcome.ADDED
        return FileReport(path, outcome, name, passages, "; ".join(document.notes))

    def _pruned(self, folder: Path, *, keep: bool) -> list[FileReport]:
        """Take out what the index has of a folder and is gone from it."""
        inside = self._locations.under(source_of(folder))
        if inside and keep:
            return [refused(folder, len(inside))]
        gone = [p for p in inside if p.source not in self._seen and is_gone(p.source)]
        for place in gone:
            self._locations.drop(place.source)
        return [FileReport(Path(p.source), Outcome.REMOVED, p.document, 0) for p in gone]

    def _named(self, report: FileReport) -> FileReport:
        """Return a report of a file that moved with the name that its document has now."""
        here = report.outcome is Outcome.RENAMED and self._locations.at(source_of(report.path))
        return replace(report, document=here.document) if here else report

    def _finish(self) -> None:
        self._locations.refresh(self._signatures)
        for name in self._locations.homeless():
            self._catalog.remove(name)
        naming.settle(self._catalog)
        for source in encoding.unfinished(self._catalog):
            if source not in self._seen and is_gone(source):
                encoding.forget(self._catalog, source)
                self._catalog.set_meta(erase="1")


def refused(folder: Path, files: int) -> FileReport:
    """Return the report of a folder that is missing or empty, from which nothing is taken out."""
    message = (
        f"{folder} is missing or empty, but the index has {files} files from it. Nothing was taken "
        "out. Mount it; or, if they are meant to go, say so with --even-empty."
    )
    return FileReport(folder, Outcome.FAILED, "", 0, message)


def _is_empty(folder: Path, found: Found) -> bool:
    """Tell whether no file at all was found inside a folder."""
    paths = chain((path for path, _ in found.files), found.skipped)
    return not any(path != folder and path.is_relative_to(folder) for path in paths)


class _Reporter:
    """Tells how far one file has come, if anyone wants to know."""

    def __init__(self, path: Path, done: int, total: int, on_progress: OnProgress | None) -> None:
        self._place = (path, done, total)
        self._on_progress = on_progress

    def passages(self, done: int, total: int) -> None:
        if self._on_progress:
            self._on_progress(Progress(*self._place, done, total))
