"""A run as a process of its own: begun, followed, ended. One at a time, and none after the server.

The evaluation ends when its standard input is closed, as it is when this
process is gone, however that came about.
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from assistant.errors import SettingsError
from assistant.web.evaluate.program import complaint
from assistant.web.language import say

_INTERRUPTED = 130
_MOST_LINES = 200


class Stage(StrEnum):
    """How far a run has come."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Status:
    """Whose run this is, of which set with which index, and how it stands.

    ``index`` is the folder of that. ``doing`` is "indexing" or "asking", or
    nothing yet; ``left`` are the seconds that it will take as it looks, if that
    can be told.
    """

    owner: str
    name: str
    index: Path
    stage: Stage = Stage.RUNNING
    doing: str = ""
    done: int = 0
    total: int = 0
    left: float | None = None
    problem: str = ""


class Runner:
    """Has one run at a time."""

    def __init__(self) -> None:
        """Begin with none."""
        self._guard = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._status: Status | None = None
        self._begun: tuple[float, int] | None = None

    @property
    def status(self) -> Status | None:
        """The run that is going on, or the last one."""
        return self._status

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return bool(self._status and self._status.stage is Stage.RUNNING)

    def uses(self, index: Path) -> bool:
        """Tell whether a run is going on with the index in a folder."""
        return bool(self.running and self._status and self._status.index == index)

    def start(
        self,
        owner: str,
        name: str,
        index: Path,
        command: Sequence[str],
        environment: Mapping[str, str],
    ) -> None:
        """Begin a run; raises :class:`SettingsError` while another is going on."""
        with self._guard:
            if self.running:
                raise SettingsError(say("Another evaluation is running. Wait until it is done."))
            process = subprocess.Popen(  # noqa: S603 - the evaluation's own command
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
            )
            self._process, self._begun = process, None
            self._status = Status(owner, name, index)
        threading.Thread(target=self._follow, args=(process,), daemon=True).start()

    def stop(self) -> None:
        """End the run that is going on; what it has asked so far is kept."""
        if self._process and self._process.stdin:
            self._process.stdin.close()

    def _follow(self, process: subprocess.Popen[str]) -> None:
        said: list[str] = []
        with process:
            for line in process.stderr or ():
                if not self._heard(line):
                    said = [*said, line][-_MOST_LINES:]
        self._ended(process.returncode, said)

    def _heard(self, line: str) -> bool:
        """Take in how far the run says it is; tell whether that is what it said."""
        try:
            step = json.loads(line)
            doing, done, total = str(step["stage"]), int(step["done"]), int(step["total"])
        except (ValueError, TypeError, KeyError):
            return False
        if self._status:
            left = self._left(done, total) if doing == "asking" else None
            self._status = replace(self._status, doing=doing, done=done, total=total, left=left)
        return True

    def _left(self, done: int, total: int) -> float | None:
        """Return how long the questions left will take, if each takes as long as those so far."""
        now = time.monotonic()
        since, first = self._begun = self._begun or (now, done)
        return (now - since) / (done - first) * (total - done) if done > first else None

    def _ended(self, code: int, said: list[str]) -> None:
        if self._status is None:
            return
        stages = {0: Stage.DONE, _INTERRUPTED: Stage.STOPPED}
        stage = stages.get(code, Stage.FAILED)
        problem = ""
        if stage is Stage.FAILED:
            problem = complaint(said) or f"The evaluation ended with code {code}."
        self._status = replace(self._status, stage=stage, left=None, problem=problem)
