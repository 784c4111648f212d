"""JSON → a line a record: its fields by their names, nested ones by their path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from assistant.errors import CorruptDocument
from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.plain import decode
from assistant.places import Receipt, Unit

_LONGEST_PATH = 200
"""It is said with each value below it."""


def read_json(data: bytes) -> Extracted:
    """Read one value: the items of a list are its records, as are those of lists at its top."""
    try:
        value = _parsed(decode(data))
    except ValueError as error:
        raise CorruptDocument(f"it is no JSON: {error}. Mend it, or name it .txt.") from error
    blocks = Blocks()
    if isinstance(value, dict):
        for key, item in value.items():
            _add_field(blocks, key, item)
        return blocks.extracted("")
    items = value if isinstance(value, list) else [value]
    _add_records(blocks, items)
    return blocks.extracted("", Receipt(Unit.RECORD, len(items)))


def read_json_lines(data: bytes) -> Extracted:
    """Read a value a line; lines that are no JSON are left out, and counted."""
    lines = decode(data).split("\n")
    texts: list[tuple[int, str]] = []
    unread = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            texts.append((number, _line(_parsed(line))))
        except (ValueError, RecursionError):
            unread.append(number)
    if not texts:
        raise CorruptDocument("none of its lines is JSON. Mend it, or name it .txt.")
    blocks = Blocks()
    blocks.add_numbered(texts, Unit.RECORD)
    receipt = Receipt(Unit.RECORD, len(texts) + len(unread), unread=tuple(unread))
    return blocks.extracted("", receipt)


def _parsed(text: str) -> Any:
    # Figures stay as they are written.
    return json.loads(text, parse_float=str, parse_int=str)


def _add_field(blocks: Blocks, key: str, item: Any) -> None:
    """Add a field of the top: a list of objects as records under a heading, else a line."""
    if isinstance(item, list) and any(isinstance(one, dict) for one in item):
        blocks.add(key, level=1)
        _add_records(blocks, item)
    else:
        blocks.add(_line({key: item}))


def _add_records(blocks: Blocks, items: list[Any]) -> None:
    blocks.add_numbered(
        ((number, _line(item)) for number, item in enumerate(items, start=1)), Unit.RECORD
    )


def _line(value: Any) -> str:
    return " | ".join(_flat(value, ""))


def _flat(value: Any, path: str) -> Iterator[str]:
    """Yield the plain values inside a value, each behind its path, or the end of a long one."""
    if len(path) > _LONGEST_PATH:
        path = f"…{path[-_LONGEST_PATH:]}"
    if isinstance(value, dict):
        for key, item in value.items():
            if len(key) > _LONGEST_PATH:
                yield _plain(key)
            yield from _flat(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _flat(item, f"{path}[{number}]")
    else:
        text = ", ".join(map(_plain, value)) if isinstance(value, list) else _plain(value)
        if text:
            yield f"{path}: {text}" if path else text


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
