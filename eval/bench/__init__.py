"""How fast, how small, and how that grows: ratios within one run, since machines are noisy."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from assistant.encoder import load_encoder
from eval import provenance
from eval.bench import texts, upkeep
from eval.bench.beside import beside
from eval.bench.cold import start
from eval.bench.commands import python
from eval.bench.measured import Bench, Figure, Step, Target
from eval.errors import RunError
from eval.questions import QuestionSet

SIZES = (1_000, 10_000, 100_000)
QUICK_SIZES = (1_000, 5_000)
"""Passages at which the growth is measured."""
Say: TypeAlias = "Callable[[str], None]"
_BESIDE, _QUICK_BESIDE = 600, 200
"""Passages on which Assistant is measured beside others."""
_TURNS, _QUICK_TURNS = 5, 1
_QUICK_QUESTIONS = 40


def bench(
    questions: QuestionSet,
    say: Say,
    *,
    quick: bool = False,
    megabytes: int = 0,
    sizes: Sequence[int] = (),
) -> Bench:
    """Measure start, indexing, search, upkeep and growth, with the sentences of a set's documents.

    ``say`` is told what is being measured; with some ``megabytes`` also the
    memory of indexing that much text, which takes minutes for each 100. A part
    that fails is a reason among the failures, and the others go on. Raises
    :class:`RunError` where the set has no documents, or too few sentences.
    """
    if questions.documents is None:
        raise RunError(f"The question set {questions.name!r} has no documents. Choose another.")
    begun = time.perf_counter()
    load_encoder()  # exported once for a machine, which is to be no part of any figure
    sentences = texts.sentences(questions.documents)
    asked = questions.questions[: _QUICK_QUESTIONS if quick else None]
    figures: list[Figure] = []
    growth: list[Step] = []
    failures: list[str] = []

    @contextmanager
    def part(name: str) -> Iterator[None]:
        say(name)
        try:
            yield
        except RunError as error:
            failures.append(f"{name}: {error}")

    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as place:
        folder = Path(place)
        texts.write(sentences, folder / "few", 0, _QUICK_BESIDE if quick else _BESIDE)
        with part("start"):
            figures += start(folder / "few", folder, _QUICK_TURNS if quick else _TURNS)
        with part("indexing and search beside others"):
            figures += beside(folder / "few", asked)
        for name, measure in upkeep.parts(folder, sentences, quick=quick, megabytes=megabytes):
            with part(name):
                figures.append(measure())
        for size in sizes or (QUICK_SIZES if quick else SIZES):
            with part(f"growth to {size:,} passages"):
                held = growth[-1].passages if growth else 0
                texts_of = [question.text for question in asked]
                growth.append(_step(folder / "many", held, size, sentences, texts_of))
    return Bench(
        machine=provenance.machine(),
        versions=provenance.versions(),
        commit=provenance.commit(),
        quick=quick,
        seconds=time.perf_counter() - begun,
        figures=(*figures, *_of_growth(growth)),
        growth=tuple(growth),
        failures=tuple(failures),
    )


def _step(
    folder: Path, held: int, size: int, sentences: Sequence[str], questions: Sequence[str]
) -> Step:
    """Let an index grow to a size, and search it, each in a process of its own."""
    folder.mkdir(exist_ok=True)
    drawn, asked = folder / "sentences.json", folder / "questions.json"
    drawn.write_text(json.dumps(sentences), "utf-8")
    asked.write_text(json.dumps(questions), "utf-8")
    growth = ["-m", "eval.bench.growth"]
    built = python([*growth, "build", str(folder), str(held), str(size - held), str(drawn)], folder)
    searched = python([*growth, "ask", str(folder), str(asked)], folder)
    return Step(**json.loads(built), **json.loads(searched))


def _of_growth(growth: Sequence[Step]) -> Iterator[Figure]:
    if not growth:
        return
    first, last = growth[0], growth[-1]
    full = last.passages >= SIZES[-1]
    yield Figure(
        f"search p95 at {last.passages:,} passages, ms",
        last.p95_ms,
        f"{first.p95_ms:.1f} ms at {first.passages:,}",
        Target(60.0) if full else None,
    )
    yield Figure(
        "memory while searching it, MB",
        last.ask_memory_mb,
        f"{first.ask_memory_mb:.0f} MB at {first.passages:,}",
        Target(1500.0) if full else None,
    )
    yield Figure(
        "disk a passage, KB",
        last.disk_kb,
        f"{last.disk_bytes / 1e6:.0f} MB in all",
        Target(6.0),
    )
