"""Where the files that come with the program are: prompts and sample documents.

A wheel carries them inside the package; a checkout keeps them at its top.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent


def checkout() -> Path | None:
    """Return the top of the checkout this package runs from, or None where it is installed."""
    return _CHECKOUT if (_CHECKOUT / "indexes" / "README.md").is_file() else None


def prompts_folder() -> Path:
    """Return the folder of prompt files."""
    return _carried("prompts", "prompts")


def samples_folder() -> Path:
    """Return the folder of sample documents."""
    return _carried("samples", "eval/sets/merida/documents")


def _carried(installed: str, in_checkout: str) -> Path:
    folder = _PACKAGE / "_data" / installed
    return folder if folder.is_dir() else _CHECKOUT / in_checkout
