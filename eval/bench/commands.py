"""Our own modules, run as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.errors import RunError
from eval.peers.isolation import environment


def python(arguments: Sequence[str], folder: Path) -> str:
    """Run Python with these arguments in a folder, and return what it wrote.

    None of the user's settings reach it. Raises :class:`RunError` with its last
    complaint where it fails.
    """
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, *arguments],
        env=environment(os.environ, folder),
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise RunError(f"`python {' '.join(arguments[:3])} …` failed: {last}")
    return done.stdout
