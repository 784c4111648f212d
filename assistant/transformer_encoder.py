"""Any sentence-transformers model, run so that its token vectors can be pooled by sentence."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import EncoderError
from assistant.pooling import sentence_vectors, unit
from assistant.types import Matrix, Span, Vector

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_BATCH = 32
_PRECISIONS = {"torch.float16": "f16", "torch.bfloat16": "bf16"}


def load_transformer(name: str, place: str, device: str = "") -> TransformerEncoder:
    """Load a model by its name on the hub or its folder, onto a device or the fastest there is.

    Raises :class:`EncoderError`.
    """
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(place, device=device or None)
    except Exception as error:
        where = f" on {device}" if device else ""
        raise EncoderError(
            f"The embedding model {name!r} can't be loaded{where}: {error}. Give the name or "
            "folder of a sentence-transformers model and a device that is there, or leave "
            "ASSISTANT_ENCODER and ASSISTANT_DEVICE out for the one in the box."
        ) from error
    return TransformerEncoder(name, model)


class TransformerEncoder:
    """A sentence-transformers model, run so that token vectors can be pooled by sentence."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        """Wrap a loaded model. ``name`` is recorded in every index that is built with it."""
        self._name = name
        self._model = model.eval()
        self._tokenizer: Any = model.tokenizer
        if not getattr(self._tokenizer, "is_fast", False):
            raise EncoderError(
                f"The embedding model {name!r} has no fast tokenizer, which sentence offsets need. "
                "Choose another model."
            )
        # A copy, since each call that pads or truncates sets the original to do so from then on.
        self._counter: Any = copy.deepcopy(self._tokenizer.backend_tokenizer)
        self._counter.no_truncation()
        self._counter.no_padding()
        self._lock = threading.Lock()
        prompts = getattr(model, "prompts", {}) or {}
        self._question_prompt = prompts.get("query") or ""
        self._passage_prompt = prompts.get("document") or prompts.get("passage") or ""
        prompt_tokens = len(self.token_spans(self._passage_prompt))
        self._window = int(model.max_seq_length or 512) - prompt_tokens

    @property
    def name(self) -> str:
        """The model's name, as given."""
        return self._name

    @property
    def precision(self) -> str:
        """The numbers that the model is computed in, such as "f32"."""
        return _PRECISIONS.get(str(self._model.dtype), "f32")

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        get = getattr(self._model, "get_embedding_dimension", None)
        return int(get() if get else self._model.get_sentence_embedding_dimension() or 0)

    @property
    def window(self) -> int:
        """Most tokens the model reads of one text, its own special tokens included."""
        return self._window

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a text, special tokens left out."""
        return len(self.token_spans(text))

    def token_spans(self, text: str) -> Sequence[Span]:
        """Return the span of characters of each token, special tokens left out."""
        encoding = self._counter.encode(text, add_special_tokens=False)
        return [Span(*offsets) for offsets in encoding.offsets]

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[Vector, Matrix]]:
        """Yield for each text its vector and one vector for each of its sentences' spans."""
        shift = len(self._passage_prompt)
        for first in range(0, len(texts), _BATCH):
            batch = [self._passage_prompt + text for text in texts[first : first + _BATCH]]
            vectors, tokens, offsets = self._forward(batch)
            for row, spans in enumerate(sentences[first : first + _BATCH]):
                moved = [Span(start + shift, end + shift) for start, end in spans]
                yield vectors[row], sentence_vectors(tokens[row], offsets[row], moved, vectors[row])

    def encode_question(self, text: str) -> Vector:
        """Return the vector of a question."""
        vectors, _, _ = self._forward([self._question_prompt + text])
        vector: Vector = vectors[0]
        return vector

    def _forward(self, texts: Sequence[str]) -> tuple[Any, Any, Any]:
        """Run the model once: text vectors, token vectors, and token offsets, as arrays."""
        import torch

        with self._lock:
            features = self._tokenizer(
                list(texts),
                padding=True,
                truncation=True,
                max_length=self._model.max_seq_length,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
        offsets = features.pop("offset_mapping").numpy()
        features = {key: value.to(self._model.device) for key, value in features.items()}
        with torch.inference_mode():
            output = self._model(features)
            vectors = output["sentence_embedding"].float().cpu().numpy()
            tokens = output["token_embeddings"].float().cpu().numpy()
        if tokens.shape[-1] != vectors.shape[-1]:
            raise EncoderError(
                f"The embedding model {self._name!r} gives tokens {tokens.shape[-1]} dimensions, "
                f"but texts {vectors.shape[-1]}: sentences can't be pooled. Choose another."
            )
        return unit(vectors), tokens, offsets
