"""What answers, and what is sent where, in one sentence."""

from __future__ import annotations

import ipaddress
import os
from urllib.parse import urlsplit

from assistant.models import without_login
from assistant.settings import Settings
from assistant.web.language import say


def about(settings: Settings) -> str:
    """Return who writes the answers and what leaves the machine for it."""
    if not settings.model:
        return say(
            "Answers are the documents’ own sentences, without a language model. "
            "Nothing leaves this machine."
        )
    host, model = _host(settings), settings.model
    if host is not None and is_loopback(host):
        return say(
            "Answers are written by {model} on this machine. Nothing leaves it.", model=model
        )
    return say(
        "Answers are written by {model}. Questions, earlier turns and the passages found are sent"
        " to {host}; everything else stays on this machine.",
        model=model,
        host=host or model.partition(":")[0],
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
    host = urlsplit(address if "//" in address else f"//{address}").hostname
    return host or without_login(address)
