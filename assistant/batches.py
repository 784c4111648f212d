"""Work on one file after another: how far it has come is told, and whoever hears it can end it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.errors import Stopped
from assistant.holdings import FileReport, OnProgress, Outcome, Progress


class Reporter:
    """Tells how far one file has come, if anyone wants to know."""

    def __init__(self, path: str, done: int, total: int, on_progress: OnProgress | None) -> None:
        """Name the file, and count those before it among all."""
        self._path, self._done, self._total = path, done, total
        self._on_progress = on_progress

    def passages(self, done: int, total: int) -> None:
        """Tell how many of how many passages are done."""
        if self._on_progress:
            self._on_progress(Progress(self._path, self._done, self._total, done, total))

    def finished(self, report: FileReport) -> None:
        """Tell what became of the file."""
        if self._on_progress:
            done, made = self._done + 1, report.passages
            self._on_progress(Progress(self._path, done, self._total, made, made, report))


Job = tuple[str, Callable[[Reporter], FileReport]]
"""A file's path or a page's address, and what is to be done with it."""


def done_in_turn(
    jobs: Sequence[Job],
    on_progress: OnProgress | None,
    between: Callable[[], None] = lambda: None,
) -> list[FileReport]:
    """Do one job after another; return what became of each, and of those left when it was ended.

    ``between`` is called after each job.
    """
    reports: list[FileReport] = []
    try:
        for done, (path, work) in enumerate(jobs):
            reporter = Reporter(path, done, len(jobs), on_progress)
            reporter.passages(0, 0)
            reports.append(work(reporter))
            reporter.finished(reports[-1])
            between()
    except Stopped:
        left = jobs[len(reports) :]
        return [*reports, *(FileReport(path, Outcome.STOPPED, "", 0) for path, _ in left)]
    return reports
