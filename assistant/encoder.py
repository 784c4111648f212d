"""The encoder that the settings name: the model in the box, or any other."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress

from assistant.settings import BUNDLED_ENCODER
from assistant.types import Encoder


class Encoders:
    """Encoders by their precision, each loaded once for all indexes that share them."""

    def __init__(self, load: Callable[[str], Encoder]) -> None:
        """Take what loads an encoder of a precision, or of the fastest one."""
        self._load = load
        self._loaded: dict[str, Encoder] = {}
        self._guard = threading.Lock()

    def __call__(self, precision: str) -> Encoder:
        """Return the encoder of a precision; without one, that of the fastest."""
        with self._guard:
            if precision not in self._loaded:
                encoder = self._load(precision)
                self._loaded[precision] = self._loaded.setdefault(encoder.precision, encoder)
            return self._loaded[precision]


def load_encoder(name: str = BUNDLED_ENCODER, precision: str = "", device: str = "") -> Encoder:
    """Load the bundled model, or any sentence-transformers model by name or folder.

    ``precision`` is that of the index it is for, or nothing for a new one.
    With a ``device`` ("cpu", "cuda", "mps") torch runs the model there; without
    one the bundled model does without torch, and any other runs where
    sentence-transformers puts it.

    Raises :class:`EncoderError` where the bundled weights are not the
    published ones, or where the model can't be loaded.
    """
    if name != BUNDLED_ENCODER:
        return _load_transformer(name, name, device)
    # Read by the libraries when they are imported: nothing asks a hub for what is here.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from assistant.onnx_encoder import bundled_folder, load_bundled

    if not device:
        # Without a place to keep the export, the model is run as it is.
        with suppress(OSError):
            return load_bundled(name, precision)
    return _load_transformer(name, str(bundled_folder()), device)


def _load_transformer(name: str, place: str, device: str) -> Encoder:
    from assistant.transformer_encoder import load_transformer

    return load_transformer(name, place, device)
