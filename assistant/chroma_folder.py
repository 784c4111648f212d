"""Chroma in a folder of this machine, which any LangChain program can open as well.

``langchain_chroma.Chroma`` opens the folder with the collection name
``passages``. Chroma rewrites its graph's files in place, so a crash can leave
them torn, and native code reads them without looking: they have checksums,
which are compared before a store is opened. A store that is made anew grows in
a folder beside, and takes the old one's place by a rename.

Chroma writes its graph to files once so many passages have come (SYNCED). Until
then each process that asks it makes those files anew; so a small store writes
its graph at once, and is never changed in place. A process that asks while
another changes the store may write the graph, too: a lock keeps them apart.
"""

from __future__ import annotations

import json
import shutil
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

from filelock import ReadWriteLock, Timeout

from assistant.errors import StoreError
from assistant.vectors import COSINE, Opened

COLLECTION = "passages"
SYNCED = 1000
"""Passages after which Chroma writes its graph to files, as is its default."""
_DATABASE, _WRITTEN = "chroma.sqlite3", "index_metadata.pickle"
_PIECE = 1 << 20
_WAIT_SECONDS = 120.0

Graph = dict[str, tuple[int, int]]
"""Size and checksum of each of the graph's files, by name."""


class _Sealed(NamedTuple):
    """What a seal says of a store: when it writes its graph, its database's size, its graph."""

    synced: int
    database: int
    graph: Graph


class FolderHome:
    """A folder that Chroma keeps a store in."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is opened yet."""
        self.folder = folder
        self._building = folder.with_name(f"{folder.name}.new")
        self._discarded = folder.with_name(f"{folder.name}.old")
        lock = folder.with_name(f"{folder.name}.lock")
        self._readers = ReadWriteLock(lock, is_singleton=False)
        self._writers = ReadWriteLock(lock, is_singleton=False)

    def changeable(self, seal: str, size: int) -> bool:
        """Tell whether the store, once it holds so many passages, has its graph in files."""
        return size >= SYNCED == _read(seal).synced

    def plausible(self, seal: str) -> bool:
        """Tell whether the files are there, in their sizes.

        Opening a store writes a little into its database, so that may have grown.
        """
        kept = _read(seal)
        try:
            database = (self.folder / _DATABASE).stat().st_size
            sizes = {name: path.stat().st_size for name, path in self._graph()}
        except OSError:  # there is none, or it is just being replaced
            return False
        return 0 < kept.database <= database and sizes == {
            name: size for name, (size, _) in kept.graph.items()
        }

    def open(self, seal: str) -> Opened:
        """Open the store, once the checksums of the graph's files are as they were."""
        if not self.plausible(seal) or self._checksums() != _read(seal).graph:
            raise StoreError(f"the files in {self.folder} are not those that were written last")
        return self._open()

    @contextmanager
    def reading(self) -> Iterator[bool]:
        """Hold off those who write, and yield true; or false while one of them is at it."""
        with ExitStack() as held:
            try:
                held.enter_context(self._readers.read_lock(blocking=False))
            except Timeout:
                yield False
            else:
                yield True

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Wait for those who read, and hold them off."""
        with ExitStack() as held:
            try:
                held.enter_context(self._writers.write_lock(timeout=_WAIT_SECONDS))
            except Timeout:
                raise StoreError(
                    f"Other processes have been reading {self.folder} for {_WAIT_SECONDS:.0f} "
                    "seconds. Wait for them to end, then try again."
                ) from None
            yield

    def create(self, size: int) -> Opened:
        """Make an empty store in a folder beside."""
        self._delete_leftovers()
        self._building.mkdir(parents=True)
        graph = {**COSINE, "sync_threshold": max(2, min(size, SYNCED))}
        return _opened(
            _server(self._building, "apply"),
            lambda api: api.create_collection(COLLECTION, configuration={"hnsw": graph}),
        )

    def publish(self, built: Opened, before: str) -> Opened:
        """Rename the folder beside to the folder's name, and open it there."""
        self.close(built)
        with self.writing():
            if self.folder.exists():
                self.folder.rename(self._discarded)
            self._building.rename(self.folder)
        self._delete_leftovers()
        return self._open()

    def discard(self, built: Opened) -> None:
        """Delete the folder beside."""
        self.close(built)
        self._delete_leftovers()

    def close(self, opened: Opened) -> None:
        """Let go of the folder."""
        opened.client.stop()

    def seal(self, opened: Opened) -> str:
        """Return a mark of its own, with the sizes and checksums of the files."""
        return json.dumps(
            {
                "mark": uuid.uuid4().hex,
                "synced": opened.collection.configuration_json["hnsw"]["sync_threshold"],
                "database": (self.folder / _DATABASE).stat().st_size,
                "graph": self._checksums(),
            }
        )

    def away(self, error: Exception) -> bool:
        """Tell that a folder is never away."""
        return False

    def _open(self) -> Opened:
        return _opened(_server(self.folder, "validate"), lambda api: api.get_collection(COLLECTION))

    def _delete_leftovers(self) -> None:
        """Delete what was not finished, also by a process that was killed over it."""
        for folder in (self._building, self._discarded):
            if folder.exists():
                shutil.rmtree(folder)

    def _graph(self) -> Iterator[tuple[str, Path]]:
        """Yield the files of each graph that was written.

        Another program whose folder is replaced under it can leave one that never was.
        """
        for written in self.folder.glob(f"*/{_WRITTEN}"):
            for path in written.parent.iterdir():
                yield path.relative_to(self.folder).as_posix(), path

    def _checksums(self) -> Graph:
        return {name: (path.stat().st_size, _checksum(path)) for name, path in self._graph()}


def _read(seal: str) -> _Sealed:
    """Return what a seal says of the files; nothing if it is of another kind of home."""
    try:
        kept = json.loads(seal)
        graph = {name: (size, checksum) for name, (size, checksum) in kept["graph"].items()}
        return _Sealed(kept["synced"], kept["database"], graph)
    except (KeyError, TypeError, ValueError):
        return _Sealed(0, 0, {})


def _checksum(path: Path) -> int:
    """Return a file's CRC-32: made for finding flipped bits, and as fast as reading the file."""
    found = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            found = zlib.crc32(piece, found)
    return found


def _server(folder: Path, migrations: Literal["apply", "validate"]) -> Any:
    """Return Chroma's engine over a folder.

    It is one of our own: Chroma's clients share one by path, so a client would get what another
    of this process opened before the folder changed, and be closed with it.
    """
    from chromadb.api import ServerAPI
    from chromadb.config import Settings, System

    settings = Settings(is_persistent=True, persist_directory=str(folder), migrations=migrations)
    return System(settings).instance(ServerAPI)  # type: ignore[type-abstract]


def _opened(api: Any, model: Callable[[Any], Any]) -> Opened:
    from chromadb import Collection

    api.start()
    try:
        return Opened(api, Collection(client=api, model=model(api), embedding_function=None))
    except BaseException:
        api.stop()
        raise
