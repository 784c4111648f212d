"""What each part of the ranking is worth: every part left out once, on the same questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import collection, retrieval
from assistant.settings import Settings
from eval import ablation, cli, options
from eval.errors import RunError
from eval.formats import load_set
from eval.questions import QuestionSet
from tests.fakes import FakeEncoder


@pytest.fixture
def towns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QuestionSet:
    for module in (collection, ablation):
        monkeypatch.setattr(module, "load_encoder", lambda *_: FakeEncoder())
    folder = tmp_path / "towns"
    (folder / "documents").mkdir(parents=True)
    questions = []
    for n in range(12):
        text = f"The town of Alpha{n} was founded by Beta{n}. It has {n} gates."
        (folder / "documents" / f"{n}.txt").write_text(text, "utf-8")
        questions.append(
            {
                "id": f"q{n}",
                "question": f"Who founded Alpha{n}?",
                "answerable": True,
                "answers": [f"Beta{n}"],
                "document": f"{n}.txt",
                "spans": [[text.index("Beta"), text.index(".")]],
            }
        )
    lines = "\n".join(json.dumps(question) for question in questions)
    (folder / "questions.jsonl").write_text(lines, "utf-8")
    return load_set(str(folder))


def test_every_part_is_left_out_once(towns: QuestionSet) -> None:
    made = ablation.ablate(towns, Settings.load(encoder="fake"), limit=8)
    assert made.questions == 8
    assert made.means["hit@1"] == 1.0
    names = [part.part for part in made.parts]
    fields = len(retrieval.TUNING.passages) + len(retrieval.TUNING.sentences)
    assert len(set(names)) == len(names) == fields + 2
    assert all(set(part.differences) == set(ablation.MEASURES) for part in made.parts)


def test_leaving_a_part_out_changes_the_tuning_in_that_part_alone() -> None:
    for name, tuning in ablation.without().items():
        parts = zip(_flat(tuning), _flat(retrieval.TUNING), strict=True)
        assert sum(one != other for one, other in parts) == 1, name


def test_the_command_shows_and_writes_it(
    towns: QuestionSet, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("ASSISTANT_ENCODER", "fake")
    out = tmp_path / "ablation.json"
    assert cli.main(["ablation", "--set", str(towns.source), "--out", str(out)]) == options.OK
    shown = capsys.readouterr().out
    assert "12 questions, everything" in shown
    assert "without passage: order" in shown
    assert json.loads(out.read_text("utf-8"))["questions"] == 12


def test_a_set_without_gold_evidence_is_refused(towns: QuestionSet) -> None:
    from dataclasses import replace

    bare = replace(towns, questions=tuple(replace(q, gold=()) for q in towns.questions))
    with pytest.raises(RunError, match="says where its answer stands"):
        ablation.ablate(bare, Settings.load(encoder="fake"))


def _flat(tuning: retrieval.Tuning) -> tuple[float, ...]:
    return (*tuning.passages, *tuning.sentences, tuning.sharpened, tuning.near)
