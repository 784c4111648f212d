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
_JOINED = re.compile(r"\s+(?=(?:and|or)\s)", re.IGNORECASE)
_PREDICATES = re.compile(
    r"(?<!\b\w)[.!?]\s|[;:()—–]|\n\s*\n"
    r"|,?\s+(?:but|while|whereas|although|though|because|when|unless|if)\b|,\s+(?:and|so|nor)\b"
    r"|,\s|\s+(?=(?:without|rather than|instead of)\b)"
    r"|\s+and\s+",
    re.IGNORECASE,
)
_LEAST_TERMS = 2


def clauses(text: str) -> list[str]:
    """Return the clauses of a text in order; one that says too little goes with its neighbour."""
    return _saying_something(_BETWEEN, text)


def conjuncts(clause: str) -> list[str]:
    """Return the parts that a clause joins with "and" or "or", in order, none too small.

    They may share a subject or a verb, so that none is a claim by itself.
    """
    return _saying_something(_JOINED, clause)


def predicates(text: str) -> list[str]:
    """Return the stretches of a text that each affirm or deny something of their own, in order."""
    return [piece for piece in _PREDICATES.split(text) if piece.strip()]


def _saying_something(between: re.Pattern[str], text: str) -> list[str]:
    pieces = [piece.strip() for piece in between.split(text) if piece and piece.strip()]
    found: list[str] = []
    for piece in pieces:
        small = len(content_terms(piece)) < _LEAST_TERMS
        if found and (small or len(content_terms(found[-1])) < _LEAST_TERMS):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return found
