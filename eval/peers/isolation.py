"""Keeps a worker to itself: no settings of the user's, no telemetry, nothing off the machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
WARM_UP = "Which models are loaded before the first question?"
"""Asked before anything is measured."""
_FOREIGN = ("ASSISTANT_", "CHROMA_", "LANGCHAIN_", "LANGSMITH_", "LLAMA_", "NLTK_", "TIKTOKEN_")
_QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "PYTHONWARNINGS": "ignore",
}


def environment(given: Mapping[str, str], work: Path) -> dict[str, str]:
    """Return an environment for a worker whose temporary files belong into a folder.

    What would change a library's defaults is left out of the one given.
    """
    kept = {name: value for name, value in given.items() if not name.startswith(_FOREIGN)}
    folders = dict.fromkeys(("TMPDIR", "TEMP", "TMP", "LLAMA_INDEX_CACHE_DIR"), str(work))
    # The worker runs in a folder of its own, from where `eval` could not be imported.
    return kept | _QUIET | folders | {"PYTHONPATH": str(CHECKOUT)}


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse to look up or call any other machine: an audit hook, see :func:`sys.addaudithook`.

    Raises ``PermissionError``, an ``OSError`` as for a network that is down.
    """
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if host and not _is_loopback(host.decode() if isinstance(host, bytes) else str(host)):
        raise PermissionError(f"A pipeline tried to reach {host}. Nothing may leave the machine.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
