"""Follows folders: what changes in them is brought into an index within seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from assistant.holdings import FileReport

SECONDS = 2.0
"""How long it takes at most until a folder that came, or went, is noticed."""


def follow(
    folders: Sequence[Path],
    sync: Callable[[Sequence[Path]], list[FileReport]],
    *,
    apart_from: Path,
    stop: Event | None = None,
) -> Iterator[list[FileReport]]:
    """Sync folders now and after each change in them, and yield what became of their files.

    Ends when ``stop`` is set, or with Ctrl-C. ``apart_from`` is the index's own
    folder: what is written there is no change. A folder that is missing is
    synced once it is there.
    """
    from watchfiles import watch

    stop = stop or Event()
    while not stop.is_set():
        present = _present(folders)
        yield sync(folders)
        if not present:
            stop.wait(SECONDS)
            continue
        watched = False
        for changes in watch(
            *present,
            watch_filter=lambda _, path: not Path(path).is_relative_to(apart_from),
            stop_event=stop,
            rust_timeout=int(1000 * SECONDS),
            yield_on_timeout=True,
        ):
            if not watched:
                # What changed since the sync, before anything was watched, was not told of.
                watched = True
                yield sync(folders)
            elif changes:
                paths = [Path(path) for _, path in changes]
                touched = [f for f in folders if any(path.is_relative_to(f) for path in paths)]
                yield sync(touched)
            elif _present(folders) != present:
                break


def _present(folders: Sequence[Path]) -> dict[Path, int]:
    """Return the folders that are there, with the numbers that tell them from later ones."""
    return {folder: folder.stat().st_ino for folder in folders if folder.is_dir()}
