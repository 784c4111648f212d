"""Question sets as values: questions, what counts as their answer, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from assistant.types import Span, Turn

RUNS = Path(__file__).parent / "runs"
"""Where runs go, and what is made of question sets in other formats."""


@dataclass(frozen=True, slots=True)
class Gold:
    """Where an answer stands: a document, and the spans or the pages (from 1) in it.

    With neither, the whole document counts. ``grade`` says how relevant it is,
    from 1, where the set knows degrees.
    """

    document: str
    spans: tuple[Span, ...] = ()
    pages: tuple[int, ...] = ()
    grade: int = 1


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what counts as its answer.

    ``answers`` are accepted texts; ``gold`` is empty where the documents hold
    no answer, or where nobody said where it stands; ``history`` has the
    earlier turns of a follow-up; ``kind`` groups questions in a report.
    """

    id: str
    text: str
    answerable: bool
    answers: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    history: tuple[Turn, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the folder of documents they are about.

    ``documents`` is None where the set comes without any, to be asked of an
    index that is there already. ``source`` is the file or folder it was read from.
    """

    name: str
    source: Path
    documents: Path | None
    questions: tuple[Question, ...]
