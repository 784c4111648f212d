"""Our own format: ``questions.jsonl``, one object a line, and a folder ``documents`` beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from assistant.types import Span, Turn
from eval.formats import fields
from eval.formats.checks import check_documents, collected
from eval.formats.fields import Fault, at
from eval.formats.reading import read_objects
from eval.questions import Gold, Question, QuestionSet

QUESTIONS = "questions.jsonl"
DOCUMENTS = "documents"


def read(path: Path, documents: Path | None) -> QuestionSet:
    """Read a file of questions; ``documents`` stands in for the folder beside it.

    Raises :class:`QuestionSetError`, naming the line and the fault.
    """
    documents = documents or beside(path)
    questions = collected(path, _questions(path))
    check_documents(path, questions, documents)
    name = path.parent.resolve().name if path.name == QUESTIONS else path.stem
    return QuestionSet(name, path, documents, questions)


def beside(path: Path) -> Path | None:
    """Return the folder of documents beside a file of questions, where there is one."""
    folder = path.parent / DOCUMENTS
    return folder if folder.is_dir() else None


def _questions(path: Path) -> Iterator[tuple[str, Question]]:
    for place, row in read_objects(path):
        with at(place):
            question = _question(row)
        yield place, question


def _question(row: dict[str, Any]) -> Question:
    answerable = fields.truth(fields.required(row, "answerable"), '"answerable"')
    also = [fields.mapping(place, 'a place in "also"') for place in fields.sequence(row, "also")]
    gold = tuple(one for place in (row, *also) if (one := _gold(place)))
    if not answerable:
        # Such a question may name the document it is about, but nothing in it is an answer.
        if also or any(one.spans or one.pages for one in gold):
            raise Fault(
                '"answerable" is false, but gold evidence is given. '
                'Set it to true, or take "spans", "pages" and "also" out.'
            )
        gold = ()
    return Question(
        id=fields.identifier(row, "id"),
        text=fields.text(fields.required(row, "question"), '"question"').strip(),
        answerable=answerable,
        answers=fields.texts(row, "answers"),
        gold=gold,
        history=tuple(_turn(turn) for turn in fields.sequence(row, "history")),
        kind=_kind(row),
    )


def _gold(place: dict[str, Any]) -> Gold | None:
    spans = tuple(_span(span) for span in fields.sequence(place, "spans"))
    pages = tuple(fields.whole(page, "a page", 1) for page in fields.sequence(place, "pages"))
    if place.get("document") is None:
        if spans or pages:
            raise Fault('"document" is missing, though spans or pages are given. Name it.')
        return None
    return Gold(fields.text(place["document"], '"document"'), spans, pages)


def _span(value: object) -> Span:
    if not isinstance(value, list) or len(value) != 2:
        raise Fault(f"a span is {fields.shown(value)}. Write it as [start, end].")
    start, end = (fields.whole(offset, "an offset of a span", 0) for offset in value)
    if start >= end:
        raise Fault(f"the span [{start}, {end}] is empty or backwards. Mend its offsets.")
    return Span(start, end)


def _turn(value: object) -> Turn:
    turn = fields.mapping(value, 'a turn in "history"')
    said = fields.text(fields.required(turn, "text"), '"text" of a turn')
    role = fields.required(turn, "role")
    roles: tuple[Literal["user", "assistant"], ...] = ("user", "assistant")
    for known in roles:
        if role == known:
            return Turn(known, said)
    raise Fault(f'"role" is {fields.shown(role)}. Write "user" or "assistant".')


def _kind(row: dict[str, Any]) -> str:
    # Sets that came from elsewhere call it their type.
    kind = row.get("kind") or row.get("type") or ""
    return fields.text(kind, '"kind"') if kind else ""
