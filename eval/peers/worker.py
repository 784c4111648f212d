"""One pipeline in a process of its own: build, ask, report; ``python -m eval.peers.worker JOB``.

The job is a JSON file. What the worker has to say goes to its standard output,
one JSON object a line: ``{"progress": [stage, done, total]}`` as often as it
likes, and at the end ``{"measured": …}`` or ``{"failure": "…"}``. What the
libraries print goes to standard error instead.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pydantic import TypeAdapter

from assistant.errors import AssistantError
from assistant.types import to_json
from eval import provenance
from eval.errors import RunError
from eval.peers.isolation import WARM_UP, refuse_network
from eval.peers.pipeline import Measured, Pipeline, Searched

_PACKAGES = ("numpy", "sentence-transformers", "tokenizers", "torch")
Say: TypeAlias = "Callable[[str, object], None]"


@dataclass(frozen=True, slots=True)
class Job:
    """Which pipeline to measure, on which documents, with which questions (id and text)."""

    pipeline: str
    documents: Path
    questions: tuple[tuple[str, str], ...]


def main(path: str) -> int:
    """Do the job in a file, in the folder the process was started in; return an exit code."""
    sys.addaudithook(refuse_network)
    job = TypeAdapter(Job).validate_json(Path(path).read_bytes())
    with _channel() as say:
        try:
            measured = work(job, Path.cwd(), say)
        except Exception as error:  # noqa: BLE001 - whatever a library raises is its result
            say("failure", describe(error))
            return 1
        say("measured", to_json(measured))
    return 0


def work(job: Job, folder: Path, say: Say) -> Measured:
    """Build a pipeline inside a folder, ask it every question, and return what it took."""
    say("progress", ("loading", 0, 0))
    begun = time.perf_counter()
    pipeline = open_pipeline(job.pipeline, folder)
    start_seconds = time.perf_counter() - begun
    say("progress", ("indexing", 0, 0))
    begun = time.perf_counter()
    passages = pipeline.build(job.documents)
    index_seconds = time.perf_counter() - begun
    return Measured(
        description=pipeline.description,
        versions=provenance.versions((*pipeline.packages, *_PACKAGES)),
        passages=passages,
        start_seconds=start_seconds,
        index_seconds=index_seconds,
        questions=tuple(_ask(pipeline, job.questions, say)),
        peak_memory_mb=provenance.peak_memory_mb(),
    )


def open_pipeline(name: str, folder: Path) -> Pipeline:
    """Return a pipeline that keeps what it writes in a folder, with its model loaded.

    Its libraries are imported here, and only they. Raises :class:`RunError` for an unknown name.
    """
    match name:
        case "assistant":
            from eval.peers.assistant import AssistantPipeline

            return AssistantPipeline(folder)
        case "langchain":
            from eval.peers.langchain import LangChainPipeline

            return LangChainPipeline(folder)
        case "llamaindex":
            from eval.peers.llamaindex import LlamaIndexPipeline

            return LlamaIndexPipeline(folder)
        case "txtai":
            from eval.peers.txtai import TxtaiPipeline

            return TxtaiPipeline(folder)
    raise RunError(f"There is no pipeline {name!r}. Choose one of eval.peers.PEERS.")


def describe(error: Exception) -> str:
    """Say what went wrong, and for a missing package how to install it."""
    if isinstance(error, ModuleNotFoundError):
        return f"The package {error.name} is missing. Install it: pip install -e '.[peers]'"
    return str(error) if isinstance(error, AssistantError) else repr(error)


def _ask(pipeline: Pipeline, questions: Sequence[tuple[str, str]], say: Say) -> Iterator[Searched]:
    pipeline.search(WARM_UP)
    for number, (identity, text) in enumerate(questions):
        say("progress", ("asking", number, len(questions)))
        begun = time.perf_counter()
        found, failure = [], ""
        try:
            found = pipeline.search(text)
        except Exception as error:  # noqa: BLE001 - counted as failed; the other questions go on
            failure = describe(error)
        milliseconds = (time.perf_counter() - begun) * 1000
        yield Searched(identity, milliseconds, tuple(found), failure)
    say("progress", ("asking", len(questions), len(questions)))


@contextmanager
def _channel() -> Iterator[Say]:
    """Keep standard output for messages, and send what else is printed to standard error."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as lines:
        os.dup2(2, 1)

        def say(kind: str, what: object) -> None:
            lines.write(json.dumps({kind: what}) + "\n")
            lines.flush()

        yield say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
