"""The command ``assistant``: parses, calls the engine once, shows what came of it.

Errors become one line on standard error and an exit code; ``--debug`` or
ASSISTANT_DEBUG shows where they came from.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Sequence
from io import TextIOWrapper

from assistant.cli import checking, files, indexes, serving, talks, transfer, web_pages
from assistant.cli.commands import app
from assistant.cli.common import FAILED, INTERRUPTED, NOTHING, TERMINATED, Common
from assistant.errors import AssistantError, ConversationNotFound, DocumentNotFound
from assistant.render import line

__all__ = ["checking", "files", "indexes", "main", "serving", "talks", "transfer", "web_pages"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A character that the terminal's encoding lacks must not end the program.
            stream.reconfigure(errors="backslashreplace")
    common = Common()
    try:
        code = _run(arguments, common)
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads any more, as in `assistant list | head`: end, and keep Python's own
        # flush at exit from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOTHING
    except (ConversationNotFound, DocumentNotFound) as error:
        return _explain(error, common, NOTHING)
    except AssistantError as error:
        return _explain(error, common, FAILED)
    except Exception as error:  # noqa: BLE001 - shown as one line, or whole with --debug
        return _explain(error, common, FAILED)
    if code == INTERRUPTED:
        _complain(f"{'Terminated' if common.terminated else 'Interrupted'}. {common.kept}".strip())
        return TERMINATED if common.terminated else INTERRUPTED
    return code


def _run(arguments: Sequence[str] | None, common: Common) -> int:
    try:
        with _ended_in_order(common):
            app(args=arguments, prog_name="assistant", obj=common)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


@contextlib.contextmanager
def _ended_in_order(common: Common) -> Iterator[None]:
    """Have SIGTERM end a command as Ctrl-C does, with what was finished kept."""

    def end(*_: object) -> None:
        common.terminated = True
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # only that one gets signals
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _explain(error: Exception, common: Common, code: int) -> int:
    if common.debug or os.environ.get("ASSISTANT_DEBUG"):
        traceback.print_exception(error)
    elif isinstance(error, AssistantError):
        _complain(f"Error: {line(str(error))}")
    else:
        what = f"{type(error).__name__}: {line(str(error))}".removesuffix(": ")
        _complain(f"Error: {what} (unexpected; `assistant --debug …` shows where it came from)")
    return code


def _complain(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stderr.write(f"{text}\n")
