"""A run from the question set to its folder: indexed, asked, stopped, taken up again, read back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import IndexNotFound
from assistant.settings import Settings
from assistant.types import Span
from eval import folders, indexing, outcomes, reports, runs
from eval.errors import RunError
from eval.measures import find
from eval.questions import Gold, Question, QuestionSet
from eval.runs import Models, Options, Watch
from eval.scoring import Became
from tests.fakes import FakeChatModel, FakeEncoder

HERONS = "The grey heron waits in the shallow water of the river for hours before it strikes.\n"
PIKES = "The northern pike hides between the weeds of the lake and grows to one metre.\n"


@pytest.fixture
def questions(tmp_path: Path) -> QuestionSet:
    documents = tmp_path / "set" / "documents"
    documents.mkdir(parents=True)
    (documents / "herons.txt").write_text(HERONS, "utf-8")
    (documents / "pikes.txt").write_text(PIKES, "utf-8")
    return QuestionSet(
        "birds",
        tmp_path / "set",
        documents,
        (
            Question(
                "waits",
                "Where does the grey heron wait?",
                answerable=True,
                answers=("shallow water",),
                gold=(Gold("herons.txt", (Span(0, 83),)),),
            ),
            Question(
                "pike",
                "Where does the northern pike hide?",
                answerable=True,
                answers=("weeds of the lake",),
                gold=(Gold("pikes.txt", (Span(0, 77),)),),
            ),
            Question("mona", "Who painted Mona Lisa?", answerable=False, kind="absent"),
        ),
    )


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "runs"


FAKE = Models(encoder=FakeEncoder())


def go(
    questions: QuestionSet, where: Path, options: Options | None = None, **given: object
) -> tuple[reports.Report, Path]:
    models = given.pop("models", FAKE)
    watch = given.pop("watch", None)
    settings = Settings.load(encoder="fake", **given)
    return runs.run(
        questions,
        settings,
        options or Options(),
        runs=where,
        models=models,  # type: ignore[arg-type]
        watch=watch,  # type: ignore[arg-type]
    )


def test_a_run_writes_one_folder_that_can_be_read_back(questions: QuestionSet, where: Path) -> None:
    report, folder = go(questions, where)
    assert [scored.became for scored in report.questions] == [
        Became.RIGHT,
        Became.RIGHT,
        Became.RIGHTLY_REFUSED,
    ]
    assert [path.name for path in folder.iterdir()] == ["report.json"]
    assert reports.load(folder) == report == reports.load(folder / "report.json")
    assert report.setting.indexing.encoded == 2
    assert report.setting.versions["python"]
    assert find(report.figures, "inexact_quotes").value == 0
    quoted = report.questions[0].outcome.evidence[0]
    assert (quoted.before, quoted.text, quoted.after) == ("", HERONS[:83], HERONS[83:])


def test_an_unchanged_index_is_kept_and_a_changed_one_follows_its_documents(
    questions: QuestionSet, where: Path
) -> None:
    go(questions, where)
    encoder = FakeEncoder()
    report, _ = go(questions, where, models=Models(encoder=encoder))
    assert report.setting.indexing.encoded == 0
    assert encoder.encoded == []
    assert questions.documents
    (questions.documents / "pikes.txt").unlink()
    (questions.documents / "eels.txt").write_text("Eels swim to the Sargasso Sea.", "utf-8")
    report, _ = go(questions, where, models=Models(encoder=encoder))
    assert report.setting.indexing.encoded == 1
    assert report.setting.indexing.documents == 2
    assert report.setting.indexing.unread == (
        "pikes.txt: named by a question, but not in the index",
    )
    assert report.questions[1].rank is None
    report, _ = go(questions, where, Options(rebuild=True), models=Models(encoder=FakeEncoder()))
    assert report.setting.indexing.encoded == 2


class Stopped(Exception):
    """Stands for Ctrl-C."""


def test_a_stopped_run_goes_on_where_it_stopped(questions: QuestionSet, where: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        go(questions, where, watch=Watch(on_question=stop))
    (folder,) = where.iterdir()
    assert len((folder / folders.OUTCOMES).read_text("utf-8").splitlines()) == 2
    with (folder / folders.OUTCOMES).open("a", encoding="utf-8") as lines:
        lines.write('{"id": "mona", "answer": nul')  # as a kill leaves it
    asked: list[int] = []
    report, again = go(
        questions, where, watch=Watch(on_question=lambda done, _: asked.append(done))
    )
    assert again == folder
    assert report.setting.resumed == 1
    assert [scored.question.id for scored in report.questions] == ["waits", "pike", "mona"]
    assert list(where.iterdir()) == [folder]
    _, other = go(questions, where)
    assert other != folder


def test_what_is_kept_is_not_asked_again(questions: QuestionSet, where: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        go(questions, where, watch=Watch(on_question=stop))
    (folder,) = where.iterdir()
    marked = outcomes.Outcome("waits", None, (), (), (), 0, None, failure="kept from before")
    with outcomes.appending(folder / folders.OUTCOMES) as append:
        append(marked)
    report, _ = go(questions, where)
    assert report.questions[0].remark == "kept from before"
    assert report.questions[1].became is Became.RIGHT


@pytest.mark.parametrize("change", ["fresh", "passages", "limit", "question"])
def test_another_run_does_not_take_it_up(questions: QuestionSet, where: Path, change: str) -> None:
    def stop(done: int, total: int) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        go(questions, where, watch=Watch(on_question=stop))
    options = Options(fresh=change == "fresh", limit=2 if change == "limit" else 0)
    if change == "question":
        edited = replace(questions.questions[0], text="Where do herons wait?")
        questions = replace(questions, questions=(edited, *questions.questions[1:]))
    report, _ = go(questions, where, options, passages=5 if change == "passages" else None)
    assert report.setting.resumed == 0
    assert len(list(where.iterdir())) == 2


def test_a_run_that_is_running_is_left_alone(questions: QuestionSet, where: Path) -> None:
    identity = reports.Identity("set", "", "", 0, "", "", "", "", 8, "")
    with (
        folders.taken(identity, where) as (first, _),
        folders.taken(identity, where) as (second, begun),
    ):
        assert first != second
        assert begun.resumed == 0


def test_a_folder_of_ones_own(questions: QuestionSet, where: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine" / "today"
    _, folder = go(questions, where, Options(out=out))
    assert folder == out
    with pytest.raises(RunError, match="there already"):
        go(questions, where, Options(out=out))


def test_a_question_that_fails_is_counted(
    questions: QuestionSet, where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Assistant.stream

    def failing(self: Assistant, question: str, history: object = ()) -> object:
        if "pike" in question:
            raise ZeroDivisionError("a bug")
        return stream(self, question, ())

    monkeypatch.setattr(Assistant, "stream", failing)
    report, _ = go(questions, where)
    assert [scored.became for scored in report.questions] == [
        Became.RIGHT,
        Became.FAILED,
        Became.RIGHTLY_REFUSED,
    ]
    assert report.questions[1].remark == "ZeroDivisionError('a bug')"
    assert find(report.figures, "failed").value == pytest.approx(1 / 3)


def test_a_language_model_writes_and_its_tokens_are_counted(
    questions: QuestionSet, where: Path
) -> None:
    chat = FakeChatModel(replies=[f"{HERONS.strip()} [1]", RuntimeError("the line is dead")])
    limited = Options(limit=2)
    report, _ = go(questions, where, limited, models=Models(FakeEncoder(), chat), model="fake:m")
    written, failed = report.questions
    assert written.outcome.answer
    assert written.outcome.answer.model == "FakeChatModel"
    assert written.scores["tokens"] > 100
    assert written.outcome.cost
    assert written.outcome.cost.estimated
    # An answer that had to do without the model is none of the model's.
    assert failed.became is Became.FAILED
    assert "the line is dead" in failed.remark


def test_an_index_is_asked_as_it_is(questions: QuestionSet, where: Path) -> None:
    named = replace(questions, documents=None)
    with pytest.raises(RunError, match="--index"):
        go(named, where)
    with pytest.raises(IndexNotFound):
        go(named, where, Options(index="mine"))
    with Assistant.open(
        "mine", settings=Settings.load(encoder="fake"), encoder=FAKE.encoder
    ) as mine:
        mine.add([questions.documents or ""])
        report, _ = go(named, where, Options(index="mine"))
        assert report.questions[0].became is Became.RIGHT
        assert report.setting.indexing.encoded == 0
        for document in mine.documents():
            mine.remove(document.name)
    with pytest.raises(RunError, match=r"none of the documents.*'herons.txt'"):
        go(named, where, Options(index="mine"))


def test_sets_of_one_name_do_not_share_an_index(questions: QuestionSet, tmp_path: Path) -> None:
    settings = Settings.load(encoder="fake")
    other = replace(questions, documents=tmp_path / "elsewhere")
    names = {indexing.index_name(one, "", settings) for one in (questions, other)}
    assert len(names) == 2
    assert all(name.startswith("eval-birds-") for name in names)


def test_gold_evidence_in_a_file_of_the_same_content_is_found(
    questions: QuestionSet, where: Path
) -> None:
    assert questions.documents
    (questions.documents / "a-copy.txt").write_text(HERONS, "utf-8")
    report, _ = go(questions, where, Options(limit=1))
    assert report.questions[0].question.gold[0].document == "a-copy.txt"
    assert report.questions[0].rank == 1


def test_a_report_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="nowhere"):
        reports.load(tmp_path / "nowhere")
    (tmp_path / "report.json").write_text(json.dumps({"identity": 1}), "utf-8")
    with pytest.raises(RunError, match="no report of this version"):
        reports.load(tmp_path)
