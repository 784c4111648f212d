"""The command ``python -m eval``: what it writes where, how it exits, how it is taken up again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval import cli, questions, runs
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]
SLOW = """
import sys, time
import assistant.assistant as facade, assistant.collection
from tests.fakes import FakeEncoder
assistant.collection.load_encoder = lambda *_: FakeEncoder()
stream = facade.Assistant.stream
def slow(self, *given):
    time.sleep(0.1)
    return stream(self, *given)
facade.Assistant.stream = slow
import eval.runs as runs
from pathlib import Path
runs.run.__kwdefaults__["runs"] = Path("runs").resolve()
from eval.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())
    folder = tmp_path / "runs"
    assert runs.run.__kwdefaults__
    monkeypatch.setitem(runs.run.__kwdefaults__, "runs", folder)
    return folder


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a question set of thirty questions on one document."""
    folder = tmp_path / "small"
    (folder / "documents").mkdir(parents=True)
    towns = [f"The town of Alpha{n} was founded by Beta{n} in {1800 + n}." for n in range(30)]
    (folder / "documents" / "towns.txt").write_text("\n\n".join(towns), "utf-8")
    rows = [
        {
            "id": f"q{n}",
            "question": f"Who founded the town of Alpha{n}?",
            "answerable": True,
            "answers": [f"Beta{n}"],
            "document": "towns.txt",
        }
        for n in range(30)
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "questions.jsonl").write_text(lines, "utf-8")
    return folder


def test_run_and_compare(
    small: Path, runs_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", "--set", str(small)]) == 0
    assert cli.main(["run", "--set", str(small), "-k", "2"]) == 0
    out = capsys.readouterr().out
    assert "small: 30 questions, 1 document, without a language model" in out
    assert "citation_precision" in out
    first, second = sorted(runs_folder.iterdir())
    for folder in (first, second):
        assert sorted(path.name for path in folder.iterdir()) == [
            "plots.json",
            "report.html",
            "report.json",
        ]
    assert cli.main(["compare", str(first), str(second)]) == 0
    assert "Became right: " in capsys.readouterr().out
    assert (second / "compare.html").exists()


def test_floors_decide_the_exit_code(
    small: Path, runs_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", "--set", str(small)]
    assert cli.main([*command, "--fail-under", "hit@10=0.9", "--fail-under", "failed=0"]) == 0
    (before,) = runs_folder.iterdir()
    assert cli.main([*command, "--no-worse-than", str(before)]) == 0
    assert cli.main([*command, "--fail-under", "rouge_l=0.99"]) == 1
    assert "rouge_l is" in capsys.readouterr().err
    assert cli.main([*command, "--fail-under", "nonsense=1"]) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "--set", "no-such-set"], 3, "'no-such-set'"),
        (["run", "--fail-under", "x"], 3, "'x' is no floor"),
        (["compare", "a", "b"], 3, "The run 'a'"),
        (["run", "--nonsense"], 2, "--nonsense"),
    ],
)
def test_errors_are_one_line(
    arguments: list[str],
    code: int,
    said: str,
    runs_folder: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(arguments) == code
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "eval.comparing", None)
    assert cli.main(["compare", "a", "b"]) == 3
    assert "pip install -e '.[eval]'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_goes_on(small: Path, tmp_path: Path, end: signal.Signals) -> None:
    command = [sys.executable, "-c", SLOW, "run", "--set", str(small)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    place = tmp_path / "runs"
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        deadline = time.monotonic() + 60
        while not any(len(f.read_bytes().splitlines()) >= 3 for f in place.glob("*/out*.jsonl")):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(end)
        _, said = process.communicate(timeout=60)
    if end is signal.SIGINT:
        assert process.returncode == 130
        assert "goes on where this one stopped" in said
    (folder,) = place.iterdir()
    kept = len((folder / "outcomes.jsonl").read_text("utf-8").splitlines())
    assert 3 <= kept < 30
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    assert b"30 questions" in done.stdout
    assert list(place.iterdir()) == [folder]
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert report["setting"]["resumed"] == 1
    assert [s["question"]["id"] for s in report["questions"]] == [f"q{n}" for n in range(30)]


def test_help_is_quick_to_load() -> None:
    """What is heavy is imported by the command that needs it."""
    heavy = ["sklearn", "scipy", "matplotlib", "torch", "ir_measures"]
    code = f"import sys, eval.cli; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_runs_go_where_the_repository_ignores_them() -> None:
    assert questions.RUNS == ROOT / "eval" / "runs"
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "eval/runs/" in ignored
