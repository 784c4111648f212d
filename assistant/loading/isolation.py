"""Hostile files are read in a process of their own: what crashes or hangs there ends there.

The process is started when it is first needed and then reused; after a crash,
a file that took too long or too much memory, the next file gets a new one.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from assistant import errors
from assistant.errors import CorruptDocument, LoadError
from assistant.loading.extracted import Extracted, from_bytes
from assistant.loading.limits import Limits
from assistant.loading.pdf_pages import Picture
from assistant.loading.pdf_pages import from_bytes as picture_from_bytes
from assistant.types import Span

_LAST_SECONDS = 5
_DRAWING_SECONDS = 20.0
_SAVE_ANEW = "It may be damaged: open it in its own program and save it anew."


def read(suffix: str, data: bytes, limits: Limits) -> Extracted:
    """Read a file's bytes; raises :class:`LoadError`, without the file's name."""
    return from_bytes(_WORKER.ask({"task": "read", "suffix": suffix}, data, limits))


def members(path: Path, limits: Limits) -> list[str]:
    """Return the names of the files in an archive; raises :class:`LoadError`."""
    return list(json.loads(_WORKER.ask({"task": "members", "path": str(path)}, b"", limits)))


def member(path: Path, name: str, limits: Limits) -> bytes:
    """Return the bytes of a file in an archive; raises :class:`LoadError`."""
    job = {"task": "member", "path": str(path), "name": name}
    return _WORKER.ask(job, b"", limits)


def draw(data: bytes, number: int, text: str, spans: Sequence[Span], limits: Limits) -> Picture:
    """Return the picture of a PDF's page, as :func:`assistant.loading.pdf_pages.draw` makes it.

    That has a process of its own: a reader does not wait for files that are being added.
    """
    job = {"task": "draw", "number": number, "text": text, "spans": spans}
    brief = replace(limits, seconds=min(limits.seconds, _DRAWING_SECONDS))
    return picture_from_bytes(_ARTIST.ask(job, data, brief))


class Worker:
    """A process that reads files, one at a time, whichever thread asks."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._limits: Limits | None = None

    def ask(self, job: dict[str, Any], data: bytes, limits: Limits) -> bytes:
        """Have a job done; raises :class:`LoadError` where it failed, crashed or took too much."""
        with self._guard:
            process = self._started(limits)
            late = threading.Event()
            timer = threading.Timer(limits.seconds, _end_late, (process, late))
            timer.start()
            try:
                head, body = _exchange(process, job, data)
            except (OSError, ValueError):
                # It is gone, in the middle of the job or of its reply. Why, its end tells.
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LAST_SECONDS)
                self._stop()
                raise _lost(process, late.is_set(), limits) from None
            except BaseException:
                self._stop()
                raise
            finally:
                timer.cancel()
            if head.get("error") == MemoryError.__name__:
                self._stop()
                raise _too_large(limits)
        if "error" in head:
            raise _error(str(head["error"]), str(head["message"]))
        return body

    def close(self) -> None:
        """End the process; the next job starts a new one."""
        with self._guard:
            self._stop()

    def _started(self, limits: Limits) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or limits != self._limits:
            self._stop()
            self._process, self._limits = _start(limits), limits
        return self._process

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                pipe.close()  # type: ignore[union-attr]
        self._process.wait()
        self._process = None


_WORKER = Worker()
_ARTIST = Worker()


@atexit.register
def close() -> None:
    """End the processes that this module's functions share."""
    _WORKER.close()
    _ARTIST.close()


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "assistant.loading.worker", json.dumps(asdict(limits))]
    importable = os.pathsep.join(filter(None, sys.path))
    # The command is this Python and a module of this package.
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": importable},
    )


def _exchange(
    process: subprocess.Popen[bytes], job: dict[str, Any], data: bytes
) -> tuple[dict[str, Any], bytes]:
    """Send a job and wait for the reply; raises OSError or ValueError where there is none."""
    jobs, replies = process.stdin, process.stdout
    assert jobs is not None  # noqa: S101 - both were asked for
    assert replies is not None  # noqa: S101
    _write(jobs, json.dumps({**job, "size": len(data)}).encode() + b"\n", data)
    head = json.loads(replies.readline())
    body = replies.read(head["size"])
    if len(body) != head["size"]:
        raise ValueError("a reply that was cut off")
    return head, body


def _write(jobs: IO[bytes], *pieces: bytes) -> None:
    for piece in pieces:
        jobs.write(piece)
    jobs.flush()


def _end_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _lost(process: subprocess.Popen[bytes], late: bool, limits: Limits) -> LoadError:
    if late:
        return CorruptDocument(
            f"reading it took more than {limits.seconds:g} seconds and was stopped. Split it, or "
            "raise ASSISTANT_MAX_SECONDS."
        )
    if process.returncode == -getattr(signal, "SIGKILL", 9):
        return _too_large(limits)
    return CorruptDocument(f"reading it crashed ({_reason(process.returncode)}). {_SAVE_ANEW}")


def _reason(code: int) -> str:
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit {code}"


def _too_large(limits: Limits) -> LoadError:
    return CorruptDocument(
        f"reading it takes more than {limits.memory_bytes / 1e6:,.0f} MB of memory. Split it, or "
        "raise ASSISTANT_MAX_MEMORY_MB."
    )


def _error(name: str, message: str) -> LoadError:
    kind = getattr(errors, name, LoadError)
    known = isinstance(kind, type) and issubclass(kind, LoadError)
    return kind(message) if known else LoadError(message)
