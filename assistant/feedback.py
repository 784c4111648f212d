"""Thumbs → a question set: what was good as it stands, what was bad to be filled in.

A thumbs-up says that the answer is right and its citations are evidence. A
thumbs-down says only that they are not: somebody has to say what is right,
there and then or in the set.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant.collection import Collection
from assistant.durable import Checked
from assistant.errors import SettingsError, StoreError
from assistant.exchanges import Conversation, Exchange, Thumb, history
from assistant.types import Answer, to_json

QUESTIONS = "questions.jsonl"
KINDS = {Thumb.UP: "thumbs-up", Thumb.DOWN: "thumbs-down"}
"""The kinds that the questions have in the set."""
_README = """# Questions from feedback

Each line of `questions.jsonl` is a question that somebody asked on the chat page of the index
`{index}` and then called its answer good or bad.

    python -m eval run --set PATH-OF-THIS-FOLDER --index {index}

Questions of kind `thumbs-up` are complete: `document`, `spans` and `also` are what the good answer
cited, where it stands in the documents today; `evidence` is its text, `answers` the short answer
where there was one. A refusal that was called good has `answerable` set to false. What the
documents don't say any more is left out.

Questions of kind `thumbs-down` are complete where somebody said what the right answer is, or that
the documents don't hold it. The others have neither `answers` nor evidence yet, and count only as
answered or not. To fill one in, either

- write accepted `answers`, and where they stand: `document` with `spans` (start and end in
  characters of the document's text) or `pages`, or nothing but the `document`; or
- set `answerable` to false, if the documents don't say it.

`note` is the reason that was given, `given` the answer that was bad, `cited` what it stood on: they
are there to help, and are not read. Delete what is no good as a question. Anybody's questions may
be in here: read them before you hand the folder on.
"""


@dataclass(frozen=True, slots=True)
class Written:
    """A question set made of feedback: how many questions are complete, and how many are not."""

    folder: Path
    complete: int
    to_fill: int


def write(collection: Collection, folder: Path, owner: str | None = None) -> Written:
    """Write the question set of all feedback, or of an owner's, into a new folder.

    Raises :class:`SettingsError` where there is no feedback or the folder is
    there already, and :class:`StoreError` where it can't be written.
    """
    if folder.exists():
        raise SettingsError(f"{folder} is there already. Name a new folder (--out).")
    talks = collection.conversations.judged(owner)
    rows = [row for talk in talks for row in _rows(talk, collection)]
    if not rows:
        raise SettingsError(
            f"No answer of the index {collection.name!r} was called good or bad yet. That is done"
            " on the chat page, below each answer."
        )
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder.parent, prefix=".feedback-") as temporary:
            made = Path(temporary, "set")
            made.mkdir()
            (made / QUESTIONS).write_text(lines, "utf-8")
            (made / "README.md").write_text(_README.format(index=collection.name), "utf-8")
            made.rename(folder)
    except OSError as error:
        raise StoreError(f"{folder} can't be written: {error.strerror or error}.") from error
    complete = sum(_is_complete(row) for row in rows)
    return Written(folder, complete, len(rows) - complete)


def _rows(talk: Conversation, collection: Collection) -> Iterator[dict[str, Any]]:
    for number, exchange in enumerate(talk.exchanges):
        if exchange.thumb and exchange.answer:
            yield {
                "id": f"{talk.id}-{exchange.number}",
                "question": exchange.question,
                **_right(exchange, exchange.answer, collection),
                "history": to_json(history(talk.exchanges[:number])),
                "kind": KINDS[exchange.thumb],
                "note": exchange.reason,
            }


def _is_complete(row: dict[str, Any]) -> bool:
    return "given" not in row or bool(row.get("answers")) or not row["answerable"]


def _right(exchange: Exchange, answer: Answer, collection: Collection) -> dict[str, Any]:
    """Return what a question's right answer is, as far as the feedback tells."""
    cited = collection.check_citations(answer.citations)
    places = list(_places([one for one in cited if one.holds]))
    if exchange.thumb is Thumb.DOWN or (not answer.refused and not places):
        given = {"given": answer.text or answer.reason, "cited": places}
        if exchange.expected:
            return {"answerable": True, "answers": [exchange.expected], **given}
        return {"answerable": exchange.expected is None, **given}
    if answer.refused:
        return {"answerable": False}
    first, *also = places
    short = [answer.text[slice(*claim.short)] for claim in answer.claims if claim.short]
    return {"answerable": True, "answers": list(dict.fromkeys(short)), **first, "also": also}


def _places(cited: Sequence[Checked]) -> Iterator[dict[str, Any]]:
    """Yield what is cited, document by document, in the order of the first citation of each."""
    order = list(dict.fromkeys(one.document for one in cited))
    ranked = sorted(cited, key=lambda one: (order.index(one.document), one.start))
    for document, there in groupby(ranked, key=lambda one: one.document):
        spans = {(one.start, one.end): one.text for one in there}
        yield {
            "document": document,
            "spans": [list(span) for span in spans],
            "evidence": list(spans.values()),
        }
