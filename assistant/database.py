"""One SQLite file: a connection a thread, a journal that lets readers read, no traces left.

The journal is a write-ahead log, so readers never wait for a writer. What is
deleted is overwritten (``secure_delete``); :meth:`Database.compact` also gets
at what a page keeps beside its rows.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.sqlite_errors import CATALOG, Kind, explained

_WAIT_SECONDS = 60


class Database:
    """A file, opened by each thread that uses it."""

    def __init__(self, path: Path, kind: Kind = CATALOG) -> None:
        """Name the file; it is opened, and made if need be, at the first use."""
        self.path = path
        self.kind = kind
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    def read(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Run a query that changes nothing, and yield its rows."""
        with explained(self.path, self.kind):
            yield from self._connection().execute(query, values)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection for one transaction: all of it is kept, or nothing."""
        with explained(self.path, self.kind):
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk has ended it
                    connection.execute("ROLLBACK")
                raise

    def compact(self) -> bool:
        """Write the file anew, without anything that was deleted; tell whether that is through.

        It is not where another process still reads from the journal.
        """
        with explained(self.path, self.kind):
            connection = self._connection()
            connection.execute("VACUUM")
            connection.execute("PRAGMA busy_timeout = 0")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            connection.execute(f"PRAGMA busy_timeout = {1000 * _WAIT_SECONDS}")
            return not busy

    def copy(self, path: Path) -> None:
        """Write what the file holds at this moment, and nothing else, to a new file."""
        with explained(self.path, self.kind):
            self._connection().execute("VACUUM INTO ?", (str(path),))

    def fold(self) -> None:
        """Take the journal into the file, which works only where nobody else has that open.

        Raises :class:`IndexBusy` where somebody has. The next who opens it has a journal again.
        """
        with explained(self.path, self.kind):
            connection = self._connection()
            connection.execute("PRAGMA busy_timeout = 0")
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for connection in self._open:
                connection.close()
            self._open.clear()
            self._local = threading.local()

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
            self._local.connection = connection
            with self._guard:
                self._open.append(connection)
        return connection
