"""BEIR: a folder with a corpus, queries, and judgements of which document is relevant to which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from eval.errors import QuestionSetError
from eval.formats import fields
from eval.formats.checks import collected, listed
from eval.formats.fields import Fault, at
from eval.formats.reading import read_lines, read_objects
from eval.formats.written import DOCUMENTS, cleaned, folder_for, name_of_id
from eval.questions import Gold, Question, QuestionSet

CORPUS = "corpus.jsonl"
QUERIES = "queries.jsonl"
_JUDGEMENTS = "qrels"
_USUAL_SPLIT = "test"
_LEFT_OUT = "left-out.txt"
_SCORE = re.compile("-?[0-9]{1,9}")

Judged: TypeAlias = dict[str, dict[str, int]]
"""Of each query's id, the ids of the documents judged, each with its score."""


def read(folder: Path, split: str, work: Path) -> QuestionSet:
    """Read the queries that have a relevant document in a split of the judgements.

    Without a split it is "test", or else the only one. Each entry of the
    corpus becomes a document below ``work``; the corpus is never held whole.
    An entry without text is left out, and so is a query for which nothing
    else is relevant. Raises :class:`QuestionSetError`, naming file and line.
    """
    for name in (CORPUS, QUERIES):
        if not (folder / name).is_file():
            raise QuestionSetError(f"{folder} lacks {name}, which a BEIR folder has. Add it.")
    judgements = _split(folder, split)
    judged = _judged(judgements)
    name = folder.resolve().name
    corpus = folder / CORPUS
    made = folder_for(work, name, corpus, lambda new: _write(corpus, new))
    relevant = _relevant(judgements, judged, made)
    asked = collected(judgements, _queries(folder / QUERIES, relevant))
    if len(asked) < len(relevant):
        missing = relevant.keys() - {question.id for question in asked}
        raise QuestionSetError(
            f"{judgements} judges queries that are not in {QUERIES}: {listed(sorted(missing))}. "
            "Add them there, or take their lines out."
        )
    return QuestionSet(f"{name}-{split}" if split else name, folder, made / DOCUMENTS, asked)


def _split(folder: Path, split: str) -> Path:
    splits = {path.stem: path for path in sorted((folder / _JUDGEMENTS).glob("*.tsv"))}
    chosen = split or (_USUAL_SPLIT if _USUAL_SPLIT in splits else "")
    if chosen in splits:
        return splits[chosen]
    if not splits:
        raise QuestionSetError(f"{folder / _JUDGEMENTS} holds no .tsv file. Add test.tsv.")
    if not chosen and len(splits) == 1:
        return next(iter(splits.values()))
    fault = f"no split {split!r}" if split else "several splits, and none is called test"
    raise QuestionSetError(
        f"{folder} has {fault}. Choose with {folder}#{next(iter(splits))}; "
        f"there are: {', '.join(splits)}."
    )


def _judged(path: Path) -> Judged:
    judged: Judged = {}
    for number, (place, line) in enumerate(read_lines(path)):
        with at(place):
            query, document, score = _judgement(line, header=number == 0)
            if number == 0:
                continue
            scores = judged.setdefault(query, {})
            if scores.setdefault(document, int(score)) != int(score):
                raise Fault(
                    f"{document!r} was judged otherwise for query {query!r} before. "
                    "Take one of the two lines out."
                )
    if not judged:
        raise QuestionSetError(f"{path} holds no judgements. Add some below its header line.")
    return judged


def _judgement(line: str, *, header: bool) -> tuple[str, str, str]:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) != 3 or not all(cells):
        raise Fault(
            f"{fields.shown(line)} is no judgement. Write query-id, corpus-id and score, "
            "with tabs between."
        )
    query, document, score = cells
    is_score = _SCORE.fullmatch(score) is not None
    if header and is_score:
        raise Fault(
            "the header line is missing. Put query-id, corpus-id and score above, "
            "with tabs between."
        )
    if not header and not is_score:
        raise Fault(f"the score is {fields.shown(score)}. Write a whole number.")
    return query, document, score


def _write(corpus: Path, folder: Path) -> None:
    """Write each entry's document into a new folder, and the names of those without text."""
    with (folder / _LEFT_OUT).open("w", encoding="utf-8") as left_out:
        for place, row in read_objects(corpus):
            with at(place):
                id_ = fields.identifier(row, "_id")
                text = _text(row)
                path = folder / DOCUMENTS / name_of_id(id_)
                if not text.strip():
                    left_out.write(f"{path.name}\n")
                    continue
                try:
                    with path.open("xb") as file:
                        file.write(text.encode("utf-8"))
                except FileExistsError:
                    raise Fault(
                        f'"_id" {id_!r} was there before. Give each entry its own.'
                    ) from None


def _text(row: dict[str, Any]) -> str:
    title = fields.string(row.get("title") or "", '"title"').strip()
    text = fields.string(fields.required(row, "text"), '"text"')
    return cleaned(f"{title}\n\n{text}" if title else text)


def _relevant(judgements: Path, judged: Judged, made: Path) -> dict[str, tuple[Gold, ...]]:
    left_out = set((made / _LEFT_OUT).read_text("utf-8").splitlines())
    relevant: dict[str, tuple[Gold, ...]] = {}
    missing: dict[str, None] = {}
    for query, scores in judged.items():
        names = {id_: name_of_id(id_) for id_, score in scores.items() if score > 0}
        gold: list[Gold] = []
        for id_, name in names.items():
            if (made / DOCUMENTS / name).is_file():
                gold.append(Gold(name, grade=scores[id_]))
            elif name not in left_out:
                missing.setdefault(id_)
        if gold:
            relevant[query] = tuple(gold)
    if missing:
        raise QuestionSetError(
            f"{judgements} judges documents that are not in {CORPUS}: {listed(list(missing))}. "
            f"Add them there, or take their lines out; if they are there, delete {made}."
        )
    return relevant


def _queries(path: Path, relevant: dict[str, tuple[Gold, ...]]) -> Iterator[tuple[str, Question]]:
    for place, row in read_objects(path):
        with at(place):
            id_ = fields.identifier(row, "_id")
            if id_ not in relevant:
                continue
            text = fields.text(fields.required(row, "text"), '"text"').strip()
        yield place, Question(id_, text, answerable=True, gold=relevant[id_])
