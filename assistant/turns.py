"""Whoever writes to an index takes turns, and is told while it waits for another process."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy, IndexNotFound

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 1.0
"""A writer that waits no longer than this, as for one that only mends, says nothing of it."""


def take(lock: FileLock, catalog: Path, seconds: float) -> None:
    """Take the lock of the index with a catalog; raises :class:`IndexBusy` after a time.

    Raises :class:`IndexNotFound` where the index is gone, also where it went meanwhile.
    """
    _see(catalog)
    _wait(lock, catalog.parent.name, seconds)
    try:
        _see(catalog)
    except IndexNotFound:
        lock.release()
        with suppress(OSError):  # The lock's own making, of an index that went while it waited.
            Path(lock.lock_file).unlink(missing_ok=True)
            catalog.parent.rmdir()
        raise


def _see(catalog: Path) -> None:
    if not catalog.is_file():
        raise IndexNotFound(
            f"There is no index {catalog.parent.name!r} in {catalog.parent.parent} any more: it "
            "was renamed or deleted. Open it by its new name, or make another."
        )


def _wait(lock: FileLock, index: str, seconds: float) -> None:
    try:
        lock.acquire(timeout=min(_PATIENCE_SECONDS, seconds))
    except Timeout:
        _LOG.warning("Another process is writing to the index %r; waiting…", index)
    else:
        return
    try:
        lock.acquire(timeout=seconds)
    except Timeout:
        raise IndexBusy(
            f"Another process has been writing to the index {index!r} for {seconds:.0f} seconds. "
            "Wait for it to end, then try again."
        ) from None
