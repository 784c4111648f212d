"""Benchmarks: real processes on small sizes; a part that fails is told, and the others go on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.encoder import load_encoder
from assistant.loading import find_files, load
from assistant.settings import Settings
from eval import bench, cli, options
from eval.bench import changes, cold, growth, show, texts
from eval.bench.commands import python
from eval.bench.measured import Bench, Figure, Step, Target
from eval.errors import RunError
from eval.formats import load_set
from eval.questions import QuestionSet

SMALL = {
    "unchanged": changes.unchanged,
    "paragraph": changes.paragraph,
    "rebuild": changes.rebuild,
}
ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "eval/sets/merida/documents"


def test_texts_are_recombined_from_real_sentences(tmp_path: Path) -> None:
    sentences = texts.sentences(SAMPLES)
    originals = " ".join(
        " ".join(load(path, name).text.split()) for path, name in find_files([SAMPLES]).files
    )
    assert len(sentences) == len(set(sentences)) > 200
    assert all(sentence in originals for sentence in sentences)
    texts.write(sentences, tmp_path / "a", 7, 60)
    texts.write(sentences, tmp_path / "b", 7, 60)
    texts.write(sentences, tmp_path / "c", 8, 25)
    files = {path.name: path.read_text("utf-8") for path in (tmp_path / "a").iterdir()}
    assert sorted(files) == ["000007.txt", "000008.txt", "000009.txt"]
    assert [len(text.split("\n\n")) for _, text in sorted(files.items())] == [25, 25, 10]
    assert files == {path.name: path.read_text("utf-8") for path in (tmp_path / "b").iterdir()}
    assert (tmp_path / "c/000008.txt").read_text("utf-8") == files["000008.txt"]


def test_too_little_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A single sentence is too little to make many texts of it.")
    with pytest.raises(RunError, match="too few sentences"):
        texts.sentences(tmp_path)


@pytest.mark.model
def test_an_index_grows_and_is_searched(tmp_path: Path) -> None:
    sentences = texts.sentences(SAMPLES)
    (tmp_path / "s.json").write_text(json.dumps(sentences), "utf-8")
    (tmp_path / "q.json").write_text(json.dumps(["Who asked for helicopters?"] * 3), "utf-8")
    first = growth.build(tmp_path, 0, 30, tmp_path / "s.json")
    second = growth.build(tmp_path, 30, 30, tmp_path / "s.json")
    assert (first["passages"], second["passages"]) == (30, 60)
    assert second["disk_bytes"] > first["disk_bytes"] > 0
    searched = growth.ask(tmp_path, tmp_path / "q.json")
    assert 0 < searched["p50_ms"] <= searched["p95_ms"]
    # Each passage stands nearest to its own words, so the vectors are of use.
    with Assistant.open(tmp_path / "index", settings=Settings.load(), create=False) as assistant:
        assert assistant.verify().ok
        sentence = sentences[0]
        hits = [hit for hit in assistant.retrieve(sentence) if sentence in hit.passage.text]
        assert hits or sentence not in "".join(
            assistant.document(info.name).text for info in assistant.documents()
        )


@pytest.mark.model
@pytest.mark.slow
def test_upkeep_is_measured_on_real_indexes(tmp_path: Path) -> None:
    sentences = texts.sentences(SAMPLES)
    made = {stage: work(tmp_path / stage, sentences, 20) for stage, work in SMALL.items()}
    assert made["unchanged"]["files"] == 20
    assert 0 < made["unchanged"]["second"] < made["unchanged"]["first"]
    assert (made["paragraph"]["passages"], made["paragraph"]["encoded"]) == (20, 1)
    assert (made["rebuild"]["passages"], made["rebuild"]["encoded"]) == (20, 0)
    large = changes.memory(tmp_path / "memory", sentences, 1)
    assert large["passages"] > 500
    assert large["megabytes"] > 1
    assert large["memory_mb"] > 50


@pytest.mark.model
def test_passages_get_the_mean_of_their_sentences() -> None:
    encoder = growth.SentenceMeans(load_encoder())
    text = "The heron waits. The mill burned down."
    ((vector, rows),) = encoder.encode_passages([text], [[(0, 16), (17, 38)]])  # type: ignore[list-item]
    assert float(rows[1] @ load_encoder().encode_question("The mill burned down.")) > 0.999
    assert float(vector @ rows.sum(axis=0)) == pytest.approx(
        float((rows.sum(axis=0) ** 2).sum() ** 0.5), abs=1e-5
    )


@pytest.mark.model
def test_the_start_is_measured_beside_a_script(tmp_path: Path) -> None:
    texts.write(texts.sentences(SAMPLES), tmp_path / "few", 0, 30)
    cold_start, imported = cold.start(tmp_path / "few", tmp_path, 1)
    assert cold_start.value > 0
    assert 0 < imported.value < 30
    assert " s of " in cold_start.made_of


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="ZeroDivisionError"):
        python(["-c", "1 / 0"], tmp_path)
    assert python(["-c", "print('é')"], tmp_path) == "é\n"


def failing(*_: object) -> list[Figure]:
    raise RunError("txtai is not there")


def test_a_part_that_fails_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "load_encoder", lambda: None)
    monkeypatch.setattr(bench, "start", failing)
    monkeypatch.setattr(bench, "beside", lambda *_: [Figure("rate", 2.0, "of two")])
    monkeypatch.setattr("eval.bench.upkeep.python", upkept)
    monkeypatch.setattr(bench, "_step", lambda _, held, size, *__: step(size + held))
    said: list[str] = []
    made = bench.bench(load_set("merida"), said.append, quick=True)
    assert made.failures == ("start: txtai is not there",)
    assert said[0] == "start"
    assert "upkeep: paragraph" in said
    assert said[-1] == "growth to 5,000 passages"
    assert [one.passages for one in made.growth] == [1000, 6000]
    names = [figure.name for figure in made.figures]
    assert names[0] == "rate"
    assert "making Chroma anew for 2,000 passages, seconds" in names
    assert "search p95 at 6,000 passages, ms" in names
    assert "upkeep: memory" not in said


def test_the_memory_of_much_text_is_measured_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "load_encoder", lambda: None)
    for part in ("start", "beside"):
        monkeypatch.setattr(bench, part, lambda *_: [])
    monkeypatch.setattr("eval.bench.upkeep.python", upkept)
    monkeypatch.setattr(bench, "_step", lambda _, held, size, *__: step(size + held))
    said: list[str] = []
    made = bench.bench(load_set("merida"), said.append, quick=True, megabytes=100)
    assert "upkeep: memory" in said
    assert made.failures == ()


def upkept(arguments: list[str], _: Path) -> str:
    """Measure nothing, as a worker would write it."""
    measured = {"first": 10.0, "second": 0.1, "seconds": 6.0, "encoded": 1}
    size = int(arguments[-1])
    sizes = dict.fromkeys(("files", "passages", "megabytes"), size)
    return json.dumps({**measured, **sizes, "memory_mb": 900.0})


def test_without_documents_there_is_nothing_to_measure(tmp_path: Path) -> None:
    bare = QuestionSet("bare", tmp_path, None, ())
    with pytest.raises(RunError, match="has no documents"):
        bench.bench(bare, print)


def step(passages: int) -> Step:
    return Step(passages, 10.0, 20.0, 300.0, passages * 9000, 5.0, 400.0)


MADE = Bench(
    machine="Linux, 2 cores",
    versions={},
    commit="abc",
    quick=True,
    seconds=61.0,
    figures=(
        Figure("rate", 2.0, "1 s of 2 s", Target(3.0, at_least=True)),
        Figure("start", 0.2, "1 s of 5 s", Target(1 / 3)),
        Figure("memory", 0.6, "3 MB of 5 MB"),
    ),
    growth=(step(1000), step(100_000)),
    failures=("growth: killed",),
)


def test_targets_are_met_from_their_own_side() -> None:
    assert [figure.met for figure in MADE.figures] == [False, True, None]
    assert Target(3.0, at_least=True).met(3.0)
    assert Target(3.0).met(3.0)


def test_it_is_written_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("eval.bench.bench", lambda *_, **__: MADE)
    monkeypatch.setenv("COLUMNS", "120")
    assert cli.main(["bench", "--quick", "--out", str(tmp_path / "out")]) == options.FAILED
    shown = capsys.readouterr().out
    for piece in ("≥ 3", "≤ 0.333", "1 s of 5 s", "100,000", "9.0", "Failed: growth: killed"):
        assert piece in shown
    written = json.loads((tmp_path / "out" / show.REPORT).read_text("utf-8"))
    assert written["growth"][1]["passages"] == 100_000
    assert written["figures"][0]["target"] == [3.0, True]
    plot = (tmp_path / "out" / show.PLOT).read_text("utf-8")
    assert "Disk a passage, KB" in plot


@pytest.mark.model
@pytest.mark.slow
def test_users_at_once_are_answered_and_counted() -> None:
    command = [sys.executable, "-m", "eval.bench.users", "--users", "3", "--asks", "2"]
    done = subprocess.run(command, capture_output=True, check=False, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "errors      0 of 6" in done.stdout
    assert re.search(r"memory      [1-9]\d* MB before", done.stdout)
