"""How long a process takes from its start to an answer, measured from outside, by turns."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from eval.bench.commands import python
from eval.bench.measured import Figure, Target

_QUESTION = "Who criticized the Mérida Initiative?"


def start(documents: Path, folder: Path, turns: int) -> list[Figure]:
    """Measure ``assistant search`` beside a short script, on indexes of the same documents."""
    index, store = str(folder / "ours"), str(folder / "theirs")
    python(["-m", "assistant", "add", str(documents), "--index", index], folder)
    python(["-m", "eval.bench.script", "build", store, str(documents)], folder)
    ours, theirs, imported = _by_turns(
        [
            ["-m", "assistant", "search", _QUESTION, "--index", index, "--json"],
            ["-m", "eval.bench.script", "ask", store, _QUESTION],
            ["-c", "import assistant"],
        ],
        folder,
        turns,
    )
    made_of = f"{ours:.2f} s of {theirs:.2f} s"
    return [
        Figure("cold start beside a short script", ours / theirs, made_of, Target(1 / 3)),
        Figure("import assistant, seconds", imported, "Python's own start included", Target(0.3)),
    ]


def _by_turns(commands: Sequence[Sequence[str]], folder: Path, turns: int) -> list[float]:
    """Run commands one after another, several times, and return each one's median seconds."""
    took: list[list[float]] = [[] for _ in commands]
    for turn in range(turns + 1):
        for number, command in enumerate(commands):
            begun = time.perf_counter()
            python(command, folder)
            if turn:  # the first turn only warms the disk's cache
                took[number].append(time.perf_counter() - begun)
    return [median(seconds) for seconds in took]
