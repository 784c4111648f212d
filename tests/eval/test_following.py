"""Other programs follow a run line by line, end it, and read what a comparison found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eval import cli
from eval.options import INTERRUPTED
from tests.eval.test_command import ROOT, SLOW, runs_folder, small

__all__ = ["runs_folder", "small"]


def test_a_run_tells_its_steps_and_keeps_its_folder_where_it_is_told(
    small: Path, tmp_path: Path
) -> None:
    place = tmp_path / "elsewhere"
    command = [sys.executable, "-c", SLOW, "run", "--set", str(small), "--limit", "3"]
    command += ["--runs", str(place), "--progress", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stderr
        steps = [json.loads(line) for line in process.stderr.read().splitlines() if line[0] == "{"]
    assert process.returncode == 0
    asked = [(step["done"], step["total"]) for step in steps if step["stage"] == "asking"]
    assert asked == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert "indexing" in {step["stage"] for step in steps}
    [run] = place.iterdir()
    plots = json.loads((run / "plots.json").read_bytes())
    assert {"title", "says", "svg"} == set(plots[0])


@pytest.mark.usefixtures("runs_folder")
def test_a_sets_own_documents_are_unpacked_where_its_runs_are_kept(tmp_path: Path) -> None:
    asked = {"id": "q", "question": "Who waits?", "is_impossible": False}
    asked["answers"] = [{"text": "The heron", "answer_start": 0}]
    rows = [{"context": "The heron waits by the weir.", "qas": [asked]}]
    data = {"version": "v2.0", "data": [{"title": "Birds", "paragraphs": rows}]}
    (tmp_path / "birds.json").write_text(json.dumps(data), "utf-8")
    place = tmp_path / "elsewhere"
    assert cli.main(["run", "--set", str(tmp_path / "birds.json"), "--runs", str(place)]) == 0
    assert [path.name for path in place.glob("birds-*/documents/*")] == ["Birds.txt"]


@pytest.mark.slow
def test_a_run_ends_when_its_input_is_closed_and_goes_on_later(small: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", SLOW, "run", "--set", str(small), "--progress", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    place = tmp_path / "runs"
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stderr
        deadline = time.monotonic() + 60
        while '"done": 3' not in (line := process.stderr.readline()) or "asking" not in line:
            assert time.monotonic() < deadline
        process.stdin.close()
        said = process.stderr.read()
    assert process.returncode == INTERRUPTED
    assert "goes on where this one stopped" in said
    [folder] = place.iterdir()
    assert not (folder / "report.json").exists()
    assert 3 <= len((folder / "outcomes.jsonl").read_bytes().splitlines()) < 30
    again = [*command[:-2], "--limit", "0"]
    subprocess.run(again, cwd=tmp_path, env=environment, check=True, capture_output=True)
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert report["setting"]["resumed"] == 1


def test_a_comparison_is_read_as_json(
    small: Path, runs_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["run", "--set", str(small)]) == 0
    towns = small / "documents" / "towns.txt"
    towns.write_text("\n\n".join(towns.read_text("utf-8").split("\n\n")[10:]), "utf-8")
    assert cli.main(["run", "--set", str(small), "--rebuild"]) == 0
    first, second = sorted(runs_folder.iterdir())
    capsys.readouterr()
    assert cli.main(["compare", str(first), str(second), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"changes", "same", "gained", "lost", "left_out", "plots"}
    assert found["changes"]
    names = [change["measure"]["name"] for change in found["changes"]] + found["same"]
    assert "correct" in names
    for change in found["changes"]:
        assert change["low"] <= change["difference"] <= change["high"]
        assert change["verdict"] in {"", "better", "worse"}
    assert not (second / "compare.html").exists()
