"""How much of the machine a single file may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.settings import Settings


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


def limits_of(settings: Settings) -> Limits:
    """Return what reading one file may cost, as it is set."""
    return Limits(
        file_bytes=int(settings.max_file_mb * 1_000_000),
        pages=settings.max_pages,
        expansion=settings.max_expansion,
        seconds=settings.max_seconds,
        memory_bytes=int(settings.max_memory_mb * 1_000_000),
        ocr=settings.ocr,
    )
