"""How much is done at once, for the page and for programs alike; the rest waits its turn."""

from __future__ import annotations

from typing import Any

from assistant.tools import AT_ONCE

ASK: dict[str, Any] = {"concurrency_limit": AT_ONCE, "concurrency_id": "ask"}
WRITE: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "write"}
WATCH: dict[str, Any] = {"concurrency_limit": 32, "concurrency_id": "watch"}
"""Work on documents is watched by many; it is done one after another all the same."""
