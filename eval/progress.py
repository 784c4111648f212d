"""Progress of long work: on a terminal as bars; for a program that asks for it, line by line."""

from __future__ import annotations

import _thread
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.cli.progress import bars
from assistant.cli.show import terminal
from assistant.holdings import OnProgress
from assistant.holdings import Progress as Indexed
from eval.options import INTERRUPTED, Told

if TYPE_CHECKING:
    from eval.peers import Progress as PipelineProgress


_PATIENCE_SECONDS = 10.0
"""How long a run may take to come to an end of itself."""
OnQuestion = Callable[[int, int], None]


@contextmanager
def watching(told: Told) -> Iterator[tuple[OnProgress | None, OnQuestion | None]]:
    """Show how far a run is, in documents indexed and in questions asked."""
    if told is Told.JSON:
        threading.Thread(target=_end_with_input, daemon=True).start()
        yield _indexed, _asked
        return
    with bars() as on_index, asking() as on_question:
        yield on_index, on_question


def _indexed(step: Indexed) -> None:
    _say("indexing", step.files_done, step.files_total)


def _asked(done: int, total: int) -> None:
    _say("asking", done, total)


def _say(stage: str, done: int, total: int) -> None:
    sys.stderr.write(json.dumps({"stage": stage, "done": done, "total": total}) + "\n")
    sys.stderr.flush()


def _end_with_input() -> None:
    """Interrupt the run when whoever started it closes its input, or is gone."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    _thread.interrupt_main()
    time.sleep(_PATIENCE_SECONDS)
    os._exit(INTERRUPTED)  # every answer is kept when it comes


@contextmanager
def asking(what: str = "Asking") -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal how many of some things are done."""
    console = terminal(error=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None, visible=False)

        def on_question(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, visible=True)

        yield on_question


@contextmanager
def stages() -> Iterator[Callable[[PipelineProgress], None] | None]:
    """Show a bar for each stage of a pipeline; the context gives what is to be told of it."""
    console = terminal(error=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task("", total=None)

        def on_progress(now: PipelineProgress) -> None:
            described = f"{now.pipeline}: {now.stage}"
            progress.update(
                task, description=described, completed=now.done, total=now.total or None
            )

        yield on_progress
