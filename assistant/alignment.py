"""Words of a claim ↔ words of a text: how near each is in meaning to the nearest, in context.

Each word gets the mean of its tokens' states after one pass over the whole
text, so that "contested election" finds "disputed election" (greedy matching
as in BERTScore, Zhang et al. 2020).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from assistant.text import FUNCTION_WORDS, words
from assistant.types import Encoder, Matrix, Span

_WORD = re.compile(r"\w+(?:[.,'’]\w+)*")
_NOT_AT, _SAME_AT = 0.4, 0.6
"""Cosines at which two words in context are taken to have nothing, or all, in common."""


def alignments(claim: str, texts: Sequence[str], encoder: Encoder) -> list[Mapping[str, float]]:
    """Return for each text how far it says each word of the claim in other words (0 to 1).

    What lies beyond the encoder's window is left out.
    """
    if not texts:
        return []
    (own, ours), *others = _read([claim, *texts], encoder)
    return [_credits(own, ours @ vectors.T) for _, vectors in others]


def _read(texts: Sequence[str], encoder: Encoder) -> list[tuple[list[str], Matrix]]:
    fitting = [_fitting(text, encoder) for text in texts]
    spans = [
        [Span(*m.span()) for m in _WORD.finditer(text) if _says_something(m.group())]
        for text in fitting
    ]
    read = encoder.encode_passages(fitting, spans)
    return [
        ([text[start:end] for start, end in places], vectors)
        for text, places, (_, vectors) in zip(fitting, spans, read, strict=True)
    ]


def _fitting(text: str, encoder: Encoder) -> str:
    tokens = encoder.token_spans(text)
    last = encoder.window - 2
    return text if len(tokens) <= last else text[: tokens[last - 1][1]]


def _says_something(token: str) -> bool:
    return any(word not in FUNCTION_WORDS for word in words(token))


def _credits(own: Sequence[str], cosines: Matrix) -> dict[str, float]:
    if not cosines.size:
        return {}
    nearest = (cosines.max(axis=1) - _NOT_AT) / (_SAME_AT - _NOT_AT)
    found: dict[str, float] = {}
    for token, credit in zip(own, np.clip(nearest, 0.0, 1.0).tolist(), strict=True):
        for word in words(token):
            found[word] = max(found.get(word, 0.0), credit)
    return found
