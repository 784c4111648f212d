"""The page's named endpoints, for programs: ask, retrieve, documents, add.

They share the page's guard, queue and limits. What Gradio hands over is any
JSON, so arguments are checked here; annotations are evaluated, not strings,
since the endpoints' types are read off them.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import gradio as gr
from gradio import events
from gradio.data_classes import FileData
from pydantic import ConfigDict, ValidationError, validate_call

from assistant.errors import AssistantError, LoadError
from assistant.holdings import FileReport, Outcome
from assistant.tools import IndexName, Tools
from assistant.types import to_json
from assistant.web import uploads
from assistant.web.desk import Desk
from assistant.web.queues import ASK, WRITE
from assistant.web.shelf import adding


@dataclass(frozen=True, slots=True)
class Added:
    """A :class:`FileReport` by the file's name: gradio_client downloads what has a ``path``."""

    file: str
    outcome: Outcome
    document: str
    passages: int
    message: str

    @classmethod
    def of(cls, report: FileReport) -> Self:
        """Return what a report says, without the paths of this machine."""
        return cls(report.name, report.outcome, report.document, report.passages, report.message)


def build(desk: Desk) -> None:
    """Add the endpoints to the page that is being built, in the queues of its own events."""
    tools = Tools(desk.indexes)

    def add(files: list[FileData], index: IndexName = "") -> list[Added]:
        """Add uploaded files, and say what became of each."""
        assistant = desk.indexes.get(index)
        sent = [uploads.received(file.path) for file in files]
        sent = uploads.claimed(sent, assistant.settings.max_uploads)
        work = adding(assistant, len(sent), functools.partial(uploads.keep, sent))
        desk.works.begin(assistant.folder, work)
        *_, end = work.stages()
        if end.problem:
            raise LoadError(end.problem)
        return [Added.of(report) for report in end.reports]

    for function, queue in (
        (tools.ask, ASK),
        (tools.retrieve, ASK),
        (tools.documents, ASK),
        (add, WRITE),
    ):
        events.api(_plain(function), api_name=function.__name__, **queue)


def _plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that checks its arguments, returns plain JSON and fails in words."""
    checked = validate_call(config=ConfigDict(strict=True))(function)

    @functools.wraps(function)
    def call(*arguments: Any) -> Any:
        try:
            return to_json(checked(*arguments))
        except ValidationError as error:
            raise gr.Error(_faults(error, function), print_exception=False) from None
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from None

    return call


def _faults(error: ValidationError, function: Callable[..., Any]) -> str:
    names = list(inspect.signature(function).parameters)
    faults = []
    for fault in error.errors(include_url=False):
        first, *rest = fault["loc"]
        name = names[first] if isinstance(first, int) and first < len(names) else first
        faults.append(f"{'.'.join(map(str, [name, *rest]))}: {fault['msg']}")
    return f"Arguments that can't be used: {'; '.join(faults)}."
