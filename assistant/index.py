"""Index: files in, passages findable. One folder holds the catalog, Chroma and a lock.

catalog.sqlite3   the truth: documents, passages, vectors, full text
chroma/           the vector index, made from the catalog
write.lock        held by the one process that writes
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from assistant import chunking
from assistant.catalog import Catalog, Known
from assistant.chroma_folder import FolderHome
from assistant.chroma_server import ServerHome
from assistant.dense import DenseIndex, StoreState
from assistant.errors import IndexBusy, IndexMismatch, IndexNotFound, LoadError
from assistant.loading import Limits, find_files, parse, read_file, source_of
from assistant.rows import StoredPassage, stored
from assistant.types import (
    Document,
    Encoder,
    FileReport,
    OnProgress,
    Outcome,
    Passage,
    Progress,
    Span,
)
from assistant.vectors import Home

CATALOG = "catalog.sqlite3"
CHROMA = "chroma"
_LOCK_SECONDS = 600.0
_CHROMA_STEP = 2000
_LIMITS = Limits()


class Index:
    """An opened index. Many processes may read one while one of them writes."""

    def __init__(
        self,
        folder: Path,
        encoder_name: str,
        encoder: Callable[[str], Encoder],
        *,
        create: bool = False,
        lock_seconds: float = _LOCK_SECONDS,
        chroma_url: str = "",
    ) -> None:
        """Open the index in a folder, and bring Chroma up to the catalog if it is behind.

        ``encoder`` is called when a text is first to be encoded, with the
        precision of the vectors that are there already, or nothing. Chroma is
        a folder of the index, or the server at ``chroma_url``. Raises
        :class:`IndexNotFound`, or :class:`IndexMismatch` where the index was
        built with another encoder.
        """
        if not create and not (folder / CATALOG).is_file():
            raise IndexNotFound(
                f"There is no index {folder.name!r} in {folder.parent}. "
                "Make it with `assistant add PATH…`."
            )
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.catalog = Catalog(folder / CATALOG, create=create)
        self._check_encoder(encoder_name)
        self._load_encoder = encoder
        self._lock = FileLock(folder / "write.lock")
        self._lock_seconds = lock_seconds
        self.chroma_url = chroma_url
        self.dense = DenseIndex(self.catalog, home_of(folder, chroma_url))
        self._catch_up()

    def add(
        self,
        paths: Iterable[str | Path],
        *,
        on_progress: OnProgress | None = None,
        limits: Limits = _LIMITS,
    ) -> list[FileReport]:
        """Add files and folders; return what became of each file.

        A file that can't be read is reported and the rest goes on. A file
        whose content is already there is not encoded again. Stopped halfway,
        it keeps every document that was finished.
        """
        reports = []
        with self._writing():
            found = find_files(paths, limits)
            for done, (path, name) in enumerate(found.files):
                report = _Reporter(path, done, len(found.files), on_progress)
                reports.append(self._add_file(path, name, report, limits))
                if len(self.catalog.pending()[0]) >= _CHROMA_STEP:
                    self.dense.update()
            self.dense.update()
        kinds = "files of this kind can't be read"
        reports += [FileReport(p, Outcome.SKIPPED, p.name, 0, kinds) for p in found.skipped]
        return reports

    def add_pages(
        self, addresses: Iterable[str], load: Callable[[str], Document]
    ) -> list[FileReport]:
        """Add what is no file, such as pages of the web, as ``load`` returns it for an address."""
        reports = []
        with self._writing():
            for address in addresses:
                path = Path(address)
                try:
                    document = load(address)
                except LoadError as error:
                    reports.append(FileReport(path, Outcome.FAILED, address, 0, str(error)))
                    continue
                same = self.catalog.find(source=document.source)
                if same and same.checksum == document.checksum:
                    reports.append(FileReport(path, Outcome.UNCHANGED, same.name, same.passages))
                else:
                    reports.append(self._put(path, document, same, _Reporter(path, 0, 1, None)))
            self.dense.update()
        return reports

    def remove(self, name: str) -> None:
        """Remove a document; raises :class:`DocumentNotFound`."""
        with self._writing():
            self.catalog.remove(name)
            self.dense.update()

    def repair(self) -> None:
        """Make Chroma anew from the catalog; nothing is embedded again."""
        with self._writing():
            self.dense.rebuild()

    def close(self) -> None:
        """Let go of all files."""
        self.dense.close()
        self.catalog.close()

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of this index, loaded when first needed."""
        return self._load_encoder(self.catalog.meta("precision") or "")

    def _add_file(self, path: Path, name: str, report: _Reporter, limits: Limits) -> FileReport:
        report.passages(0, 0)
        same = self.catalog.find(source=source_of(path))
        try:
            data = read_file(path, limits)
            checksum = hashlib.sha256(data).hexdigest()
            if same and same.checksum == checksum:
                return FileReport(path, Outcome.UNCHANGED, same.name, same.passages)
            document = parse(path, name, data, limits)
        except LoadError as error:
            return FileReport(path, Outcome.FAILED, name, 0, str(error))
        return self._put(path, document, same, report)

    def _put(
        self, path: Path, document: Document, same: Known | None, report: _Reporter
    ) -> FileReport:
        """Encode and store a document, unless its content is there already."""
        twin = self.catalog.find(checksum=document.checksum)
        if twin:
            message = f"same content as {twin.name}, which is in the index already"
            return FileReport(path, Outcome.DUPLICATE, twin.name, twin.passages, message)
        document = replace(document, name=same.name if same else self._free_name(document))
        if self.catalog.meta("precision") is None:
            self.catalog.set_meta(precision=self.encoder.precision)
        passages = chunking.split(document, self.encoder)
        self.catalog.store(document, list(self._encoded(passages, report)))
        outcome = Outcome.UPDATED if same else Outcome.ADDED
        return FileReport(path, outcome, document.name, len(passages), "; ".join(document.notes))

    def _encoded(self, passages: Sequence[Passage], report: _Reporter) -> Iterator[StoredPassage]:
        # Passages of like length share a batch, so that little of it is padding.
        order = sorted(passages, key=lambda passage: len(passage.text))
        texts, spans = [], []
        for passage in order:
            before = chunking.context(passage, self.encoder)
            shift = len(before) - passage.start
            texts.append(before + passage.text)
            spans.append([Span(start + shift, end + shift) for start, end in passage.sentences])
        report.passages(0, len(order))
        vectors = self.encoder.encode_passages(texts, spans)
        for done, (passage, (vector, of_sentences)) in enumerate(zip(order, vectors, strict=True)):
            yield stored(passage, vector, of_sentences)
            report.passages(done + 1, len(order))

    def _free_name(self, document: Document) -> str:
        """Return the document's name, with as many of its folders before it as make it unique."""
        name, folders = document.name, Path(document.source).parent
        while self.catalog.find(name=name) is not None and folders.name:
            name, folders = f"{folders.name}/{name}", folders.parent
        return name

    def _check_encoder(self, name: str) -> None:
        built_with = self.catalog.meta("encoder")
        if built_with is None:
            self.catalog.set_meta(encoder=name)
        elif built_with != name:
            raise IndexMismatch(
                f"The index {self.folder.name!r} was built with the embedding model "
                f"{built_with!r}, but {name!r} is set. Set ASSISTANT_ENCODER={built_with}, or "
                f"delete {self.folder} and add the documents again."
            )

    def _catch_up(self) -> None:
        """Bring Chroma up to the catalog, unless another process is at it."""
        if self.dense.state() is StoreState.CURRENT:
            return
        with suppress(Timeout), self._lock.acquire(timeout=0):
            self.dense.update()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=self._lock_seconds)
        except Timeout:
            raise IndexBusy(
                f"Another process has been writing to the index {self.folder.name!r} for "
                f"{self._lock_seconds:.0f} seconds. Wait for it to end, then try again."
            ) from None
        try:
            yield
        finally:
            self._lock.release()


def home_of(folder: Path, chroma_url: str) -> Home:
    """Return where Chroma keeps the vectors of the index in a folder."""
    return ServerHome(chroma_url, folder.name) if chroma_url else FolderHome(folder / CHROMA)


class _Reporter:
    """Tells how far one file has come, if anyone wants to know."""

    def __init__(self, path: Path, done: int, total: int, on_progress: OnProgress | None) -> None:
        self._place = (path, done, total)
        self._on_progress = on_progress

    def passages(self, done: int, total: int) -> None:
        if self._on_progress:
            self._on_progress(Progress(*self._place, done, total))
