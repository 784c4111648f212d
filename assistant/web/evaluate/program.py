"""The evaluation as a program beside this one: whether it is here, and how it is called."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from assistant import resources
from assistant.errors import StoreError
from assistant.settings import Settings
from assistant.web.language import say

_NEEDS = ("ir_measures", "jinja2", "matplotlib", "scipy", "sklearn")
_INSTALL = "pip install -e '.[eval]' -c constraints.txt"
_ERROR = "Error: "
_COMPARING_SECONDS = 300


def folder() -> Path | None:
    """Return the folder of the evaluation, or None where this program came without it."""
    top = resources.checkout()
    found = top / "eval" if top else None
    return found if found and (found / "runs.py").is_file() else None


def missing() -> str:
    """Return in a sentence what is to be installed, or nothing where all is there."""
    if folder() is None:
        return say(
            "The evaluation comes with this program’s source: get a checkout, and run {command}"
            " in it.",
            command=_INSTALL,
        )
    lacking = [name for name in _NEEDS if find_spec(name) is None]
    if lacking:
        return say(
            "The evaluation needs packages that are not installed ({packages}): run {command} in"
            " this program’s folder, and start the page again.",
            packages=", ".join(lacking),
            command=_INSTALL,
        )
    return ""


def command(*arguments: str | Path) -> list[str]:
    """Return the command line of the evaluation."""
    return [sys.executable, "-m", "eval", *map(str, arguments)]


def environment(settings: Settings, **other: str | Path) -> dict[str, str]:
    """Return the environment in which it has the page's own settings, but for some."""
    values = {name: getattr(settings, name) for name in Settings.model_fields} | other
    said = {
        f"ASSISTANT_{name.upper()}": (
            value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        )
        for name, value in values.items()
        if value is not None
    }
    importable = os.pathsep.join(filter(None, (str(resources.checkout() or ""), *sys.path)))
    return {**os.environ, "PYTHONPATH": importable, **said}


def compared(before: Path, after: Path, settings: Settings) -> Any:
    """Have two runs compared; returns what JSON said, and raises :class:`StoreError` otherwise."""
    try:
        done = subprocess.run(  # noqa: S603 - this Python, and folders of runs that were listed
            command("compare", before, after, "--json"),
            capture_output=True,
            env=environment(settings),
            check=False,
            timeout=_COMPARING_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise StoreError("The comparison took too long. Compare smaller runs.") from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").splitlines()
        raise StoreError(complaint(lines) or "The runs could not be compared.")
    return json.loads(done.stdout)


def complaint(lines: list[str]) -> str:
    """Return what the evaluation says went wrong, among what it said, or its last word."""
    said = [line.removeprefix(_ERROR) for line in lines if line.startswith(_ERROR)]
    return (said or lines or [""])[-1].strip()
