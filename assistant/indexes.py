"""Indexes: those of one folder, each opened when it is first asked for, and one that is served."""

from __future__ import annotations

import threading
from functools import partial
from typing import Self

from assistant import folders
from assistant.assistant import Assistant
from assistant.errors import IndexNotFound, SettingsError
from assistant.folders import Listed
from assistant.settings import Settings


class Indexes:
    """The indexes that one program answers from. Use it as a context manager, or close it.

    ``served`` is the one that is meant where none is named; whoever opened it closes it.
    """

    def __init__(self, served: Assistant) -> None:
        """Take the assistant that is served; the others get its settings and its models."""
        self.served = served
        self._opened: dict[str, Assistant] = {}
        self._guard = threading.Lock()
        self.folder = served.settings.indexes
        folders.sweep(self.folder)

    def get(self, name: str = "") -> Assistant:
        """Return the assistant of an index, opened; raises :class:`IndexNotFound`."""
        if self._is_served(name):
            return self.served
        found = self._opened.get(name)
        return found or self._open(name)

    def names(self) -> list[str]:
        """Return the names of all indexes that can be asked for."""
        return sorted({self.served.name, *folders.names(self.folder)})

    def listed(self) -> list[Listed]:
        """Return what a list says of all indexes that can be asked for."""
        served = self.served
        with self._guard:  # none is renamed or deleted while it is looked at
            places = [self.folder / name for name in self.names() if name != served.name]
            found = [folders.listed(place) for place in (served.folder, *places)]
        return sorted(found, key=lambda one: one.name.casefold())

    def create(self, name: str) -> str:
        """Make an empty index, and return its name as it is kept."""
        with self._guard:
            self._not_served(folders.checked(name), "made anew")
            folder = folders.new(self.folder, name)
            self._opened[folder.name] = self.served.beside(folder, create=True)
        return folder.name

    def rename(self, name: str, to: str) -> str:
        """Give an index another name, and return it as it is kept.

        Raises :class:`IndexBusy` where it is being written to, or another program has it open.
        """
        with self._guard:
            self._known_and_not_served(name, "renamed")
            self._not_served(folders.checked(to), "made anew")
            return folders.rename(self.folder / name, to, partial(self._let_go, name)).name

    def delete(self, name: str) -> None:
        """Delete an index with all that it holds, and all that was asked of it.

        Raises :class:`IndexBusy` where it is being written to, or another program has it open.
        """
        with self._guard:
            self._known_and_not_served(name, "deleted")
            folders.delete(self.folder / name, partial(self._let_go, name))

    def opened(self) -> list[Assistant]:
        """Return the assistants that are open now."""
        return [self.served, *self._opened.values()]

    def configure(self, settings: Settings) -> None:
        """Have all answer by other settings, those opened later as well."""
        with self._guard:
            for assistant in self.opened():
                assistant.configure(settings)

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
                self._known(name)
                self._opened[name] = self.served.beside(self.folder / name)
            return self._opened[name]

    def _known(self, name: str) -> None:
        if name not in (known := self.names()):
            raise IndexNotFound(
                f"There is no index {name!r}, or not any more. There are: {', '.join(known)}."
            )

    def _is_served(self, name: str) -> bool:
        return name in {"", self.served.name}

    def _not_served(self, name: str, what: str) -> None:
        if self._is_served(name):
            raise SettingsError(
                f"{self.served.name!r} is the index that this page was started with: it can't be "
                f"{what} here. Start it with another: `assistant chat --index NAME`."
            )

    def _known_and_not_served(self, name: str, what: str) -> None:
        self._not_served(name, what)
        self._known(name)

    def _let_go(self, name: str) -> None:
        if opened := self._opened.pop(name, None):
            opened.close()
