"""Saved answers → their citations: JSON as ``assistant ask --json`` writes it, one or many.

A conversation that was saved as JSON holds its answers in ``exchanges``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from assistant.errors import LoadError
from assistant.types import Citation


def read_citations(file: Path) -> list[Citation]:
    """Return the citations of the answers in a file: an object, a list, or an object a line.

    Raises :class:`LoadError`, which names what can't be read.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise LoadError(f"{file} can't be read: {reason}. Check its name.") from error
    try:
        return [*TypeAdapter(list[Citation]).validate_python(list(_citations(_parsed(text))))]
    except (json.JSONDecodeError, RecursionError) as error:
        raise LoadError(
            f"{file} is no JSON: {error}. Save answers with `assistant ask --json`."
        ) from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = ".".join(map(str, fault["loc"]))
        raise LoadError(f"{file} holds no saved answers: {place}: {fault['msg']}.") from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [json.loads(line) for line in lines]


def _citations(value: Any) -> Iterator[Any]:
    """Yield the citations in an answer, in a conversation, or in any list of them."""
    if isinstance(value, list):
        for one in value:
            yield from _citations(one)
    elif isinstance(value, dict) and "exchanges" in value:
        yield from _citations(value["exchanges"])
    elif isinstance(value, dict) and "answer" in value:
        if value["answer"] is not None:  # what failed has none
            yield from _citations(value["answer"])
    elif isinstance(value, dict) and "citations" in value:
        yield from _citations(value["citations"])
    else:
        yield value  # a citation by itself, or what is complained about as none
