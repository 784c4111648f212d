"""The sample set keeps its promises: every span is its evidence, and nothing is missing."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from assistant.loading import load
from assistant.text import fold
from assistant.types import Document

SET = Path(__file__).parent.parent / "eval" / "sets" / "merida"
FILES = sorted(path for path in (SET / "documents").iterdir() if not path.name.startswith("."))
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in (SET / "questions.jsonl").read_text(encoding="utf-8").splitlines()
]
ANSWERABLE = [question for question in QUESTIONS if question["answerable"]]
UNANSWERABLE = [question for question in QUESTIONS if not question["answerable"]]
SHORT_KINDS = {"who", "when", "where", "how-many"}
KINDS = SHORT_KINDS | {"what", "why", "how", "list", "comparison", "yes-no"}


@cache
def document(name: str) -> Document:
    return load(SET / "documents" / name)


def gold(question: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the evidence of a question by document, the main one first."""
    return [question, *question.get("also", [])]


def identity(question: dict[str, Any]) -> str:
    return str(question["id"])


def test_documents_are_many_and_of_every_kind() -> None:
    kinds = Counter(path.suffix for path in FILES)
    assert len(FILES) >= 10
    assert set(kinds) == {".md", ".txt", ".html", ".docx", ".pdf"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_document_reads_well(path: Path) -> None:
    found = document(path.name)
    assert 300 <= len(found.text.split()) <= 900
    assert found.title
    assert not found.notes
    assert "Mérida" in found.text
    assert "�" not in found.text
    if path.suffix == ".pdf":
        assert len(found.pages) >= 3
    if path.suffix in {".md", ".html", ".docx"}:
        assert len(found.headings) >= 3


@pytest.mark.parametrize("name", [path.name for path in FILES if path.suffix == ".html"])
def test_what_surrounds_an_article_is_not_read(name: str) -> None:
    text = document(name).text
    for furniture in ("Subscribe", "Newsletter", "Privacy", "All rights reserved"):
        assert furniture not in text


def test_questions_are_enough() -> None:
    follow_ups = [question for question in ANSWERABLE if question.get("history")]
    assert len(QUESTIONS) >= 80
    assert len(ANSWERABLE) - len(follow_ups) >= 60
    assert len(follow_ups) == 10
    assert Counter(question["kind"] for question in UNANSWERABLE) == {"near": 10, "absent": 10}


def test_ids_and_questions_are_unique() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    alone = [question["question"] for question in QUESTIONS if not question.get("history")]
    assert len(set(alone)) == len(alone)


def test_every_document_is_asked_about() -> None:
    asked = {part["document"] for part in chain.from_iterable(map(gold, ANSWERABLE))}
    assert asked == {path.name for path in FILES}


def test_the_critics_speak_in_many_documents() -> None:
    [critics] = [
        question
        for question in QUESTIONS
        if question["question"] == "Who criticized the Mérida Initiative?"
    ]
    assert len({part["document"] for part in gold(critics)}) >= 5


@pytest.mark.parametrize("question", ANSWERABLE, ids=identity)
def test_every_span_is_its_evidence(question: dict[str, Any]) -> None:
    assert question["question"].strip() == question["question"] != ""
    assert question["kind"] in KINDS
    for part in gold(question):
        text = document(part["document"]).text
        assert part["evidence"]
        assert [text[start:end] for start, end in part["spans"]] == part["evidence"]


@pytest.mark.parametrize("question", ANSWERABLE, ids=identity)
def test_pages_are_those_of_the_spans(question: dict[str, Any]) -> None:
    for part in gold(question):
        pages = document(part["document"]).pages
        on = {
            number
            for number, page in enumerate(pages, start=1)
            for start, end in part["spans"]
            if start < page.end and end > page.start
        }
        assert part.get("pages", []) == sorted(on)


@pytest.mark.parametrize("question", ANSWERABLE, ids=identity)
def test_answers_are_in_the_evidence(question: dict[str, Any]) -> None:
    answers = [squeeze(answer) for answer in question["answers"]]
    assert answers
    assert all(answers)
    if question["kind"] in SHORT_KINDS:
        evidence = squeeze(
            " ".join(chain.from_iterable(part["evidence"] for part in gold(question)))
        )
        assert any(answer in evidence for answer in answers)


@pytest.mark.parametrize("question", UNANSWERABLE, ids=identity)
def test_an_unanswerable_question_has_no_gold(question: dict[str, Any]) -> None:
    assert not question["answers"]
    assert not question["spans"]
    assert question["document"] is None
    assert "also" not in question


@pytest.mark.parametrize(
    "question", [question for question in ANSWERABLE if question.get("history")], ids=identity
)
def test_history_alternates_and_ends_with_a_reply(question: dict[str, Any]) -> None:
    roles = [turn["role"] for turn in question["history"]]
    assert roles == ["user", "assistant"] * (len(roles) // 2)
    assert all(turn["text"] for turn in question["history"])


def squeeze(text: str) -> str:
    """Return a text folded, with single spaces."""
    return " ".join(fold(text).split())
