"""Ask a folder of documents; get an answer with the passages that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.types import Answer, Citation, Document, Hit, Passage, Turn

if TYPE_CHECKING:
    from assistant.assistant import Assistant, retrieve
    from assistant.settings import Settings

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "Document",
    "Hit",
    "Passage",
    "Settings",
    "Turn",
    "retrieve",
]


def __getattr__(name: str) -> Any:
    # The facade draws in the whole engine: it is imported when it is first asked for.
    if name in {"Assistant", "retrieve"}:
        from assistant import assistant

        return getattr(assistant, name)
    if name == "Settings":
        from assistant.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
