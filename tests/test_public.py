"""The public surface, and that importing it is cheap."""

from __future__ import annotations

import subprocess
import sys

import pytest

import assistant

NAMES = [
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


def test_the_public_names() -> None:
    assert assistant.__all__ == NAMES
    for name in NAMES:
        assert getattr(assistant, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = assistant.nothing_like_it


def test_importing_draws_in_nothing_heavy() -> None:
    program = (
        "import sys, assistant;"
        "heavy = {'torch', 'gradio', 'chromadb', 'numpy', 'sentence_transformers', 'pydantic'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
