"""A conversation as a file to keep or to hand on: Markdown, JSON, Word or PDF, with its sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from assistant import render
from assistant.errors import SettingsError
from assistant.exchanges import Conversation
from assistant.exporting.markdown import to_markdown
from assistant.exporting.pdf import to_pdf
from assistant.exporting.word import to_word

FORMATS = MappingProxyType({"md": "Markdown", "json": "JSON", "docx": "Word", "pdf": "PDF"})
"""The formats by their files' endings, and what they are called."""
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_LONGEST_NAME = 60


def export(conversation: Conversation, ending: str) -> bytes:
    """Return a conversation as a file of the format with this ending.

    The JSON is what ``assistant check-citations`` takes. Raises
    :class:`SettingsError` for a format that is not known.
    """
    if ending not in _WRITERS:
        known = ", ".join(f".{known}" for known in FORMATS)
        raise SettingsError(f"A conversation can't be saved as {ending!r}. Choose one of {known}.")
    return _WRITERS[ending](conversation)


def file_name(conversation: Conversation) -> str:
    """Return a conversation's title as the name of a file, without an ending."""
    name = _NOT_IN_NAMES.sub("-", render.plain(conversation.title))
    return name[:_LONGEST_NAME].strip("-.") or "conversation"


def _to_json(conversation: Conversation) -> bytes:
    return render.to_json_text(conversation).encode()


_WRITERS: Mapping[str, Callable[[Conversation], bytes]] = MappingProxyType(
    {"md": to_markdown, "json": _to_json, "docx": to_word, "pdf": to_pdf}
)
