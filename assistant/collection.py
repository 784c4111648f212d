"""Collection: the documents of one index, how they come and go and stand, and what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from assistant import archive, calibration, durable, health
from assistant.archive import Moved
from assistant.conversations import Conversations
from assistant.durable import Checked
from assistant.encoder import Encoders, load_encoder
from assistant.health import Status, Verification
from assistant.holdings import DocumentInfo, FileReport, OnProgress, Outcome
from assistant.index import Index
from assistant.loading.limits import limits_of
from assistant.settings import Settings, index_folder
from assistant.types import Citation, Document, Encoder

_CHANGES = {Outcome.ADDED, Outcome.UPDATED, Outcome.REMOVED}
"""After these, when to refuse may have to be measured anew."""


class Collection:
    """One index, opened. Use it as a context manager, or close it.

    ``conversations`` are those that people had with it on the chat page.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        *,
        encoder: Encoder | None = None,
        encoders: Encoders | None = None,
        create: bool = True,
    ) -> None:
        """Open the index in a folder; it is made where it is missing, if ``create``.

        ``encoders`` are those that it shares with other indexes.
        """
        self.settings = settings
        self.folder = folder
        self.name = folder.name
        self.conversations = Conversations(folder)
        self._given_encoder = encoder
        self._encoders = encoders or Encoders(self._load_encoder)
        self._index = Index(
            folder,
            encoder.name if encoder else settings.encoder,
            self._encoders,
            create=create,
            chroma_url=settings.chroma_url,
        )

    @property
    def index(self) -> Index:
        """The index, for what is not asked of its documents."""
        return self._index

    def add(
        self,
        paths: Iterable[str | Path],
        *,
        prune: bool = False,
        on_progress: OnProgress | None = None,
    ) -> list[FileReport]:
        """Add files and folders, and return what became of each file.

        One that can't be read is reported as failed with the reason, and the
        others go on. What did not change is not read, and what changed replaces
        its older self. With ``prune``, files that are gone from these folders
        go from the index. ``on_progress`` ends it by raising :class:`Stopped`:
        what is done stays, and the rest is reported as stopped.
        """
        return self._calibrated(
            self._index.add(
                paths, prune=prune, on_progress=on_progress, limits=limits_of(self.settings)
            )
        )

    def add_urls(
        self, urls: Iterable[str], *, on_progress: OnProgress | None = None
    ) -> list[FileReport]:
        """Add pages and files of the web, and return what became of each."""
        return self._calibrated(self._index.add_pages(urls, self._load_url, on_progress))

    def reread(
        self, documents: Iterable[str], *, on_progress: OnProgress | None = None
    ) -> list[FileReport]:
        """Read documents anew, by name, though they did not change; pages of the web are fetched.

        Of one whose file is gone, what the index has of it stays, and it is
        reported as failed. Raises :class:`DocumentNotFound` before any is read.
        """
        return self._calibrated(
            self._index.reread(
                documents,
                self._load_url,
                on_progress=on_progress,
                limits=limits_of(self.settings),
            )
        )

    def sync(
        self,
        folders: Iterable[str | Path] = (),
        *,
        even_empty: bool = False,
        on_progress: OnProgress | None = None,
    ) -> list[FileReport]:
        """Make the index hold what folders hold, and remember them; without any, all remembered.

        One that is missing or empty is reported as failed, unless ``even_empty``.
        """
        return self._calibrated(
            self._index.sync(
                folders,
                even_empty=even_empty,
                on_progress=on_progress,
                limits=limits_of(self.settings),
            )
        )

    def remove(self, document: str) -> None:
        """Remove a document by name, or one of its files by path, and every trace of what goes.

        Raises :class:`DocumentNotFound`.
        """
        self._index.remove(document)

    def counts(self) -> tuple[int, int, int]:
        """Return the numbers of documents, passages and characters that the index holds."""
        return self._index.catalog.counts()

    def holds(self, name: str) -> bool:
        """Tell whether the index holds a document of this name."""
        return self._index.catalog.find(name=name) is not None

    def documents(self) -> list[DocumentInfo]:
        """Return what the index holds of each document, by name."""
        return self._index.catalog.documents()

    def document(self, name: str) -> Document:
        """Return a document with its whole text; raises :class:`DocumentNotFound`."""
        return self._index.catalog.document(name)

    def check_citations(self, citations: Sequence[Citation]) -> list[Checked]:
        """Tell of each citation of a saved answer whether it is valid, moved, changed or gone."""
        return durable.check_all(self._index.catalog, citations)

    def status(self) -> Status:
        """Return the size and state of the index."""
        return health.status(self._index)

    def verify(self, *, repair: bool = False) -> Verification:
        """Check every passage against its document and both stores; mend Chroma if asked to."""
        return health.verify(self._index, repair=repair)

    def export(self, file: Path) -> Moved:
        """Write the index to one file; raises :class:`ArchiveError` where that can't be done."""
        return archive.save(self._index, file)

    @classmethod
    def imported(
        cls, file: Path, name_or_path: str | Path | None = None, *, settings: Settings | None = None
    ) -> Moved:
        """Make a new index from a file that was exported, and return what is in it.

        Raises what :func:`archive.load` does.
        """
        settings = settings or Settings.load()
        folder = index_folder(name_or_path or settings.index, settings)

        def load(precision: str) -> Encoder:
            return load_encoder(settings.encoder, precision, settings.device)

        return archive.load(
            file, folder.absolute(), settings.encoder, load, chroma_url=settings.chroma_url
        )

    def configure(self, settings: Settings) -> None:
        """Answer by other settings from now on; an answer that has begun ends as it began.

        The index stays opened with the encoder, the reranker and the place for vectors it has.
        """
        self.settings = settings

    def close(self) -> None:
        """Let go of all files."""
        self.conversations.close()
        self._index.close()

    def __enter__(self) -> Self:
        """Return the assistant itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _load_url(self, url: str) -> Document:
        # What reaches out to the network is loaded where a user wants it to.
        from assistant.loading.fetching import load_url

        return load_url(url, limits_of(self.settings), private=self.settings.private_urls)

    def _load_encoder(self, precision: str) -> Encoder:
        settings = self.settings
        return self._given_encoder or load_encoder(settings.encoder, precision, settings.device)

    def _calibrated(self, reports: list[FileReport]) -> list[FileReport]:
        if any(report.outcome in _CHANGES for report in reports):
            calibration.calibrate(self._index.catalog, self._index.dense, self._index.encoder)
        return reports
