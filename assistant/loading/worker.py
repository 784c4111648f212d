"""The process that reads hostile files: it takes jobs on its input, one after another.

A job is a line of JSON, then as many bytes as it says; so is a reply. The process
limits its own memory, and ends when its input does: it never outlives the
program that started it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from assistant.errors import LoadError
from assistant.loading import archives, formats, pdf_pages
from assistant.loading.extracted import to_bytes
from assistant.loading.limits import Limits
from assistant.types import Span

_GRACE = 30
"""Seconds beyond its limit after which a job ends itself, if nobody else did."""


def main() -> None:
    """Serve jobs until the input ends."""
    jobs, replies = sys.stdin.buffer, _private_output()
    limits = Limits(**json.loads(sys.argv[1]))
    _restrict(limits)
    for line in jobs:
        job = json.loads(line)
        data = jobs.read(job["size"])
        _alarm(limits.seconds + _GRACE)
        head, body = _reply(job, data, limits)
        _alarm(0)
        _send(replies, head, body)


def _reply(job: dict[str, Any], data: bytes, limits: Limits) -> tuple[dict[str, Any], bytes]:
    try:
        body = _TASKS[job["task"]](job, data, limits)
    except LoadError as error:
        return {"error": type(error).__name__, "message": str(error)}, b""
    except MemoryError:
        return {"error": "MemoryError", "message": ""}, b""
    return {}, body


def _read(job: dict[str, Any], data: bytes, limits: Limits) -> bytes:
    return to_bytes(formats.read(job["suffix"], data, limits))


def _members(job: dict[str, Any], _: bytes, limits: Limits) -> bytes:
    return json.dumps(archives.members(_path(job), limits)).encode()


def _member(job: dict[str, Any], _: bytes, limits: Limits) -> bytes:
    return archives.member(_path(job), job["name"], limits)


def _draw(job: dict[str, Any], data: bytes, _: Limits) -> bytes:
    spans = [Span(*pair) for pair in job["spans"]]
    return pdf_pages.to_bytes(pdf_pages.draw(data, job["number"], job["text"], spans))


def _path(job: dict[str, Any]) -> Path:
    return Path(job["path"])


_TASKS: dict[str, Callable[[dict[str, Any], bytes, Limits], bytes]] = {
    "read": _read,
    "members": _members,
    "member": _member,
    "draw": _draw,
}


def _send(replies: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    replies.write(json.dumps({**head, "size": len(body)}).encode() + b"\n")
    replies.write(body)
    replies.flush()


def _private_output() -> BinaryIO:
    """Return the output for replies, and keep it from what libraries print."""
    private = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - no file, but the null device
        os.dup2(nothing.fileno(), sys.stdout.fileno())
    return private


def _restrict(limits: Limits) -> None:
    """Limit the memory where the platform can, and leave Ctrl-C to the program."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        memory = int(limits.memory_bytes)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        # Its default is to end the process: a program that was killed can't.
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
