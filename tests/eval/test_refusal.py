"""How well questions without an answer are told, and what would tell them best."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import collection
from assistant.refusal import Features, Weights
from assistant.settings import Settings
from eval import cli, options, refusal
from eval.errors import RunError
from eval.formats import load_set
from eval.questions import QuestionSet
from eval.refusal import ANSWERABLE, AWAY, Asked
from tests.fakes import FakeEncoder


@pytest.fixture
def towns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QuestionSet:
    for module in (collection, refusal):
        monkeypatch.setattr(module, "load_encoder", lambda *_: FakeEncoder())
    folder = tmp_path / "towns"
    (folder / "documents").mkdir(parents=True)
    questions: list[dict[str, object]] = []
    for n in range(12):
        text = f"The town of Alpha{n} was founded by Beta{n}. It has {n} gates."
        (folder / "documents" / f"{n}.txt").write_text(text, "utf-8")
        asked = {"id": f"q{n}", "question": f"Who founded Alpha{n}?", "answerable": True}
        questions.append(asked | {"answers": [f"Beta{n}"], "document": f"{n}.txt"})
        far = {"id": f"n{n}", "question": f"Which glacier melted in {1900 + n}?"}
        questions.append(far | {"answerable": False, "kind": "absent"})
    lines = "\n".join(json.dumps(question) for question in questions)
    (folder / "questions.jsonl").write_text(lines, "utf-8")
    return load_set(str(folder))


def test_questions_are_asked_with_and_without_their_document(towns: QuestionSet) -> None:
    made = refusal.measure([towns], Settings.load(encoder="fake"))
    kinds = {told.kind: told for told in made.told}
    assert set(kinds) == {AWAY, "absent"}
    for told in kinds.values():
        assert told.questions == 12
        assert told.auroc == 1.0
        thresholds = [told.thresholds[rate] for rate in refusal.RATES]
        assert thresholds == sorted(thresholds, reverse=True)
        assert told.answered[0.05] == 1.0
        assert told.offset is None  # no sentence here has words enough to be asked about
    assert made.fitted.score > 0 > made.fitted.bias


def of(weights: Weights, seed: int, questions: int) -> Asked:
    """Return a set made by chance, of which just these weights tell the truth."""
    chance = np.random.default_rng(seed)
    made = [
        Features(score, complete)
        for score, complete in zip(
            chance.uniform(0, 1, questions), chance.integers(0, 2, questions), strict=True
        )
    ]
    likely = [
        1 / (1 + math.exp(-weights.bias - weights.score * s - weights.complete * c))
        for s, c in made
    ]
    true = chance.uniform(0, 1, questions) < np.array(likely)
    sides = {
        kind: [features for features, held in zip(made, true, strict=True) if held == side]
        for kind, side in ((ANSWERABLE, True), (AWAY, False))
    }
    return Asked("chance", sides, ())


def test_the_weights_are_found_that_made_a_set() -> None:
    sought = Weights(-7.0, 12.0, 2.0)  # about as many on either side
    found = refusal.fit([of(sought, 1, 20_000), of(sought, 2, 20_000)])
    assert all(math.isclose(a, b, rel_tol=0.1) for a, b in zip(found, sought, strict=True))


def test_a_small_set_counts_as_much_as_a_large_one() -> None:
    one, other = Weights(-7.0, 12.0, 2.0), Weights(-6.0, 12.0, 0.0)
    found = refusal.fit([of(one, 1, 20_000), of(other, 2, 2_000)])
    assert math.isclose(found.complete, 1.0, abs_tol=0.3)


def test_the_command_shows_and_writes_it(
    towns: QuestionSet, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("ASSISTANT_ENCODER", "fake")
    out = tmp_path / "refusal.json"
    assert cli.main(["refusal", "--set", str(towns.source), "--out", str(out)]) == options.OK
    shown = capsys.readouterr().out
    assert "document left out" in shown
    assert "Weights in the box" in shown
    assert len(json.loads(out.read_text("utf-8"))["told"]) == 2


def test_a_set_that_names_no_documents_is_refused(towns: QuestionSet) -> None:
    bare = replace(towns, questions=tuple(replace(q, gold=()) for q in towns.questions))
    with pytest.raises(RunError, match="which documents hold its answers"):
        refusal.measure([bare], Settings.load(encoder="fake"))
