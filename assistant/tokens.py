"""Tokens of a language model: counted by tiktoken where its data is at hand, else estimated.

tiktoken downloads an encoding's data at first use and can't be told not to,
so it is only called where the file is already in its cache.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    import tiktoken

_ENCODING = "o200k_base"
_URL = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
_PIECE = regex.compile(
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
    r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
)


class Count(NamedTuple):
    """A number of tokens, and whether it is an estimate."""

    tokens: int
    estimated: bool


def count(text: str) -> Count:
    """Count the tokens of a text, or estimate them on the high side.

    The estimate splits the text as OpenAI's cl100k encoding does before it
    merges, and counts a token for each 5 bytes of an ASCII piece and for each
    2 bytes of another.
    """
    encoding = _cached_encoding()
    if encoding is not None:
        return Count(len(encoding.encode_ordinary(text)), estimated=False)
    return Count(sum(_estimate(piece) for piece in _PIECE.findall(text)), estimated=True)


def fit(texts: Iterable[str], budget: int) -> int:
    """Return how many of these texts, from the first, fit into a budget of tokens whole."""
    used = 0
    number = 0
    for text in texts:
        used += count(text).tokens
        if used > budget:
            break
        number += 1
    return number


def _estimate(piece: str) -> int:
    size = len(piece.encode("utf-8", "replace"))
    return -(-size // 5) if piece.isascii() else -(-size // 2)


@cache
def _cached_encoding() -> tiktoken.Encoding | None:
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    place = Path(folder) if folder else Path(tempfile.gettempdir()) / "data-gym-cache"
    # The name under which tiktoken keeps a download: not a matter of security.
    name = hashlib.sha1(_URL.encode(), usedforsecurity=False).hexdigest()
    if not (place / name).is_file():
        return None
    import tiktoken

    return tiktoken.get_encoding(_ENCODING)
