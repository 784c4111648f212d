"""CSV and TSV: a table with a question and its answer in each row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from eval.errors import QuestionSetError
from eval.formats import fields
from eval.formats.checks import check_documents, collected
from eval.formats.fields import Fault, at
from eval.formats.ours import beside
from eval.formats.reading import read_text
from eval.questions import Gold, Question, QuestionSet

_DELIMITERS = ",;\t|"
_COLUMNS = ("id", "question", "answer", "answers", "document", "page", "pages", "answerable")
_KINDS = ("kind", "type")
_BETWEEN_ANSWERS = " | "
_PAGE = re.compile("0*[1-9][0-9]{0,8}")
_TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read(path: Path, documents: Path | None) -> QuestionSet:
    """Read a table; ``documents`` stands in for the folder of that name beside it.

    Columns are ``question`` and ``answer`` or ``answers`` (a JSON list, or
    texts with " | " between), and if wanted ``id``, ``document``, ``pages``,
    ``answerable`` and ``kind``. Raises :class:`QuestionSetError`, naming line and fault.
    """
    documents = documents or beside(path)
    questions = collected(path, _questions(path))
    check_documents(path, questions, documents)
    return QuestionSet(path.stem, path, documents, questions)


def _questions(path: Path) -> Iterator[tuple[str, Question]]:
    rows = _rows(path)
    place, header = next(rows, (f"{path}, line 1", []))
    with at(place):
        columns = _columns(header)
    for number, (place, cells) in enumerate(rows, start=1):
        with at(place):
            if any(cells[len(header) :]):
                raise Fault(
                    f"it has {len(cells)} cells, the header has {len(header)}. "
                    "Put quotation marks around a cell that holds the delimiter."
                )
            row = {name: cells[i] for name, i in columns.items() if i < len(cells)}
            question = _question(row, number)
        yield place, question


def _rows(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield the place and the cells of each row that is not blank; the header comes first."""
    text = read_text(path)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        place = f"{path}, line {reader.line_num + 1}"
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise QuestionSetError(
                f"{place}: a row that can't be read ({error}). Mend its quotation marks: "
                "one inside a quoted cell is written twice."
            ) from None
        if any(cells):
            yield place, cells


def _delimiter(text: str) -> str:
    """Return the delimiter that makes the header hold a question column.

    The guess of :class:`csv.Sniffer` is not used: it takes letters that come often for one.
    """
    header = text.lstrip().splitlines()[0]
    for delimiter in _DELIMITERS:
        if "question" in (_heading(cell.strip(' "')) for cell in header.split(delimiter)):
            return delimiter
    return max(_DELIMITERS, key=header.count)


def _heading(cell: str) -> str:
    return cell.strip().casefold()


def _columns(header: list[str]) -> dict[str, int]:
    """Return the position of each known column."""
    names = [_heading(cell) for cell in header]
    columns: dict[str, int] = {}
    for name in (*_COLUMNS, *_KINDS):
        if names.count(name) > 1:
            raise Fault(f"the column {name!r} is there twice. Rename one of them.")
        if name in names:
            columns[name] = names.index(name)
    if "question" not in columns or not {"answer", "answers"} & columns.keys():
        raise Fault(
            "columns named question and answer are needed; there are: "
            f"{', '.join(filter(None, header)) or 'none'}. Rename them in the first line."
        )
    return columns


def _question(row: dict[str, str], number: int) -> Question:
    text = fields.text(row.get("question", ""), "question")
    answers = _answers(row)
    answerable = _answerable(row.get("answerable", ""))
    gold = _gold(row)
    if answerable is None and not answers and not gold:
        raise Fault("it has no answer. Fill it in, or write no in a column answerable.")
    if answerable is False and any(one.pages for one in gold):
        raise Fault("it is not answerable, but pages are given. Take one of them out.")
    return Question(
        id=fields.text(row["id"], "id") if "id" in row else str(number),
        text=text,
        answerable=answerable is not False,
        answers=answers,
        gold=() if answerable is False else gold,
        kind=row.get("kind") or row.get("type") or "",
    )


def _answers(row: dict[str, str]) -> tuple[str, ...]:
    several = row.get("answers", "")
    if several.startswith("["):
        listed = fields.texts({"answers": fields.parsed(several)}, "answers")
    else:
        listed = tuple(several.split(_BETWEEN_ANSWERS))
    found = (*row.get("answer", "").split(_BETWEEN_ANSWERS), *listed)
    return tuple(dict.fromkeys(answer.strip() for answer in found if answer.strip()))


def _answerable(cell: str) -> bool | None:
    """Return what a cell says, or None where it says nothing."""
    if not cell:
        return None
    if cell.casefold() not in _TRUTHS:
        raise Fault(f"answerable is {fields.shown(cell)}. Write yes or no.")
    return _TRUTHS[cell.casefold()]


def _gold(row: dict[str, str]) -> tuple[Gold, ...]:
    cells = (row.get("page", ""), row.get("pages", ""))
    given = [part.strip() for cell in cells if cell for part in re.split("[;,]", cell)]
    pages = tuple(dict.fromkeys(_page(part) for part in given))
    document = row.get("document", "")
    if pages and not document:
        raise Fault("pages are given, but no document. Name it.")
    return (Gold(document, pages=pages),) if document else ()


def _page(cell: str) -> int:
    if not _PAGE.fullmatch(cell):
        raise Fault(f"a page is {fields.shown(cell)}. Write pages from 1 up, as 3 or 3;5.")
    return int(cell)
