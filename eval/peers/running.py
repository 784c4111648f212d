"""Starts a worker, listens to it, and leaves nothing of it behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from pydantic import TypeAdapter

from assistant.types import to_json
from eval.errors import RunError
from eval.peers import OnProgress
from eval.peers.isolation import environment
from eval.peers.pipeline import Measured, Progress
from eval.peers.worker import Job
from eval.questions import Question


def run(
    name: str, documents: Path, questions: Sequence[Question], on_progress: OnProgress | None = None
) -> Measured:
    """Measure one pipeline in a process of its own.

    What it writes goes to a temporary folder. Raises :class:`RunError` with
    the reason where it fails.
    """
    job = Job(name, documents, tuple((question.id, question.text) for question in questions))
    with tempfile.TemporaryDirectory(prefix="peers-", ignore_cleanup_errors=True) as folder:
        work = Path(folder, "work")
        work.mkdir()
        written = Path(folder, "job.json")
        written.write_text(json.dumps(to_json(job)), "utf-8")
        complaints = Path(folder, "stderr.txt")
        with (
            complaints.open("wb") as errors,
            subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", "eval.peers.worker", str(written)],
                cwd=work,
                env=environment(os.environ, work),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
            ) as process,
        ):
            try:
                measured = _listen(name, process.stdout, on_progress)
                if measured is None:
                    raise RunError(_why(process.wait(), complaints))
            finally:
                # It has said all it had to, or nobody listens any more.
                process.kill()
    return measured


def _listen(name: str, lines: IO[str] | None, on_progress: OnProgress | None) -> Measured | None:
    """Return what the worker measured, or None where it ended without a word."""
    for line in lines or ():
        message = json.loads(line)
        if "failure" in message:
            raise RunError(message["failure"])
        if "measured" in message:
            return TypeAdapter(Measured).validate_python(message["measured"])
        if on_progress:
            on_progress(Progress(name, *message["progress"]))
    return None


def _why(code: int, complaints: Path) -> str:
    """Say why a worker ended early, from its exit code and its last complaint."""
    if code < 0:
        return (
            f"Its process was ended by {signal.Signals(-code).name}, as happens where memory runs "
            "out. Try fewer documents."
        )
    said = complaints.read_text("utf-8", "replace").split("\n")
    last = next((line for line in reversed(said) if line.strip()), "it said nothing")
    return f"Its process ended with exit code {code}: {last.strip()}"
