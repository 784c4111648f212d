"""Text of documents, models and people as HTML in which nothing is live."""

from __future__ import annotations

import html
import re

# Control characters, halves of surrogate pairs, and the marks that turn the order of
# everything after them around: none of them has a glyph, and each can hide what is written.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)


def inert(text: str) -> str:
    """Return a text for use between tags and inside quoted attributes."""
    return html.escape(_UNSEEN.sub("", text), quote=True)
