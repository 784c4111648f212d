"""Token vectors → one vector for each sentence, without another pass through the model.

This is late pooling: each sentence's vector is the mean of its own tokens'
final states, which have seen the whole passage (late chunking, Günther et al.
2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from assistant.types import Matrix, Span, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray


def sentence_vectors(
    tokens: Matrix, offsets: NDArray[np.int64], spans: Sequence[Span], whole: Vector
) -> Matrix:
    """Return the unit mean of the tokens in each span, shape (spans, dimensions).

    ``tokens`` has shape (tokens, dimensions) and ``offsets``, shape
    (tokens, 2), the characters that each stands for; special tokens have the
    empty span (0, 0). A span without tokens gets the whole text's vector.
    """
    rows = np.tile(whole, (len(spans), 1))
    for row, (start, end) in enumerate(spans):
        inside = (offsets[:, 0] < end) & (offsets[:, 1] > start)
        if inside.any():
            rows[row] = unit(tokens[inside].mean(axis=0))
    return rows


def unit(vectors: Matrix) -> Matrix:
    """Scale vectors to unit length along the last axis; one of zeros stays as it is."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Matrix = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
    return scaled
