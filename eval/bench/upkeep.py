"""What keeping an index up to date costs, beside building it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from eval.bench.commands import python
from eval.bench.measured import Figure, Target

REBUILT = 10_000
"""Passages for which the time of making Chroma anew has a target."""


class Part(NamedTuple):
    """A figure to be measured, and what that is, in words."""

    name: str
    measure: Callable[[], Figure]


def parts(folder: Path, sentences: Sequence[str], *, quick: bool, megabytes: int) -> Iterator[Part]:
    """Yield what is to be measured, each in a process and an index of its own.

    With some ``megabytes`` also the memory of indexing that much text.
    """
    drawn = folder / "upkeep.json"
    drawn.write_text(json.dumps(sentences), "utf-8")

    def stage(name: str, figure: Callable[[dict[str, float]], Figure], size: int) -> Part:
        return Part(f"upkeep: {name}", partial(_measured, folder, drawn, name, figure, size))

    yield stage("unchanged", _unchanged, 100 if quick else 1000)
    yield stage("paragraph", _paragraph, 300 if quick else 1200)
    yield stage("rebuild", _rebuild, 2000 if quick else REBUILT)
    if megabytes:
        yield stage("memory", _memory, megabytes)


def _measured(
    folder: Path,
    sentences: Path,
    stage: str,
    figure: Callable[[dict[str, float]], Figure],
    size: int,
) -> Figure:
    place = folder / stage
    place.mkdir()
    arguments = ["-m", "eval.bench.changes", stage, str(place), str(sentences), str(size)]
    return figure(json.loads(python(arguments, place)))


def _unchanged(found: dict[str, float]) -> Figure:
    return Figure(
        "syncing unchanged files beside indexing them",
        found["second"] / found["first"],
        f"{found['second']:.2f} s of {found['first']:.1f} s, {found['files']:,.0f} files",
        Target(0.02),
    )


def _paragraph(found: dict[str, float]) -> Figure:
    return Figure(
        "share of passages encoded after one paragraph changed",
        found["encoded"] / found["passages"],
        f"{found['encoded']:.0f} of {found['passages']:,.0f}; "
        f"{found['second']:.1f} s of {found['first']:.1f} s",
        Target(0.01),
    )


def _rebuild(found: dict[str, float]) -> Figure:
    return Figure(
        f"making Chroma anew for {found['passages']:,.0f} passages, seconds",
        found["seconds"],
        f"{found['encoded']:.0f} passages encoded for it",
        Target(30.0) if found["passages"] >= REBUILT else None,
    )


def _memory(found: dict[str, float]) -> Figure:
    return Figure(
        f"memory while indexing {found['megabytes']:,.0f} MB of text, MB",
        found["memory_mb"],
        f"{found['passages']:,.0f} passages with arbitrary vectors, {found['seconds']:,.0f} s",
        Target(1500.0),
    )
