"""How much of the machine a single file may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that reading one file may cost; each has a setting.

    ``expansion`` is how many times its own size an archive, or an office file,
    may unpack to. ``seconds`` and ``memory_bytes`` hold for the process that
    reads it.
    """

    file_bytes: int = 200_000_000
    pages: int = 5000
    expansion: int = 200
    seconds: float = 300.0
    memory_bytes: int = 2_000_000_000
    ocr: bool = True
