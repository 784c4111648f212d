"""What becomes of a hostile file: its text, or a message about it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

from assistant.errors import LoadError
from assistant.loading import Limits, find_files, load
from tests.hostile.cases import Case

LIMITS = Limits(pages=50, seconds=20.0, memory_bytes=1_000_000_000)


class Outcome(NamedTuple):
    """How a case ended: ``text`` is what was read, ``message`` what was said instead."""

    text: str
    message: str
    seconds: float


def outcome(case: Case, folder: Path) -> Outcome:
    """Make a case's file in a folder and read it, or the first of what is in it."""
    path = folder / case.name
    path.write_bytes(case.make())
    start = time.perf_counter()
    text = message = ""
    try:
        member, name = find_files([path], LIMITS).files[0]
        text = load(member, name, limits=LIMITS).text
    except LoadError as error:
        message = str(error)
    return Outcome(text, message, time.perf_counter() - start)
