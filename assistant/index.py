"""Index: files in, passages findable. One folder holds the catalog, Chroma and a lock.

catalog.sqlite3   the truth: documents, passages, vectors, full text
chroma/           the vector index, made from the catalog
uploads/          the files that were added through the chat page
write.lock        held by the one process that writes
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from assistant import encoding, naming, turns
from assistant.catalog import Catalog
from assistant.chroma_folder import FolderHome
from assistant.chroma_server import ServerHome
from assistant.dense import DenseIndex, StoreState
from assistant.errors import IndexMismatch, IndexNotFound
from assistant.holdings import FileReport, OnProgress
from assistant.loading import Limits, archive_of, source_of
from assistant.locations import Location, Locations
from assistant.syncing import Sync, refused
from assistant.types import Document, Encoder
from assistant.uploads import discard
from assistant.vectors import Home

_LOG = logging.getLogger(__name__)

CATALOG = "catalog.sqlite3"
CHROMA = "chroma"
LOCK = "write.lock"
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
        """Open the index in a folder, and mend what an earlier run left unfinished.

        ``encoder`` is called when a text is first to be encoded, with the
        precision of the vectors that are there already, or nothing. Chroma is
        a folder of the index, or the server at ``chroma_url``. What was mended
        is logged, and so is that another process has to finish writing first.
        Raises :class:`IndexNotFound`, or :class:`IndexMismatch` where the index
        was built with another encoder.
        """
        if not create and not (folder / CATALOG).is_file():
            raise IndexNotFound(
                f"There is no index {folder.name!r} in {folder.parent}. "
                "Make it with `assistant add PATH…`."
            )
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.catalog = Catalog(folder / CATALOG, create=create)
        self.locations = Locations(self.catalog)
        self._check_encoder(encoder_name)
        self.locations.settle_in(folder)
        self._load_encoder = encoder
        self._lock = FileLock(folder / LOCK)
        self._lock_seconds = lock_seconds
        self.chroma_url = chroma_url
        self.dense = DenseIndex(self.catalog, home_of(folder, chroma_url))
        self._catch_up()

    def add(
        self,
        paths: Iterable[str | Path],
        *,
        prune: bool = False,
        even_empty: bool = False,
        on_progress: OnProgress | None = None,
        limits: Limits = _LIMITS,
    ) -> list[FileReport]:
        """Add files and folders; return what became of each file.

        A file that can't be read is reported and the rest goes on. What did not
        change is not read, and nothing is encoded twice. With ``prune`` the
        files that are gone from these folders go from the index; from one that
        has none left only with ``even_empty``. Stopped halfway, it keeps every
        document that was finished.
        """
        with self._writing():
            run = Sync(self.catalog, lambda: self.encoder, limits)
            return run.run(paths, on_progress, self._feed, prune=prune, even_empty=even_empty)

    def add_pages(
        self,
        addresses: Iterable[str],
        load: Callable[[str], Document],
        on_progress: OnProgress | None = None,
    ) -> list[FileReport]:
        """Add what is no file, such as pages of the web, as ``load`` returns it for an address."""
        with self._writing():
            run = Sync(self.catalog, lambda: self.encoder, _LIMITS)
            return run.pages(addresses, load, on_progress, self._feed)

    def reread(
        self,
        names: Iterable[str],
        load: Callable[[str], Document],
        *,
        on_progress: OnProgress | None = None,
        limits: Limits = _LIMITS,
    ) -> list[FileReport]:
        """Read documents anew though they did not change; ``load`` reads pages of the web.

        Of one whose file is gone, what the index has of it stays. Raises
        :class:`DocumentNotFound` before any is read.
        """
        with self._writing():
            run = Sync(self.catalog, lambda: self.encoder, limits)
            return run.again(names, load, on_progress, self._feed)

    def sync(
        self,
        folders: Iterable[str | Path] = (),
        *,
        even_empty: bool = False,
        on_progress: OnProgress | None = None,
        limits: Limits = _LIMITS,
    ) -> list[FileReport]:
        """Make the index hold what folders hold, and remember them; without any, all remembered.

        Nothing goes from the index because its folder is missing or empty,
        unless ``even_empty``: the folder is reported as failed.
        """
        reports = []
        named = [Path(os.path.abspath(folder)) for folder in folders]  # noqa: PTH100
        for folder in named or self.kept():
            files = len(self.locations.under(source_of(folder)))
            if not folder.is_dir() and not (files and even_empty):
                reports.append(refused(folder, files))
                continue
            self.locations.keep(source_of(folder))
            reports += self.add(
                [folder],
                prune=True,
                even_empty=even_empty,
                on_progress=on_progress,
                limits=limits,
            )
        return reports

    def kept(self) -> list[Path]:
        """Return the folders that are kept in sync."""
        return [Path(folder) for folder in self.locations.folders()]

    def forget(self, folder: str | Path) -> bool:
        """Stop keeping a folder in sync, and leave its documents; tell whether it was kept so."""
        return self.locations.forget(source_of(Path(os.path.abspath(folder))))  # noqa: PTH100

    def remove(self, name: str) -> None:
        """Remove a document, or one of the files that hold it, and all traces of what goes.

        ``name`` is the document's name, or a file's path: then the document
        stays while another file holds it. Raises :class:`DocumentNotFound`.
        """
        with self._writing():
            here = None if self.catalog.find(name=name) else self._location(name)
            document = here.document if here else name
            files = self.locations.of(document)
            alone = here is None or len(files) == 1
            self._discard_uploads({one.source for one in (files if alone else [here]) if one})
            if here and not alone:
                self.locations.drop(here.source)
                naming.settle(self.catalog)
            else:
                self.catalog.remove(document)

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

    def _check_encoder(self, name: str) -> None:
        built_with = self.catalog.meta("encoder")
        if built_with is None:
            self.catalog.set_meta(encoder=name)
        elif built_with != name:
            self.catalog.close()
            raise IndexMismatch(
                f"The index {self.folder.name!r} was built with the embedding model "
                f"{built_with!r}, but {name!r} is set. Set ASSISTANT_ENCODER={built_with}, or "
                f"delete {self.folder} and add the documents again."
            )

    def _location(self, path: str) -> Location | None:
        return self.locations.at(path) or self.locations.at(source_of(Path(path)))

    def _discard_uploads(self, going: set[str]) -> None:
        """Delete uploaded files, and archives of which nothing else is in the index."""
        for source in going:
            file = archive_of(Path(source)) or Path(source)
            left = {place.source for place in self.locations.under(source_of(file))} - going
            if not left:
                discard(file, self.folder)

    def _feed(self) -> None:
        """Tell Chroma what is new, when that is enough to be worth it."""
        if len(self.catalog.pending()[0]) >= _CHROMA_STEP:
            self.dense.update()

    def _catch_up(self) -> None:
        """Mend what an earlier run left, unless another process is at it, and say so."""
        unfinished = encoding.unfinished(self.catalog)
        state = self.dense.state()
        traces = self.catalog.has_traces
        if state is StoreState.CURRENT and not traces and not unfinished:
            return
        try:
            with self._lock.acquire(timeout=0):
                self._tell_chroma()
        except Timeout:
            return
        self._erase()
        if state is StoreState.BEHIND:
            _LOG.warning("The vector index was behind; it was brought up to the catalog.")
        if traces and not self.catalog.has_traces:
            _LOG.warning("Traces of removed documents were erased.")
        for source, passages in unfinished.items():
            _LOG.warning(
                "%d passages of %r are encoded; add it again to go on from there.", passages, source
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Have other writers wait, and in the end bring Chroma up to the catalog."""
        turns.take(self._lock, self.catalog.path, self._lock_seconds)
        try:
            yield
            self._tell_chroma()
        finally:
            self._lock.release()
        self._erase()

    def _tell_chroma(self) -> None:
        """Bring Chroma up to the catalog, unless it is to be made anew in any case."""
        if not self.catalog.has_traces:
            self.dense.update()

    def _erase(self) -> None:
        """Have a process of its own erase the traces of what was removed, if there are any.

        It holds the lock itself, for as long as it works, whatever becomes of
        this one. What does not come off, as on a full disk or while another
        process reads, the next run gets to.
        """
        if not self.catalog.has_traces:
            return
        self.dense.close()
        # The command is this Python and a module of this package.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "assistant.erasing", str(self.folder), self.chroma_url],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        if done.returncode:
            _LOG.warning(
                "%s Until then traces of removed documents are left, and answers come from the "
                "catalog's vectors.",
                done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2],
            )


def home_of(folder: Path, chroma_url: str) -> Home:
    """Return where Chroma keeps the vectors of the index in a folder."""
    return ServerHome(chroma_url, folder.name) if chroma_url else FolderHome(folder / CHROMA)
