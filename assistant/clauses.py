"""A sentence → its clauses, each of which says something that may be true or not."""

from __future__ import annotations

import re

from assistant.text import content_terms

_BETWEEN = re.compile(
    r"(?<=[;:])\s+|\n\s*\n|\s*[()]\s*|\s+[–—-]\s+|—"
    r"|,\s+(?=(?:and|but|or|while|whereas|although|though|because|since|after|before|so|yet|nor"
    r"|which|who|where)\b)"
    r"|\s+(?=(?:but|while|whereas|although|though|because|when|unless)\b)",
    re.IGNORECASE,
)
_LEAST_TERMS = 2


def clauses(text: str) -> list[str]:
    """Return the clauses of a text in order; one that says too little goes with its neighbour."""
    pieces = [piece.strip() for piece in _BETWEEN.split(text) if piece and piece.strip()]
    found: list[str] = []
    for piece in pieces:
        small = len(content_terms(piece)) < _LEAST_TERMS
        if found and (small or len(content_terms(found[-1])) < _LEAST_TERMS):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found
