"""What came of asking one question: the raw material of every score, kept line by line.

A run appends each outcome to a file as it comes, so that a run that was
stopped goes on where it ended, and scores can be computed again without asking.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter, ValidationError

from assistant.types import Answer, to_json
from eval.metrics.places import Stretch


@dataclass(frozen=True, slots=True)
class Quote:
    """Some text of a document, with the page it is on and what stands around it."""

    document: str
    page: int | None
    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What an answer took: seconds, and the tokens sent to a language model.

    ``first_words`` and ``whole`` are the seconds until the first words, and the
    whole answer, were there; ``retrieval`` those of a search alone.
    ``estimated`` says that the model's server didn't count the tokens.
    """

    first_words: float
    whole: float
    retrieval: float
    tokens: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a language model says of an answer, from 0 to 1, and why. None: it did not say."""

    faithful: float | None
    correct: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question. ``answer`` is None where asking failed with ``failure``.

    ``retrieved`` is where the passages found stand, best first, ``excerpts``
    where the sentences of the evidence view do, for each of the budgets; the
    answer's own hits are cut to the first few. ``evidence`` quotes the gold evidence;
    ``inexact`` counts citations whose quote is not exactly in the document.
    """

    id: str
    answer: Answer | None
    retrieved: tuple[Stretch, ...]
    excerpts: tuple[tuple[Stretch, ...], ...]
    evidence: tuple[Quote, ...]
    inexact: int
    cost: Cost | None
    failure: str = ""
    judgement: Judgement | None = None


class Append(Protocol):
    """Keeps an outcome."""

    def __call__(self, outcome: Outcome) -> None:
        """Write an outcome to the end of the file, so that it outlives this process."""
        ...


def read(path: Path) -> dict[str, Outcome]:
    """Return the outcomes of a file by the question's id; a line cut short is left out."""
    kept: dict[str, Outcome] = {}
    if path.is_file():
        for line in path.read_bytes().splitlines():
            try:
                outcome = _ADAPTER.validate_json(line)
            except ValidationError:
                continue
            kept[outcome.id] = outcome
    return kept


@contextmanager
def appending(path: Path) -> Iterator[Append]:
    """Open a file of outcomes to append to."""
    whole = not path.is_file() or path.read_bytes()[-1:] in {b"\n", b""}
    with path.open("a", encoding="utf-8") as lines:
        if not whole:  # the last line was cut short
            lines.write("\n")

        def append(outcome: Outcome) -> None:
            lines.write(json.dumps(to_json(outcome), ensure_ascii=False) + "\n")
            lines.flush()

        yield append


_ADAPTER = TypeAdapter(Outcome)
