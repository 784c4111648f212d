"""A question set: a folder with ``documents/`` and ``questions.jsonl``, one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.types import Span, Turn

SETS = Path(__file__).parent / "sets"


class QuestionSetError(AssistantError):
    """A question set can't be read."""


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the answer stands: a document, and the spans or the pages (from 1) in it."""

    document: str
    spans: tuple[Span, ...]
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what counts as its answer.

    ``answers`` are accepted texts; ``gold`` is empty where the documents hold
    no answer; ``history`` has the earlier turns of a follow-up.
    """

    id: str
    text: str
    answerable: bool
    answers: tuple[str, ...]
    gold: tuple[Gold, ...]
    history: tuple[Turn, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A named folder of documents and the questions about them."""

    name: str
    documents: Path
    questions: tuple[Question, ...]


def load_set(name_or_path: str | Path) -> QuestionSet:
    """Load a set by path, or by the name of one that comes with the program.

    Raises :class:`QuestionSetError`, naming the file, the line and the fault.
    """
    folder = Path(name_or_path)
    if not folder.is_dir():
        folder = SETS / folder
    path = folder / "questions.jsonl"
    if not path.is_file() or not (folder / "documents").is_dir():
        raise QuestionSetError(
            f"There is no question set {str(name_or_path)!r}: a folder with documents/ and "
            "questions.jsonl is needed."
        )
    return QuestionSet(folder.resolve().name, folder / "documents", tuple(_questions(path)))


def _questions(path: Path) -> Iterator[Question]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield _question(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                fault = f"lacks {error}" if isinstance(error, KeyError) else str(error)
                raise QuestionSetError(f"{path}, line {number}: {fault}. Mend that line.") from None


def _question(row: dict[str, Any]) -> Question:
    answerable = bool(row["answerable"])
    places = [row, *row.get("also", ())] if answerable else []
    return Question(
        id=str(row["id"]),
        text=str(row["question"]),
        answerable=answerable,
        answers=tuple(row.get("answers") or ()),
        gold=tuple(
            Gold(
                place["document"],
                tuple(Span(*span) for span in place.get("spans") or ()),
                tuple(place.get("pages") or ()),
            )
            for place in places
        ),
        history=tuple(Turn(turn["role"], turn["text"]) for turn in row.get("history") or ()),
        kind=str(row.get("kind", "")),
    )
