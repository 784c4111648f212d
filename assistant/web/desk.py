"""The desk that all tabs come to: which of the indexes one is about, and what is done with it."""

from __future__ import annotations

from assistant.assistant import Assistant
from assistant.indexes import Indexes
from assistant.web.evaluate.running import Runner
from assistant.web.keeping import Place, in_words
from assistant.web.work import Works


class Desk:
    """Hands each event of the page the assistant of its tab's index."""

    def __init__(self, indexes: Indexes) -> None:
        """Take the indexes that there are."""
        self.indexes = indexes
        self.works = Works()
        self.runner = Runner()

    @property
    def served(self) -> Assistant:
        """The assistant of tabs whose address names no index."""
        return self.indexes.served

    def at(self, place: str) -> Assistant:
        """Return the assistant of the index at a place; what keeps it from that is shown."""
        with in_words():
            return self.find(place)

    def find(self, place: str) -> Assistant:
        """Return the assistant of the index at a place, or raise what keeps it from that."""
        return self.indexes.get(Place.read(place).index)
