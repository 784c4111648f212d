"""Indexes: those of one folder, each opened when it is first asked for, and one that is served."""

from __future__ import annotations

import threading
from typing import Self

from assistant.assistant import Assistant
from assistant.errors import IndexNotFound
from assistant.index import CATALOG


class Indexes:
    """The indexes that one program answers from. Use it as a context manager, or close it.

    ``served`` is the one that is meant where none is named; whoever opened it closes it.
    """

    def __init__(self, served: Assistant) -> None:
        """Take the assistant that is served; the others get its settings and its models."""
        self.served = served
        self._opened: dict[str, Assistant] = {}
        self._guard = threading.Lock()

    def get(self, name: str = "") -> Assistant:
        """Return the assistant of an index, opened; raises :class:`IndexNotFound`."""
        if name in {"", self.served.name}:
            return self.served
        found = self._opened.get(name)
        return found or self._open(name)

    def names(self) -> list[str]:
        """Return the names of all indexes that can be asked for."""
        folders = self.served.settings.indexes.glob(f"*/{CATALOG}")
        return sorted({self.served.name, *(found.parent.name for found in folders)})

    def opened(self) -> list[Assistant]:
        """Return the assistants that are open now."""
        return [self.served, *self._opened.values()]

    def close(self) -> None:
        """Let go of all indexes but the one served."""
        with self._guard:
            for assistant in self._opened.values():
                assistant.close()
            self._opened.clear()

    def __enter__(self) -> Self:
        """Return the indexes themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close them."""
        self.close()

    def _open(self, name: str) -> Assistant:
        with self._guard:
            if name not in self._opened:
                if name not in self.names():
                    raise IndexNotFound(f"There is no index {name!r}, or not any more.")
                folder = self.served.settings.indexes / name
                self._opened[name] = self.served.beside(folder)
            return self._opened[name]
