"""Progress of long work on a terminal, and nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from assistant.cli.show import terminal

if TYPE_CHECKING:
    from eval.peers import Progress as PipelineProgress


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
