"""What holds for the questions of every format: there are some, ids are unique, gold is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from assistant.loading import find_files
from eval.errors import QuestionSetError
from eval.questions import Question

_MOST_NAMED = 3


def collected(source: Path, placed: Iterable[tuple[str, Question]]) -> tuple[Question, ...]:
    """Return questions, each given with its place in the file, in their order.

    Raises :class:`QuestionSetError` where an id comes twice, or there are no questions.
    """
    places: dict[str, str] = {}
    questions: list[Question] = []
    for place, question in placed:
        if question.id in places:
            raise QuestionSetError(
                f"{place}: the id {question.id!r} is taken by {places[question.id]}. "
                "Give each question its own."
            )
        places[question.id] = place
        questions.append(question)
    if not questions:
        raise QuestionSetError(f"{source} holds no questions. Put at least one in it.")
    return tuple(questions)


def check_documents(source: Path, questions: Sequence[Question], documents: Path | None) -> None:
    """Raise :class:`QuestionSetError` where a gold document is not in the folder.

    Documents are named by their paths from the folder, as the index names them.
    """
    if documents is None:
        return
    if not documents.is_dir():
        raise QuestionSetError(f"{documents} is no folder of documents. Check the path.")
    names = {name for _, name in find_files([documents]).files}
    if not names:
        raise QuestionSetError(f"{documents} holds no documents. Put some in it.")
    golden = (gold.document for question in questions for gold in question.gold)
    missing = [name for name in dict.fromkeys(golden) if name not in names]
    if missing:
        raise QuestionSetError(
            f"{source} names documents that are not in {documents}: {listed(missing)}. "
            "Add them, or mend their names."
        )


def listed(names: Sequence[str]) -> str:
    """Return names for a message: the first three, and how many more there are."""
    first = ", ".join(repr(name) for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{first} and {more:,} more" if more > 0 else first
