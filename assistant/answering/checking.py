"""Any written text, whoever wrote it → the same text with a verdict on each of its claims."""

from __future__ import annotations

from collections.abc import Callable

from assistant.answering.draft import Draft
from assistant.answering.generative import CheckClaim
from assistant.claims import statements
from assistant.retrieval import Found
from assistant.types import Answer


def checked(text: str, draft: Draft, find: Callable[[str], Found], check: CheckClaim) -> Answer:
    """Check each claim of a text against what is found for it; the text between stays as it is."""
    at = 0
    for (start, end), said in statements(text):
        stored = find(said).stored
        draft.add_checked(text[at:start], text[start:end], [check(said, list(stored.values()))])
        at = end
    draft.tail(text[at:])
    return draft.answer()
