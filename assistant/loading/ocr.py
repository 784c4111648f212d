"""Scanned pages → text, by tesseract, where it and the extra `ocr` are installed."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

Recognise = Callable[[Any, float], str]
"""Reads a page of PDFium's within so many seconds; an empty text is a page that can't be read."""
_DPI = 300
_MOST_PIXELS = 40_000_000


def recogniser() -> Recognise | None:
    """Return what reads a scanned page, or None where that is not installed."""
    return _recognise if _installed() else None


def advice() -> str:
    """Say how scans can be read."""
    if _installed():
        return "OCR found none either."
    return "Install tesseract and 'cited-assistant[ocr]', then add it again."


def _installed() -> bool:
    return shutil.which("tesseract") is not None and find_spec("pytesseract") is not None


def _recognise(page: Any, seconds: float) -> str:
    import pytesseract

    width, height = page.get_size()
    scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
    image = page.render(scale=scale, grayscale=True).to_pil()
    with suppress(pytesseract.TesseractError, RuntimeError):
        # A RuntimeError is how it says that the time is over.
        return str(pytesseract.image_to_string(image, timeout=seconds))
    return ""
