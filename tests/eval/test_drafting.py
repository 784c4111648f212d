"""Drafted question sets: grammatical, answerable from their spans, and marked as drafts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.loading import load
from assistant.settings import Settings
from assistant.types import Document
from eval import cli
from eval.drafting import draft
from eval.drafting.choosing import held_out, names_in, tellings
from eval.drafting.rules import questions_of
from eval.errors import RunError
from eval.formats import SETS, load_set
from tests.fakes import FakeEncoder
from tests.strategies import nasty_text

SAMPLES = SETS / "merida" / "documents"


def always(word: str) -> bool:
    return word[:1].isupper() and word not in {"The", "In", "An", "On"}


@pytest.mark.parametrize(
    ("sentence", "kind", "question", "answer"),
    [
        (
            "Laura Carlsen criticized the plan from the beginning.",
            "who",
            "Who or what criticized the plan from the beginning?",
            "Laura Carlsen",
        ),
        (
            "In June 2008 the money was held back by both chambers.",
            "when",
            "When was the money held back by both chambers?",
            "June 2008",
        ),
        (
            "The helicopters were handed over on 15 December 2009.",
            "when",
            "When were the helicopters handed over?",
            "15 December 2009",
        ),
        (
            "Forty judges resigned within a week of the vote.",
            "how-many",
            "How many judges resigned within a week of the vote?",
            "Forty",
        ),
        (
            "The embassy moved its files to a new house in 1964.",
            "when",
            "Which date or year is missing? “The embassy moved its files to a new house in ____.”",
            "1964",
        ),
        (
            "The army sent 7,500 soldiers to the city that spring.",
            "how-many",
            "Which number is missing? “The army sent ____ soldiers to the city that spring.”",
            "7,500",
        ),
        (
            "The report was read aloud in Ciudad Juárez that night.",
            "cloze",
            "What is missing? “The report was read aloud in ____ that night.”",
            "Ciudad Juárez",
        ),
    ],
)
def test_a_sentence_becomes_a_question(
    sentence: str, kind: str, question: str, answer: str
) -> None:
    made = next(questions_of(sentence, always))
    assert (made.kind, made.question, made.answer) == (kind, question, answer)


@pytest.mark.parametrize(
    "sentence",
    [
        "The rain fell all night and nobody came to the house.",
        "The rule of 139/2004/EC was read by all of the members.",
        "In 2012-2013 the classes were limited to a handful of students.",
    ],
)
def test_a_sentence_without_a_safe_question_is_left(sentence: str) -> None:
    assert list(questions_of(sentence, lambda word: False)) == []


@given(st.text(alphabet="AaBb 19,.20'%inwasJune", max_size=80))
def test_an_answer_is_part_of_its_sentence_and_not_of_its_question(sentence: str) -> None:
    for made in questions_of(sentence.strip() + " end.", always):
        assert made.answer in sentence
        assert made.answer.casefold() not in made.question.casefold()


@given(nasty_text)
def test_spans_of_sentences_are_exact(text: str) -> None:
    document = Document("d", "", text, "", "")
    for span, line in tellings(document):
        assert " ".join(text[span.start : span.end].split()) == line


@pytest.mark.parametrize(
    "sentence",
    [
        "He criticized the plan from the very beginning of it.",
        "However, the plan was criticized from the very beginning.",
        "See https://example.org for the whole of the long report.",
        "THE PLAN WAS CRITICIZED FROM THE VERY BEGINNING OF IT.",
        "The plan (which was criticized from the very beginning.",
        "Too short.",
    ],
)
def test_what_leans_on_its_neighbours_is_left(sentence: str) -> None:
    assert list(tellings(Document("d", "", sentence, "", ""))) == []


def test_names_are_what_is_never_written_small() -> None:
    is_name = names_in(["The Rain fell on Alma.", "Then rain fell. Fell it long?"])
    assert is_name("Alma")
    assert not is_name("Rain")
    assert not is_name("The")
    assert not is_name("alma")


def test_the_strangest_documents_are_held_out_but_few() -> None:
    alike = {f"{n}.txt": ["The river rises in spring."] * 5 for n in range(9)}
    strange = {"odd.txt": ["Quantum chromodynamics confines quarks."] * 5}
    assert held_out({**alike, **strange}, 5) == ["odd.txt"]
    assert held_out({**alike, **strange}, 0) == []
    assert held_out(dict(list(alike.items())[:4]), 5) == []


@pytest.fixture
def samples(tmp_path: Path) -> Assistant:
    """Return the sample documents in an index, one of them changed on disk since, one deleted."""
    documents = tmp_path / "given"
    documents.mkdir()
    for path in SAMPLES.iterdir():
        (documents / path.name).write_bytes(path.read_bytes())
    made = Assistant.open("mine", settings=Settings.load(encoder="fake"), encoder=FakeEncoder())
    made.add([documents])
    (documents / "two-congresses.html").write_text("<p>Something else.</p>", "utf-8")
    (documents / "timeline-2006-2011.md").unlink()
    return made


def test_a_drafted_set_is_complete_and_can_be_run(samples: Assistant, tmp_path: Path) -> None:
    report = draft(samples, tmp_path / "drafts", questions=40, negatives=6)
    questions = load_set(tmp_path / "drafts")
    assert questions.documents
    assert len(questions.questions) == sum(report.kinds.values())
    assert report.kinds["held-out"] <= 6
    assert len(report.held_out) == 1
    copied = {path.name for path in questions.documents.iterdir()}
    assert not copied & set(report.held_out)
    assert {"two-congresses.html.txt", "timeline-2006-2011.md.txt"} <= copied
    assert len(copied) == len(samples.documents()) - 1 - len(report.left_out)
    texts = {name: load(questions.documents / name).text for name in copied}
    rows = (tmp_path / "drafts" / "questions.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, rows):
        if not row["answerable"]:
            assert row["kind"] == "held-out"
            continue
        ((start, end),) = row["spans"]
        evidence = texts[row["document"]][start:end]
        assert evidence == row["evidence"][0]
        assert row["answers"][0] in " ".join(evidence.split())
    readme = (tmp_path / "drafts" / "README.md").read_text("utf-8")
    assert "They are drafts" in readme
    assert report.held_out[0] in readme


def test_drafts_come_from_all_documents_and_are_the_same_for_a_seed(
    samples: Assistant, tmp_path: Path
) -> None:
    report = draft(samples, tmp_path / "one", questions=24, negatives=0)
    draft(samples, tmp_path / "two", questions=24, negatives=0)
    draft(samples, tmp_path / "three", questions=24, negatives=0, seed=1)
    one, two, three = (
        (tmp_path / name / "questions.jsonl").read_text("utf-8") for name in ("one", "two", "three")
    )
    assert one == two != three
    assert report.held_out == ()
    sources = {json.loads(line)["document"] for line in one.splitlines()}
    assert len(sources) == len(samples.documents())


def test_nothing_is_overwritten_and_nothing_is_left_behind(
    samples: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "drafts").mkdir()
    with pytest.raises(RunError, match="there already"):
        draft(samples, tmp_path / "drafts")
    empty = Assistant.open("empty", settings=Settings.load(encoder="fake"), encoder=FakeEncoder())
    with pytest.raises(RunError, match="'empty'"):
        draft(empty, tmp_path / "new" / "set")
    assert not (tmp_path / "new").exists()


def test_the_command(
    samples: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSISTANT_ENCODER", "fake")
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())
    out = tmp_path / "drafts"
    assert cli.main(["draft", "--index", "mine", "--out", str(out), "--questions", "10"]) == 0
    said = capsys.readouterr().out
    assert "drafts" in said
    assert (out / "questions.jsonl").exists()
    assert cli.main(["draft", "--index", "nothing", "--out", str(tmp_path / "x")]) == 3
