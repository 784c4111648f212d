"""A value out of a question set → the type it has to have, or the fault it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eval.errors import QuestionSetError

_LONGEST_SHOWN = 60


class Fault(Exception):
    """What is wrong with a value and what to do about it; :func:`at` adds where it stands."""


@contextmanager
def at(place: str) -> Iterator[None]:
    """Raise a fault met inside as :class:`QuestionSetError`, with the place it was met at."""
    try:
        yield
    except Fault as fault:
        raise QuestionSetError(f"{place}: {fault}") from None


def shown(value: object) -> str:
    """Return a value as a message can show it: as JSON, or what it is, and not too long."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    said = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
    return said if len(said) <= _LONGEST_SHOWN else f"{said[:_LONGEST_SHOWN]}…"


def parsed(text: str) -> Any:
    """Parse JSON; raises :class:`Fault` with what is wrong with it."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        # A file on many lines needs the line inside the JSON, one of many values its own only.
        line = f"line {error.lineno}, " if "\n" in text.strip() else ""
        raise Fault(f"{line}column {error.colno}: no JSON ({error.msg}). Mend it there.") from None
    except (ValueError, RecursionError) as error:
        raise Fault(f"JSON that can't be read ({error}). Mend it.") from None


def mapping(value: object, what: str) -> dict[str, Any]:
    """Return a value that has to be an object."""
    if not isinstance(value, dict):
        raise Fault(f"{what} is {shown(value)}, not an object. Write it as {{…}}.")
    return value


def sequence(row: dict[str, Any], key: str) -> list[Any]:
    """Return the list under a key; none is an empty one."""
    value = row.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Fault(f'"{key}" is {shown(value)}, not a list. Write it as […].')
    return value


def required(row: dict[str, Any], key: str) -> Any:
    """Return the value under a key that has to be there."""
    if key not in row:
        raise Fault(f'"{key}" is missing. Add it.')
    return row[key]


def string(value: object, what: str) -> str:
    """Return a value that has to be a text, exactly as it is."""
    if not isinstance(value, str):
        raise Fault(f"{what} is {shown(value)}, not a text. Put it in quotation marks.")
    return value


def text(value: object, what: str) -> str:
    """Return a value that has to be a text and not a blank one; what can't be stored is replaced.

    Half a surrogate pair, which JSON can spell, becomes a question mark.
    """
    found = string(value, what)
    if not found.strip():
        raise Fault(f"{what} is empty. Fill it in.")
    return found.encode("utf-8", "replace").decode("utf-8")


def texts(row: dict[str, Any], key: str) -> tuple[str, ...]:
    """Return the texts of the list under a key, each once."""
    found = (text(value, f'a text in "{key}"') for value in sequence(row, key))
    return tuple(dict.fromkeys(found))


def identifier(row: dict[str, Any], key: str) -> str:
    """Return the id under a key; a whole number counts as its digits."""
    value = required(row, key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value, f'"{key}"')


def truth(value: object, what: str) -> bool:
    """Return a value that has to be true or false."""
    if not isinstance(value, bool):
        raise Fault(f"{what} is {shown(value)}. Write true or false, without quotation marks.")
    return value


def whole(value: object, what: str, least: int) -> int:
    """Return a value that has to be a whole number, ``least`` or more."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Fault(f"{what} is {shown(value)}. Write a whole number from {least} up.")
    return value
