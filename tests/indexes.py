"""Small indexes and files for tests."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.holdings import Outcome
from assistant.index import Index
from assistant.rows import StoredPassage
from tests.fakes import FakeEncoder

LONG_AGO = time.time() - 3600


@contextmanager
def opened(place: Path, encoder: FakeEncoder, *, create: bool = True) -> Iterator[Index]:
    """Open an index, and close it in the end."""
    index = Index(place, encoder.name, lambda _: encoder, create=create)
    try:
        yield index
    finally:
        index.close()


def prose(subject: str, paragraphs: int = 4) -> str:
    """Return some paragraphs, each a passage of its own, all different."""
    return "\n\n".join(
        " ".join(f"The {subject} of field {n}.{m} was weighed and sold." for m in range(6))
        for n in range(paragraphs)
    )


def write(path: Path, text: str, *, at: float = LONG_AGO) -> Path:
    """Write a file that was last changed at a time, long enough ago to be taken as settled."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, (at, at))
    return path


def outcomes(index: Index, *paths: Path, prune: bool = False) -> dict[str, Outcome]:
    """Add, and return what became of each file by its name."""
    return {report.name: report.outcome for report in index.add(paths, prune=prune)}


def passages(index: Index) -> list[StoredPassage]:
    """Return all passages that an index holds, document by document."""
    documents = index.catalog.documents()
    return [stored for info in documents for stored in index.catalog.passages_of(info.name)]
