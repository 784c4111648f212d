"""What happens to the documents: files are added, with their progress shown, and removed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import gradio as gr

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.holdings import FileReport, Outcome, Progress
from assistant.web import library, uploads
from assistant.web.chat import UNFORESEEN, clicked
from assistant.web.desk import Desk
from assistant.web.inert import inert

_LOG = logging.getLogger(__name__)


class Shelf:
    """The documents' events, each of a tab's place. Each returns values for: news, table."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def show(self, place: str) -> tuple[Any, ...]:
        """Show what the index holds now, or why that can't be said."""
        try:
            return "", _table(self.desk.find(place))
        except AssistantError as error:
            return library.problem(str(error)), ""

    def add(self, files: Sequence[str] | None, place: str) -> Iterator[tuple[Any, ...]]:
        """Yield the progress of adding the uploaded files, then what became of each."""
        assistant = self.desk.at(place)
        try:
            kept = uploads.keep(files or [], assistant.folder, assistant.settings.max_uploads)
        except AssistantError as error:
            yield None, library.problem(str(error)), gr.skip()
            return
        work = _Adding(assistant, kept)
        for step in work.steps():
            yield None, library.progress(step), gr.skip()
        tidy(assistant, work.reports)
        news = library.problem(work.problem) if work.problem else library.reports(work.reports)
        yield None, news, _table(assistant)

    def remove(self, place: str, event: gr.EventData) -> tuple[Any, ...]:
        """Remove the document whose button was clicked, with what was uploaded of it."""
        name = clicked(event, "remove")
        if not name:
            return gr.skip(), gr.skip()
        assistant = self.desk.at(place)
        try:
            assistant.remove(name)
        except AssistantError as error:
            return library.problem(str(error)), _table(assistant)
        return f'<p role="status">Removed {inert(name)}.</p>', _table(assistant)


def _table(assistant: Assistant) -> str:
    return library.table(assistant.documents())


def tidy(assistant: Assistant, reports: Sequence[FileReport]) -> None:
    """Delete uploaded files of which nothing was added."""
    for report in reports:
        if report.outcome is Outcome.FAILED:
            uploads.discard(report.path, assistant.folder)
        elif report.outcome is Outcome.DUPLICATE:
            assistant.remove(str(report.path))


class _Adding:
    """Adds files on a thread of its own, so that its progress can be shown meanwhile."""

    def __init__(self, assistant: Assistant, paths: Sequence[Path]) -> None:
        self.assistant = assistant
        self.paths = paths
        self.reports: list[FileReport] = []
        self.problem = ""
        self._queue: SimpleQueue[Progress | None] = SimpleQueue()

    def steps(self) -> Iterator[Progress]:
        """Yield how far it has come, until it is done."""
        thread = threading.Thread(target=self._work, name="adding", daemon=True)
        thread.start()
        while (step := self._queue.get()) is not None:
            while not self._queue.empty():
                later = self._queue.get()
                if later is None:
                    return
                step = later
            yield step

    def _work(self) -> None:
        try:
            self.reports = self.assistant.add(self.paths, on_progress=self._queue.put)
        except AssistantError as error:
            self.problem = str(error)
        except Exception:  # noqa: BLE001 - shown in words, logged in full
            _LOG.exception("The files %s could not be added", [path.name for path in self.paths])
            self.problem = UNFORESEEN
        finally:
            self._queue.put(None)
