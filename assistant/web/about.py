"""What answers, and what is sent where, in one sentence."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from assistant.settings import Settings


def about(settings: Settings) -> str:
    """Return who writes the answers and what leaves the machine for it."""
    if not settings.model:
        return (
            "Answers are the documents’ own sentences, without a language model. "
            "Nothing leaves this machine."
        )
    where = _host(settings)
    if where is not None and is_loopback(where):
        return f"Answers are written by {settings.model} on this machine. Nothing leaves it."
    to = where or settings.model.partition(":")[0]
    return (
        f"Answers are written by {settings.model}. Questions, earlier turns and the passages found"
        f" are sent to {to}; everything else stays on this machine."
    )


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this very machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _host(settings: Settings) -> str | None:
    """Return the host the language model is asked at, or None where its provider decides."""
    address = settings.base_url
    if not address and settings.model.startswith("ollama:"):
        address = os.environ.get("OLLAMA_HOST") or "127.0.0.1"
    if not address:
        return None
    return urlsplit(address if "//" in address else f"//{address}").hostname or address
