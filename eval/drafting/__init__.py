"""A first question set for somebody's own documents, without a language model: drafts to be edited.

Questions are made from sentences by rule, and negatives from documents that
are left out of the set, so that the documents that remain don't hold the answer.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from assistant import Assistant
from assistant.holdings import DocumentInfo
from assistant.text import content_terms, fold, terms
from assistant.types import Document, Span
from eval.drafting import copying
from eval.drafting.choosing import held_out, names_in, tellings
from eval.drafting.rules import KINDS, Made, questions_of
from eval.errors import RunError
from eval.metrics.answers import contains

HELD_OUT = "held-out"
"""The kind of the questions whose document is left out."""
_MOST_READ = 300
_SEARCHED = 10

OnDraft = Callable[[int, int], None]
"""Told how many documents have been read, of how many."""


@dataclass(frozen=True, slots=True)
class DraftReport:
    """What was drafted: the folder, questions by kind, and the documents it goes without.

    ``held_out`` are left out on purpose; ``left_out`` could not be copied, each with the reason.
    """

    folder: Path
    kinds: dict[str, int]
    held_out: tuple[str, ...]
    left_out: tuple[str, ...]


class Drafted(NamedTuple):
    """A question with the document and the sentence it was made of."""

    document: str
    sentence: Span
    made: Made


def draft(
    assistant: Assistant,
    folder: Path,
    *,
    questions: int = 60,
    negatives: int = 15,
    seed: int = 0,
    on_progress: OnDraft | None = None,
) -> DraftReport:
    """Write a question set about the documents of an index into a new folder.

    The folder gets ``questions.jsonl``, ``documents`` (copies of what was
    indexed, without those held out) and a ``README.md``. Of large indexes 300
    documents are read, chosen by ``seed``. Raises :class:`RunError` where the
    folder is there already, or no question can be made.
    """
    if folder.exists():
        raise RunError(f"{folder} is there already. Name a new folder (--out).")
    chance = random.Random(seed)  # noqa: S311 - a choice of examples, not a secret
    infos = assistant.documents()
    read = _read(assistant, chance.sample(infos, min(len(infos), _MOST_READ)), on_progress)
    sentences = {name: [text for _, text in tellings(document)] for name, document in read.items()}
    is_name = names_in(document.text for document in read.values())
    absent = held_out(sentences, negatives)
    pools = {name: _pool(document, is_name, chance) for name, document in read.items()}
    kept = _spread([pools[name] for name in read if name not in absent], questions)
    refused = [
        one
        for one in _spread([pools[name] for name in absent], negatives * 3)
        if not _answered_elsewhere(assistant, one, absent)
    ][:negatives]
    if not kept:
        raise RunError(
            f"No question can be made of the index {assistant.name!r}: its documents hold no "
            "sentence with a name, a date or a number that stands for itself. Write questions by "
            "hand; eval/sets/merida is an example."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=".drafting-") as temporary:
        made = Path(temporary, "set")
        (made / "documents").mkdir(parents=True)
        wanted = [info for info in infos if info.name not in absent]
        names, left_out = copying.copies(assistant, wanted, made / "documents")
        kept = [one for one in kept if one.document in names]
        rows = [*_rows(kept, read, names), *_rows(refused, read, {})]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (made / "questions.jsonl").write_text(lines, "utf-8")
        (made / "README.md").write_text(_readme(folder.name, absent, left_out), "utf-8")
        made.rename(folder)
    kinds = Counter(str(row["kind"]) for row in rows)
    return DraftReport(folder, dict(kinds), tuple(absent), tuple(left_out))


def _read(
    assistant: Assistant, infos: Sequence[DocumentInfo], on_progress: OnDraft | None
) -> dict[str, Document]:
    read = {}
    for number, info in enumerate(infos):
        if on_progress:
            on_progress(number, len(infos))
        read[info.name] = assistant.document(info.name)
    return read


def _pool(
    document: Document, is_name: Callable[[str], bool], chance: random.Random
) -> list[Drafted]:
    """Return one question a sentence, the natural ones first, otherwise in random order."""
    pool = []
    seen: set[str] = set()
    for span, text in tellings(document):
        made = next(questions_of(text, is_name), None)
        if made and fold(text) not in seen:
            seen.add(fold(text))
            pool.append(Drafted(document.name, span, made))
    chance.shuffle(pool)
    return sorted(pool, key=lambda one: (not one.made.natural, KINDS.index(one.made.kind)))


def _spread(pools: Sequence[list[Drafted]], wanted: int) -> list[Drafted]:
    """Take questions from all documents in turn, and of each kind at most about half."""
    left = [list(pool) for pool in pools]
    taken: list[Drafted] = []
    kinds: Counter[tuple[str, bool]] = Counter()
    seen: set[str] = set()
    while len(taken) < wanted and any(left):
        for pool in left:
            while pool and len(taken) < wanted:
                one = pool.pop(0)
                kind = (one.made.kind, one.made.natural)
                if one.made.question in seen or kinds[kind] > wanted // 2:
                    continue
                seen.add(one.made.question)
                kinds[kind] += 1
                taken.append(one)
                break
    return taken


def _answered_elsewhere(assistant: Assistant, one: Drafted, absent: Sequence[str]) -> bool:
    """Tell whether a document that stays holds the answer beside the question's words."""
    asked = set(content_terms(one.made.question))
    for hit in assistant.retrieve(one.made.question, _SEARCHED + len(absent)):
        passage = hit.passage
        if passage.document in absent or not contains(passage.text, [one.made.answer]):
            continue
        if len(asked & set(terms(passage.text))) >= len(asked) / 2:
            return True
    return False


def _rows(
    drafted: Sequence[Drafted], read: dict[str, Document], names: dict[str, str]
) -> Iterator[dict[str, object]]:
    for number, one in enumerate(drafted, start=1):
        kept = one.document in names
        row: dict[str, object] = {
            "id": f"draft-{number:03}" if kept else f"{HELD_OUT}-{number:03}",
            "question": one.made.question,
            "answerable": kept,
        }
        if kept:
            start, end = one.sentence
            evidence = read[one.document].text[start:end]
            row |= {
                "answers": [one.made.answer],
                "document": names[one.document],
                "spans": [[start, end]],
                "evidence": [evidence],
            }
        yield row | {"kind": one.made.kind if kept else HELD_OUT}


def _readme(name: str, absent: Sequence[str], left_out: Sequence[str]) -> str:
    lines = [
        f"# {name}: drafts",
        "",
        "These questions were made by rule from single sentences. They are drafts: read each, mend",
        "or delete it, add other accepted answers, and write questions of your own. People ask in",
        "other words than documents use: figures on drafts are better than on real questions.",
        "",
        "    python -m eval run --set PATH-OF-THIS-FOLDER",
        "",
        "`spans` are the characters of the sentence that holds the answer, `evidence` is its text.",
    ]
    if absent:
        listed = ", ".join(absent)
        lines += [
            "",
            f"Questions of kind `{HELD_OUT}` are about documents that are not in `documents/`,",
            f"so that to refuse them is right: {listed}.",
            "Check that no other document answers them.",
        ]
    if left_out:
        lines += ["", "Not copied:", "", *(f"- {line}" for line in left_out)]
    return "\n".join(lines) + "\n"
