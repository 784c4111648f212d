"""A file of a question set → its text or its lines, with the line of whatever can't be read."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.errors import QuestionSetError
from eval.formats.fields import Fault, at, mapping, parsed


def read_text(path: Path) -> str:
    """Return a whole file as text; raises :class:`QuestionSetError` for one that is no UTF-8."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise QuestionSetError(
            f"{path}, line {line}: it is not UTF-8 (byte {data[error.start]:#04x}). "
            "Save the file as UTF-8."
        ) from None
    if not text.strip():
        raise QuestionSetError(f"{path} is empty. Put the questions in it.")
    return text


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the place ("FILE, line 3") and the text of each line that is not blank.

    The file is never held whole. Raises :class:`QuestionSetError` for a line that is no UTF-8.
    """
    with path.open("rb") as file:
        for number, data in enumerate(file, start=1):
            place = f"{path}, line {number}"
            with at(place):
                line = _decoded(data.removeprefix(codecs.BOM_UTF8) if number == 1 else data)
            if line.strip():
                yield place, line.rstrip("\r\n")


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the place and the JSON object of each line that is not blank."""
    for place, line in read_lines(path):
        with at(place):
            row = mapping(parsed(line), "the line")
        yield place, row


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fault(
            f"it is not UTF-8 (byte {data[error.start]:#04x}). Save the file as UTF-8."
        ) from None
