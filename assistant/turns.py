"""Whoever writes to an index takes turns, and is told while it waits for another process."""

from __future__ import annotations

import logging

from filelock import FileLock, Timeout

from assistant.errors import IndexBusy

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 1.0
"""A writer that waits no longer than this, as for one that only mends, says nothing of it."""


def take(lock: FileLock, index: str, seconds: float) -> None:
    """Take the lock of an index, for whose name to wait; raises :class:`IndexBusy` after a time."""
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
