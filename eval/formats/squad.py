"""SQuAD 1.1 and 2.0: one JSON file of articles, their paragraphs, and questions on each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.types import Span
from eval.formats import fields
from eval.formats.checks import collected
from eval.formats.fields import Fault, at
from eval.formats.reading import read_text
from eval.formats.written import DOCUMENTS, cleaned, folder_for, names_of_titles
from eval.questions import Gold, Question, QuestionSet

ADVERSARIAL = "adversarial"
"""The kind of the questions of SQuAD 2.0 that were written to look answerable."""
_BETWEEN = "\n\n"


def read(path: Path, work: Path) -> QuestionSet:
    """Read a file; each article becomes a document of its paragraphs, with blank lines between.

    The documents are written below ``work``. Raises :class:`QuestionSetError`,
    naming article, paragraph, question and fault.
    """
    with at(str(path)):
        articles = _articles(fields.parsed(read_text(path)))
    titles = [_title(path, number, article) for number, article in enumerate(articles, start=1)]
    names = names_of_titles(titles)
    places = [f"{path}, article {n} ({title!r})" for n, title in enumerate(titles, start=1)]
    texts: dict[str, str] = {}
    placed: list[tuple[str, Question]] = []
    for place, name, article in zip(places, names, articles, strict=True):
        texts[name], asked = _article(place, name, article)
        placed += asked
    questions = collected(path, placed)

    def write(folder: Path) -> None:
        for name, text in texts.items():
            if text.strip():
                (folder / DOCUMENTS / name).write_bytes(text.encode("utf-8"))

    documents = folder_for(work, path.stem, path, write) / DOCUMENTS
    return QuestionSet(path.stem, path, documents, questions)


def _articles(value: object) -> list[Any]:
    content = fields.mapping(value, "the whole")
    fields.required(content, "data")
    return fields.sequence(content, "data")


def _title(path: Path, number: int, article: object) -> str:
    with at(f"{path}, article {number}"):
        title = fields.mapping(article, "it").get("title") or ""
        return fields.string(title, '"title"') or f"article-{number}"


def _article(
    place: str, name: str, article: dict[str, Any]
) -> tuple[str, list[tuple[str, Question]]]:
    """Return the text of an article's document, and its questions with their places."""
    with at(place):
        paragraphs = fields.sequence(article, "paragraphs")
    parts: list[str] = []
    questions: list[tuple[str, Question]] = []
    offset = 0
    for number, paragraph in enumerate(paragraphs, start=1):
        here = f"{place}, paragraph {number}"
        with at(here):
            row = fields.mapping(paragraph, "it")
            context = fields.string(fields.required(row, "context"), '"context"')
            asked = fields.sequence(row, "qas")
        questions += _questions(here, asked, context, name, offset)
        parts.append(cleaned(context))
        offset += len(parts[-1]) + len(_BETWEEN)
    return _BETWEEN.join(parts), questions


def _questions(
    place: str, asked: list[Any], context: str, name: str, offset: int
) -> Iterator[tuple[str, Question]]:
    for number, value in enumerate(asked, start=1):
        with at(f"{place}, question {number}"):
            row = fields.mapping(value, "it")
            id_ = fields.identifier(row, "id")
        here = f"{place}, question {id_!r}"
        with at(here):
            question = _question(id_, row, context, name, offset)
        yield here, question


def _question(id_: str, row: dict[str, Any], context: str, name: str, offset: int) -> Question:
    text = fields.text(fields.required(row, "question"), '"question"').strip()
    answers = [fields.mapping(answer, "an answer") for answer in fields.sequence(row, "answers")]
    if fields.truth(row.get("is_impossible", False), '"is_impossible"'):
        # Its "plausible_answers" are the wrong ones that it tempts to.
        if answers:
            raise Fault('"is_impossible" is true, but "answers" are given. Take one of them out.')
        return Question(id_, text, answerable=False, kind=ADVERSARIAL)
    if not answers:
        raise Fault('it has no answers. Add one, or set "is_impossible" to true.')
    found = sorted({_span(answer, context) for answer in answers})
    gold = Gold(name, tuple(Span(start + offset, end + offset) for start, end in found))
    accepted = dict.fromkeys(cleaned(answer["text"]) for answer in answers)
    return Question(id_, text, answerable=True, answers=tuple(accepted), gold=(gold,))


def _span(answer: dict[str, Any], context: str) -> Span:
    """Return where an answer stands in the cleaned paragraph."""
    text = fields.string(fields.required(answer, "text"), "the text of an answer")
    start = fields.whole(fields.required(answer, "answer_start"), '"answer_start"', 0)
    there = context[start : start + len(text)]
    if there != text:
        raise Fault(
            f'"answer_start" {start} does not match the answer {fields.shown(text)}: '
            f"the paragraph has {fields.shown(there)} there. "
            "Mend the offset, which counts characters from 0."
        )
    if not cleaned(text).strip():
        raise Fault("the text of an answer is empty. Fill it in.")
    # Counted back from its end, it is whole also where it begins inside a "\r\n".
    end = len(cleaned(context[: start + len(text)]))
    return Span(end - len(cleaned(text)), end)
