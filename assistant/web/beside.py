"""The sources beside an answer while it grows."""

from __future__ import annotations

from assistant.assistant import Assistant
from assistant.reasons import Reason
from assistant.types import Answer, Document
from assistant.web import sources


class Beside:
    """Makes the sources of one growing answer, and reads each cited document once."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.read: dict[str, Document] = {}
        self.reasons: dict[str, Reason] = {}

    def section(self, answer: Answer, number: int) -> str:
        """Return the sources of an answer as it is now."""
        # The hits are the same from an answer's first words to its last.
        self.reasons = self.reasons or self.assistant.reasons(answer)
        return sources.section(answer, number, self._document, self.reasons)

    def _document(self, name: str) -> Document:
        if name not in self.read:
            self.read[name] = self.assistant.document(name)
        return self.read[name]
