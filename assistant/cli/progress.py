"""How far long work has come, on standard error, and only where that is a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from assistant.cli.common import Common
from assistant.cli.show import terminal
from assistant.holdings import OnProgress, Progress
from assistant.render import line, plural

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

Item = TypeVar("Item")


@contextmanager
def bars() -> Iterator[OnProgress | None]:
    """Show a bar for the files and one for the passages of the file in hand."""
    console = terminal(error=True)
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = Bars(*columns, console=console, transient=True)
    files = shown.add_task("files", total=None)
    passages = shown.add_task("", total=None)

    def on_progress(progress: Progress) -> None:
        shown.start()
        shown.update(files, completed=progress.files_done, total=progress.files_total)
        shown.update(
            passages,
            description=line(progress.name)[:40],
            completed=progress.passages_done,
            total=progress.passages_total or None,
        )

    try:
        yield on_progress
    finally:
        shown.stop()


@contextmanager
def counted(common: Common) -> Iterator[OnProgress]:
    """Show the bars, and note what is kept should the work break off."""
    last: Progress | None = None
    with bars() as show:

        def on_progress(progress: Progress) -> None:
            nonlocal last
            last = progress
            if show:
                show(progress)

        try:
            yield on_progress
        except KeyboardInterrupt:
            if last:
                done = f"{last.files_done:,} of {plural(last.files_total, 'file')}"
                common.kept = f"{done} done, and kept. Run it again to go on."
            raise


def waiting(what: str) -> AbstractContextManager[object]:
    """Show that something is being done."""
    console = terminal(error=True)
    return console.status(what) if console.is_terminal else nullcontext()


def until_first(what: str, items: Iterable[Item]) -> Iterator[Item]:
    """Yield items, and show that something is being done until the first one is there."""
    remaining = iter(items)
    with waiting(what):
        first = next(remaining)
    yield first
    yield from remaining
