"""Adds a folder in a process of its own, and tells what became of it and what memory that took."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from assistant.holdings import FileReport, Outcome
from assistant.index import Index
from eval.provenance import peak_memory_mb
from tests.commands import ROOT
from tests.fakes import FakeEncoder
from tests.hostile.outcomes import LIMITS


class Added(NamedTuple):
    """What became of each file, and the most memory (MB) of the process and of its children."""

    reports: list[FileReport]
    memory_mb: float


def add(folder: Path, index: Path) -> Added:
    """Have a new process add a folder to an index."""
    command = [sys.executable, "-m", "tests.hostile.alone", str(folder), str(index)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    reports, memory = json.loads(done.stdout)
    return Added(
        [
            FileReport(path, Outcome(outcome), document, 0, message)
            for path, outcome, document, message in reports
        ],
        memory,
    )


def _add(folder: Path, folder_of_index: Path) -> list[FileReport]:
    encoder = FakeEncoder(window=256)
    index = Index(folder_of_index, encoder.name, lambda _: encoder, create=True)
    try:
        return index.add([folder], limits=LIMITS)
    finally:
        index.close()


if __name__ == "__main__":
    made = [(str(r.path), r.outcome, r.document, r.message) for r in _add(*map(Path, sys.argv[1:]))]
    unit = 1e6 if sys.platform == "darwin" else 1e3
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit
    json.dump((made, max(peak_memory_mb(), children)), sys.stdout)
