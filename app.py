"""Builds the chat page from the settings and launches it; nothing else."""

from __future__ import annotations

import logging

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.web import launch

if __name__ == "__main__":
    logging.basicConfig(format="%(message)s")
    log = logging.getLogger("assistant")
    log.setLevel(logging.INFO)
    try:
        launch(Settings.load(), samples=True, announce=log.info)
    except AssistantError as error:
        raise SystemExit(str(error)) from None
