"""Runs are read from their folders and shown: figures, plots, what went wrong, nothing live."""

from __future__ import annotations

import base64
import json
import re
import shutil
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.settings import Settings
from assistant.web.evaluate import compared, program, runs, shown
from assistant.web.evaluate.running import Stage, Status
from assistant.web.evaluate.runs import Comparison, Run
from tests.web.evaluate.made import WRONG, made
from tests.web.samples import HOSTILE, assert_inert, visible

DRAWN = re.compile(r'src="data:image/svg\+xml;base64,([\w+/=]+)"')
PICTURE = 'src="data:image/png;base64,"'

INDEX = Path("indexes/birds")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("evaluation")
    made(place, place / "runs")
    made(place, place / "runs", passages=1)
    return place / "runs"


@pytest.fixture(scope="module")
def run(kept: Path) -> Run:
    return runs.listed([kept])[0]


def inert(html: str) -> str:
    """Check that all of it but the drawings is inert, and that those are no more than that."""
    for drawing in DRAWN.findall(html):
        assert base64.b64decode(drawing).startswith(b"<svg")
    assert_inert(DRAWN.sub(PICTURE, html))
    return visible(html)


def report(run: Run) -> str:
    assert run.head
    return shown.report(run, run.head, runs.plots(run), runs.questions(run))


def test_runs_are_listed_the_newest_first(kept: Path, tmp_path: Path) -> None:
    found = runs.listed([tmp_path / "nowhere", kept])
    assert len(found) == 2
    assert [run.name for run in found] == sorted((run.name for run in found), reverse=True)
    said = inert(shown.table(found, found[0].name))
    assert "3 questions, index eval-birds-" in said
    assert "without a language model, 1 passage" in said
    assert re.search(r"right answers 0\.\d\d \(\d\.\d\d–\d\.\d\d\)", said)


def test_no_runs_are_said_to_be_none(tmp_path: Path) -> None:
    assert visible(shown.table(runs.listed([tmp_path]), "")) == "No runs yet."


def test_one_that_was_stopped_says_how_far_it_came(run: Run, tmp_path: Path) -> None:
    stopped = tmp_path / "runs" / "stopped"
    stopped.mkdir(parents=True)
    identity = json.loads((run.folder / "report.json").read_bytes())["identity"]
    begun = {"identity": identity, "started": "2026-11-28T10:00:00+00:00", "resumed": 0}
    (stopped / "run.json").write_text(json.dumps(begun))
    (stopped / "outcomes.jsonl").write_text("{}\n{}\n")
    html = shown.table(runs.listed([tmp_path / "runs"]), "")
    assert "Not finished: 2 questions so far" in inert(html)
    assert "data-run" not in html


@pytest.mark.parametrize("text", ["", "{", '{"identity": 3}'])
def test_what_is_no_run_is_left_out(tmp_path: Path, text: str) -> None:
    for name in ("report.json", "run.json"):
        (tmp_path / name[:3]).mkdir()
        (tmp_path / name[:3] / name).write_text(text)
    (tmp_path / "file").write_text("")
    assert runs.listed([tmp_path]) == []


def test_a_report_that_is_written_anew_is_read_anew(kept: Path, tmp_path: Path) -> None:
    shutil.copytree(kept, tmp_path / "runs")
    [first, _] = runs.listed([tmp_path / "runs"])
    file = first.folder / "report.json"
    file.write_text(file.read_text("utf-8").replace('"birds"', '"fishes"'), "utf-8")
    [again, _] = runs.listed([tmp_path / "runs"])
    assert again.head
    assert again.head.identity.set == "fishes"


def test_a_report_has_its_figures_its_plots_and_what_went_wrong(run: Run) -> None:
    html = report(run)
    said = inert(html)
    assert "gold evidence among the first 3" in said
    assert len(DRAWN.findall(html)) == len(runs.plots(run)) >= 3
    assert 'alt="Retrieval by cutoff. hit@1 ' in html
    assert "What went wrong (2)" in said
    assert WRONG.replace("\u202e", "").replace("\u2066", "") in said
    assert "A refusal: the documents don’t hold the answer." in said
    assert "<script" not in html


