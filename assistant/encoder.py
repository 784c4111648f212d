"""The encoder that the settings name: the model in the box, or any other."""

from __future__ import annotations

import os
from contextlib import suppress

from assistant.settings import BUNDLED_ENCODER
from assistant.types import Encoder


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
