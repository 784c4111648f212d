"""Hits → hits in another order: a cross-encoder reads question and passage together.

Off unless ``ASSISTANT_RERANKER`` names a model (Nogueira & Cho 2019). It costs
a pass through the model for each passage read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.errors import EncoderError
from assistant.retrieval import Found
from assistant.types import Hit

READ = 20
"""Hits that are read again, best first; the rest stay behind them."""

Scorer = Callable[[str, Sequence[str]], Sequence[float]]
"""Takes a question and passages, gives how well each answers it, between 0 and 1."""


def load_reranker(name: str) -> Scorer:
    """Load a sentence-transformers cross-encoder by name or folder.

    Raises :class:`EncoderError`.
    """
    from sentence_transformers import CrossEncoder
    from torch.nn import Sigmoid

    try:
        model = CrossEncoder(name, num_labels=1)
    except Exception as error:
        raise EncoderError(
            f"The reranker {name!r} can't be loaded: {error}. Give the name or folder of a "
            "sentence-transformers cross-encoder, or leave ASSISTANT_RERANKER out."
        ) from error

    def score(question: str, texts: Sequence[str]) -> Sequence[float]:
        pairs = [(question, text) for text in texts]
        scores: Sequence[float] = model.predict(
            pairs, activation_fn=Sigmoid(), show_progress_bar=False
        ).tolist()
        return scores

    return score


def reranked(found: Found, score: Scorer, k: int) -> Found:
    """Return the k best hits as a cross-encoder orders them, with its scores."""
    read = found.hits[:READ]
    scores = score(found.question, [_text(hit) for hit in read]) if read else []
    again = [replace(hit, score=new) for hit, new in zip(read, scores, strict=True)]
    again.sort(key=lambda hit: -hit.score)
    least = min(scores, default=1.0)
    rest = [replace(hit, score=min(hit.score, least)) for hit in found.hits[READ:]]
    return found._replace(hits=(*again, *rest)[:k])


def _text(hit: Hit) -> str:
    passage = hit.passage
    return "\n".join(part for part in (passage.title, passage.heading, passage.text) if part)
