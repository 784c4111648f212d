"""Question sets and metrics."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.types import Citation, Hit, Passage, Span, Turn, Verdict
from eval import metrics
from eval.__main__ import score, summarise
from eval.questions import Gold, Question, QuestionSetError, load_set

GOLD = (Gold("a.txt", (Span(10, 20),), ()), Gold("b.pdf", (), (3,)))


def hit(document: str, start: int, end: int, page: int | None = None) -> Hit:
    return Hit(Passage("i", document, "", "", start, end, page, "", ()), 1.0, ())


def citation(start: int, end: int) -> Citation:
    return Citation(1, "a.txt", "", None, start, end, "", Verdict.SUPPORTED)


@pytest.mark.parametrize(
    ("hits", "rank"),
    [
        ([hit("a.txt", 0, 11)], 1),
        ([hit("a.txt", 0, 10), hit("a.txt", 20, 30), hit("a.txt", 19, 30)], 3),
        ([hit("b.pdf", 0, 5, 2), hit("b.pdf", 0, 5, 3)], 2),
        ([hit("c.txt", 10, 20)], None),
        ([], None),
    ],
)
def test_first_relevant(hits: list[Hit], rank: int | None) -> None:
    assert metrics.first_relevant(GOLD, hits) == rank


def test_citation_precision() -> None:
    assert metrics.citation_precision(GOLD, [citation(0, 12), citation(30, 40)]) == 0.5
    assert metrics.citation_precision(GOLD, []) == 0.0


def test_containment_ignores_case_accents_and_spacing() -> None:
    assert metrics.contains_answer("It was  GERÓNIMO\nGutierrez.", ["Gerónimo Gutiérrez"])
    assert not metrics.contains_answer("Nobody.", ["Gutiérrez", " "])


def write_set(tmp_path: Path, *rows: object) -> Path:
    (tmp_path / "set" / "documents").mkdir(parents=True)
    lines = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    (tmp_path / "set" / "questions.jsonl").write_text(lines, "utf-8")
    return tmp_path / "set"


def test_a_set_is_read(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "question": "Why?",
        "answerable": True,
        "answers": ["so"],
        "document": "a.txt",
        "spans": [[1, 4]],
        "also": [{"document": "b.pdf", "pages": [2]}],
        "history": [{"role": "user", "text": "Hm"}],
    }
    (question,) = load_set(write_set(tmp_path, row, "")).questions
    assert question == Question(
        id="7",
        text="Why?",
        answerable=True,
        answers=("so",),
        gold=(Gold("a.txt", (Span(1, 4),), ()), Gold("b.pdf", (), (2,))),
        history=(Turn("user", "Hm"),),
        kind="",
    )


@pytest.mark.parametrize(
    ("row", "fault"), [("{not json", "line 2"), ({"id": "x", "question": "?"}, "'answerable'")]
)
def test_a_bad_line_is_named(tmp_path: Path, row: object, fault: str) -> None:
    good = {"id": "a", "question": "?", "answerable": False}
    with pytest.raises(QuestionSetError, match=fault):
        load_set(write_set(tmp_path, good, row))


def test_a_missing_set_is_named() -> None:
    with pytest.raises(QuestionSetError, match="no-such-set"):
        load_set("no-such-set")


def test_a_failure_counts_as_one() -> None:
    from assistant.errors import ModelError

    class Failing:
        def ask(self, *_: object) -> None:
            raise ModelError("no luck")

    question = load_set("merida").questions[0]
    row = score(question, Failing())  # type: ignore[arg-type]
    summary = summarise([row])
    assert summary["failed"] == 1.0
    assert summary["hit rate @8"] == summary["answered, of answerable"] == 0.0
