"""The folder of a run, which outlives an interruption: a stopped run is found, and goes on.

run.json         what is run
outcomes.jsonl   what came of each question, a line as it comes
run.lock         held while it runs
report.json      everything, once the run is finished; then the others go
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from assistant.types import to_json
from eval.errors import RunError
from eval.reports import REPORT, Identity

RUN = "run.json"
OUTCOMES = "outcomes.jsonl"
LOCK = "run.lock"


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that has begun: what it runs, since when (UTC, ISO 8601), how often taken up again."""

    identity: Identity
    started: str
    resumed: int = 0


@contextmanager
def taken(
    identity: Identity, runs: Path, out: Path | None = None, *, fresh: bool = False
) -> Iterator[tuple[Path, Begun]]:
    """Hold the folder of a run: that of a stopped run of this identity, else a new one.

    Stopped runs are looked for in ``out``, or among all in ``runs``, the latest
    first; with ``fresh`` they are left alone. Raises :class:`RunError` where
    ``out`` can't be used.
    """
    stopped = [] if fresh else [out] if out else sorted(runs.glob("*"), reverse=True)
    for folder in stopped:
        begun = _begun(folder)
        if begun is None or begun.identity != identity or (folder / REPORT).exists():
            continue
        try:
            held = FileLock(folder / LOCK).acquire(timeout=0)
        except Timeout:
            continue  # it is running just now
        with held:
            again = replace(begun, resumed=begun.resumed + 1)
            _write(again, folder)
            yield folder, again
        _tidy(folder)
        return
    folder = _made(out, runs, identity.set)
    with FileLock(folder / LOCK):
        begun = Begun(identity, now())
        _write(begun, folder)
        yield folder, begun
    _tidy(folder)


def now() -> str:
    """Return the time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _made(out: Path | None, runs: Path, name: str) -> Path:
    if out is None:
        stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
        runs.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            folder = runs / (f"{stamp}-{name}" if number == 1 else f"{stamp}-{name}-{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    if out is None or (out.exists() and not (out.is_dir() and not any(out.iterdir()))):
        raise RunError(
            f"{out} is there already, and is no stopped run of these questions, settings and "
            "code. Choose another folder (--out), or delete it."
        )
    out.mkdir(parents=True, exist_ok=True)
    return out


def _tidy(folder: Path) -> None:
    """Remove what a finished run no longer needs: its report holds all of it."""
    if (folder / REPORT).exists():
        for name in (RUN, OUTCOMES, LOCK):
            (folder / name).unlink(missing_ok=True)


def _begun(folder: Path) -> Begun | None:
    try:
        return _ADAPTER.validate_json((folder / RUN).read_bytes())
    except (OSError, ValidationError):
        return None


def _write(begun: Begun, folder: Path) -> None:
    (folder / RUN).write_text(json.dumps(to_json(begun), indent=1), "utf-8")


_ADAPTER = TypeAdapter(Begun)
