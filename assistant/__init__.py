"""Ask a folder of documents; get an answer with the passages that prove it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.types import Answer, Citation, Document, Hit, Passage, Turn

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.opened import retrieve
    from assistant.settings import Settings

# Some of the libraries below report to their makers how they are used, unless told not to before
# they are imported: onnxruntime from 1.29 on (of Chroma's), Chroma, Gradio, and Hugging Face's.
os.environ.update(
    ANONYMIZED_TELEMETRY="False",
    GRADIO_ANALYTICS_ENABLED="False",
    HF_HUB_DISABLE_TELEMETRY="1",
    ORT_DISABLE_TELEMETRY="1",
    ORT_TELEMETRY_DISABLED="1",
)
# OpenVINO can't be told: it reports each import with a package that must not be found, therefore.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "Document",
    "Hit",
    "Passage",
    "Settings",
    "Turn",
    "retrieve",
]


def __getattr__(name: str) -> Any:
    # The facade draws in the whole engine: it is imported when it is first asked for.
    if name == "Assistant":
        from assistant.assistant import Assistant

        return Assistant
    if name == "retrieve":
        from assistant.opened import retrieve

        return retrieve
    if name == "Settings":
        from assistant.settings import Settings

        return Settings
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
