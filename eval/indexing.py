"""Brings the documents of a question set into an index: what changed, and nothing else."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from assistant import Assistant
from assistant.holdings import FileReport, OnProgress, Outcome
from assistant.loading import find_files, source_of
from assistant.settings import Settings, index_folder
from eval.errors import RunError
from eval.questions import Question, QuestionSet
from eval.reports import Indexing

_WITHOUT = {Outcome.FAILED, Outcome.SKIPPED}
"""What may become of a file that leaves the index without its content."""


def index_name(questions: QuestionSet, index: str, settings: Settings) -> str:
    """Return the index to ask: the one named, else one of the set's own.

    The set's own is named by its folder and the embedding model as well, so
    that sets of one name don't share an index.
    """
    if index:
        return index
    if questions.documents is None:
        raise RunError(
            f"The question set {questions.name!r} has no documents. Name the index that holds "
            "them (--index), or their folder (--documents)."
        )
    key = f"{questions.documents.resolve()}\n{settings.encoder}"
    return f"eval-{questions.name}-{hashlib.sha256(key.encode()).hexdigest()[:6]}"


def delete(name: str, settings: Settings) -> None:
    """Delete a set's own index, to have it built anew."""
    shutil.rmtree(index_folder(name, settings), ignore_errors=True)


class Filled(NamedTuple):
    """What became of each file, in how many seconds.

    ``twins`` has, for the name of a file whose content is in the index under
    another, the name of the document that has it.
    """

    reports: Sequence[FileReport] = ()
    seconds: float = 0.0
    twins: Mapping[str, str] = MappingProxyType({})


def fill(assistant: Assistant, documents: Path, on_progress: OnProgress | None = None) -> Filled:
    """Make an index hold the documents of a folder and no others."""
    begun = time.perf_counter()
    documents = Path(os.path.abspath(documents))  # noqa: PTH100 - as the reports name the files
    reports = assistant.add([documents], on_progress=on_progress)
    files = find_files([documents]).files
    names = {str(path): name for path, name in files}
    wanted = {source_of(path) for path, _ in files}
    for document in assistant.documents():
        if not wanted.intersection(document.locations):
            assistant.remove(document.name)
    twins = {
        names[r.path]: r.document
        for r in reports
        if r.path in names and r.outcome not in _WITHOUT and names[r.path] != r.document
    }
    return Filled(reports, time.perf_counter() - begun, twins)


def pointed(questions: tuple[Question, ...], twins: Mapping[str, str]) -> tuple[Question, ...]:
    """Return questions whose gold evidence names the documents as the index has them."""
    return tuple(
        replace(
            question,
            gold=tuple(
                replace(gold, document=twins.get(gold.document, gold.document))
                for gold in question.gold
            ),
        )
        for question in questions
    )


def check(assistant: Assistant, questions: Sequence[Question], filled: Filled) -> Indexing:
    """Return what an index holds for a question set, and what it lacks.

    Raises :class:`RunError` where it holds none of the gold evidence's documents.
    """
    held = assistant.documents()
    names = {document.name for document in held}
    gold = {gold.document for question in questions for gold in question.gold}
    if gold and not gold & names:
        raise RunError(
            f"The index {assistant.name!r} holds none of the documents that the questions name, "
            f"such as {min(gold)!r}. Choose another index (--index), or name the documents as "
            "`assistant list` does."
        )
    reports = filled.reports
    encoded = sum(r.passages for r in reports if r.outcome in {Outcome.ADDED, Outcome.UPDATED})
    return Indexing(
        documents=len(held),
        passages=sum(document.passages for document in held),
        characters=sum(document.characters for document in held),
        encoded=encoded,
        seconds=filled.seconds if encoded else 0.0,
        unread=tuple(_unread(reports, gold - names)),
    )


def _unread(reports: Sequence[FileReport], missing: set[str]) -> Iterator[str]:
    for report in reports:
        if report.outcome in _WITHOUT:
            yield f"{report.document}: {report.message}"
    for name in sorted(missing - {report.document for report in reports}):
        yield f"{name}: named by a question, but not in the index"
