"""The Assistant itself, as a user would call it: add a folder, retrieve."""

from __future__ import annotations

from pathlib import Path

from assistant import Assistant
from assistant.settings import BUNDLED_ENCODER, Settings
from eval.metrics.places import Stretch, of_hits
from eval.peers.isolation import WARM_UP

_K = 10


class AssistantPipeline:
    """``Assistant.add`` and ``Assistant.retrieve`` with k = 10 and the bundled model."""

    description = f"Assistant.add, Assistant.retrieve, k = {_K}"
    packages: tuple[str, ...] = ("cited-assistant", "chromadb", "openvino")

    def __init__(self, work: Path) -> None:
        """Make an empty index inside a folder, and load the model."""
        settings = Settings.load(indexes=work, encoder=BUNDLED_ENCODER)
        self._assistant = Assistant.open("peers", settings=settings)
        # The model is loaded with the first question.
        self._assistant.retrieve(WARM_UP, 1)

    def build(self, folder: Path) -> int:
        """Add the folder, and return the number of passages."""
        self._assistant.add([folder])
        return sum(document.passages for document in self._assistant.documents())

    def search(self, question: str) -> list[Stretch]:
        """Return where the passages retrieved stand."""
        return of_hits(self._assistant.retrieve(question, _K))