def test_a_run_without_plots_or_readable_questions(run: Run, tmp_path: Path) -> None:
    lone = run.model_copy(update={"folder": tmp_path})
    assert runs.plots(lone) == []
    with pytest.raises(StoreError, match=r"can’t be read\. Run it again"):
        runs.questions(lone)


def test_two_runs_are_compared_by_the_evaluation_itself(kept: Path, tmp_path: Path) -> None:
    after, before = runs.listed([kept])
    worse = tmp_path / "worse"
    shutil.copytree(after.folder, worse)
    scored = json.loads((worse / "report.json").read_bytes())
    for question in scored["questions"]:
        question["scores"] |= {"hit@1": 0.0} if "hit@1" in question["scores"] else {}
    (worse / "report.json").write_text(json.dumps(scored), "utf-8")
    found = Comparison.model_validate(program.compared(before.folder, worse, Settings.load()))
    said = inert(compared.comparison(found, before, after))
    assert said.startswith("Two runs compared")
    assert "8 passages" in said
    assert found.left_out == 0
    assert {change.measure.name for change in found.changes} >= {"hit@1", "correct"}
    assert len(DRAWN.findall(compared.comparison(found, before, after))) == 1


def test_what_changed_is_shown_with_its_interval_and_p(kept: Path) -> None:
    after, before = runs.listed([kept])
    figure = {"name": "correct", "group": "", "meaning": ""}
    change = {
        "measure": figure,
        "n": 9,
        "before": 0.5,
        "after": 0.75,
        "difference": 0.25,
        "low": 0.1,
        "high": 0.4,
        "p": 0.012,
        "verdict": "better",
    }
    turned = [{"question": HOSTILE, "was": "wrong", "became": "right"}]
    found = Comparison.model_validate(
        {"changes": [change], "same": [], "gained": turned, "lost": [], "left_out": 2, "plots": []}
    )
    said = inert(compared.comparison(found, before, after))
    assert "correctbetter0.500.75+0.250+0.100 … +0.4000.012" in said
    assert "Not in both runs: 2 questions." in said
    assert "Became right (1)" in said


def test_runs_that_can_not_be_compared_say_why(kept: Path, tmp_path: Path) -> None:
    other = made(tmp_path, tmp_path / "runs", name="others")
    first = runs.listed([kept])[0].folder
    with pytest.raises(StoreError, match=r"The run '.*nowhere' has no report\.json"):
        program.compared(first, tmp_path / "nowhere", Settings.load())
    assert program.compared(first, other, Settings.load())["changes"] is not None


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (Status("", "x", INDEX), "x. Getting ready"),
        (Status("", "x", INDEX, doing="indexing", done=1, total=3), "Reading documents: 1 of 3"),
        (
            Status("", "x", INDEX, doing="asking", done=1, total=3, left=200.0),
            "x. Asking: 1 of 3 questions3 minutes left",
        ),
        (Status("", "x", INDEX, doing="asking", done=2, total=3, left=0.2), "1 second left"),
        (Status("", "x", INDEX, Stage.DONE), "“x” is done."),
        (Status("", "x", INDEX, Stage.FAILED, problem=HOSTILE), "alert(1)"),
        (Status("", "x", INDEX, Stage.STOPPED), "Stopped before the first question of “x”."),
        (
            Status("", "x", INDEX, Stage.STOPPED, "asking", 2, 3),
            "Stopped after 2 of 3 questions of “x”. Run it again to go on.",
        ),
    ],
)
def test_how_a_run_stands_is_said_in_words(now: Status, said: str) -> None:
    assert said in inert(shown.status(now))


def test_anothers_run_is_not_told_by_name() -> None:
    assert "secret" not in shown.others(Status("ana", "secret", INDEX))
    assert shown.others(Status("ana", "secret", INDEX, Stage.DONE)) == ""
