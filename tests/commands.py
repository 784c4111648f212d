"""The command line in processes of their own, with an encoder that costs nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
BESIDES = """
import sys, time
import assistant.assistant as facade, assistant.collection
def _fake(*_):
    from tests.fakes import FakeEncoder
    return FakeEncoder()
assistant.collection.load_encoder = _fake
{extra}
from assistant.cli import main
sys.exit(main(sys.argv[1:]))
"""


def start(arguments: Sequence[str], extra: str = "", **options: Any) -> subprocess.Popen[str]:
    """Start a command, after some ``extra`` lines of Python; its output goes into pipes."""
    command = [sys.executable, "-c", BESIDES.format(extra=extra), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(command, text=True, env=environment, **pipes)
