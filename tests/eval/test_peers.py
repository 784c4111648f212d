"""Pipelines side by side: what they are given, how they are run, and what is made of it."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from assistant.encoder import load_encoder
from assistant.settings import BUNDLED_ENCODER
from assistant.types import Document, Span, to_json
from eval import provenance
from eval.errors import RunError
from eval.metrics.places import Stretch
from eval.peers import (
    PEERS,
    PeerResult,
    Progress,
    Searched,
    corpus,
    isolation,
    measure,
    running,
    scoring,
    show,
    worker,
)
from eval.peers.pipeline import Measured
from eval.peers.worker import Job, describe, open_pipeline, work
from eval.questions import Gold, Question, QuestionSet
from tests.conftest import skip_or_fail

TEXTS = {
    "herons.txt": "The grey heron waits in the shallow water of the river for hours.\n",
    "pikes.txt": "The northern pike hides between the weeds of the lake.\n",
    "owls.txt": "The barn owl hears a mouse under the snow.\n",
    "bees.txt": "The honey bee dances to tell the hive where it has found flowers.\n",
}
ASKED = {
    "herons.txt": "Where does the grey heron wait?",
    "pikes.txt": "Where does the northern pike hide?",
    "owls.txt": "What does the barn owl hear under the snow?",
    "bees.txt": "Why does the honey bee dance?",
}
NEEDED = {
    "assistant": "chromadb",
    "langchain": "langchain_text_splitters",
    "llamaindex": "llama_index",
    "txtai": "txtai",
}


@pytest.fixture
def questions(tmp_path: Path) -> QuestionSet:
    folder = tmp_path / "set" / "documents"
    folder.mkdir(parents=True)
    for name, text in TEXTS.items():
        (folder / name).write_text(text, "utf-8")
    asked = [
        Question(name, text, answerable=True, gold=(Gold(name, (Span(0, 20),)),))
        for name, text in ASKED.items()
    ]
    return QuestionSet(
        "animals",
        tmp_path / "set",
        folder,
        (Question("mona", "Who painted Mona Lisa?", answerable=False), *asked),
    )


def document(text: str, pages: tuple[Span, ...] = ()) -> Document:
    return Document("a.txt", "A", text, "/a.txt", "0", pages)


def set_of(tmp_path: Path, *gold: Gold, documents: bool = True) -> QuestionSet:
    (tmp_path / "a.txt").write_text("Some text.", "utf-8")
    question = Question("q", "What?", answerable=True, gold=gold)
    return QuestionSet("one", tmp_path, tmp_path if documents else None, (question,))


# -- the documents -------------------------------------------------------------------------------


def test_files_of_the_same_content_are_one_document(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    for name, text in (("a.txt", "Herons."), ("b.txt", "Pikes."), ("inner/c.txt", "Herons.")):
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "d.pdf").write_text("not a PDF", "utf-8")
    found = corpus.read(tmp_path)
    assert [one.name for one in found.documents] == ["a.txt", "b.txt"]
    assert found.twins == {"inner/c.txt": "a.txt"}
    assert found.characters == 13


def test_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_text("not a PDF", "utf-8")
    with pytest.raises(RunError, match=r"holds no document that can be read. d\.pdf"):
        corpus.read(tmp_path)


def test_a_stretch_is_on_the_page_where_it_starts() -> None:
    pages = (Span(0, 10), Span(10, 20))
    assert corpus.stretch(document("x" * 20, pages), 9, 15) == Stretch("a.txt", 1, 9, 15)
    assert corpus.stretch(document("x" * 20, pages), 10, 15) == Stretch("a.txt", 2, 10, 15)
    assert corpus.stretch(document("x" * 20), 10, 15).page is None


SPACES = st.text("  \n\t\u00a0", min_size=1, max_size=4)
WORDS = st.lists(st.text("abäß漢🜁.", min_size=1, max_size=4), min_size=1, max_size=5)


@given(st.lists(st.tuples(WORDS, st.lists(SPACES, min_size=5, max_size=5)), max_size=8))
def test_a_chunk_is_found_whatever_became_of_its_white_space(
    parts: list[tuple[list[str], list[str]]],
) -> None:
    text, chunks, spans = "", [], []
    for words, spaces in parts:
        body = "".join(space + word for space, word in zip(spaces, words, strict=False))
        start = len(text) + len(body) - len(body.lstrip())
        text += body
        spans.append(Span(start, len(text)))
        chunks.append(" ".join(words))
    found = corpus.locate(document(text), chunks)
    assert [Span(one.start, one.end) for one in found] == spans


def test_chunks_of_the_same_text_stand_one_after_the_other() -> None:
    found = corpus.locate(document("Yes. No. Yes."), ["Yes.", "Yes."])
    assert [(one.start, one.end) for one in found] == [(0, 4), (9, 13)]


@pytest.mark.parametrize("chunk", ["Maybe.", "Yes. Yes.", "no.", " "])
def test_a_chunk_that_is_not_there_is_an_error(chunk: str) -> None:
    with pytest.raises(RunError, match=r"is not in a\.txt after character 0"):
        corpus.locate(document("Yes. No. Yes."), [chunk])


# -- the process ---------------------------------------------------------------------------------


def test_a_worker_sees_none_of_the_user_s_settings(tmp_path: Path) -> None:
    given_ = {"PATH": "/bin", "ASSISTANT_ENCODER": "other", "TIKTOKEN_CACHE_DIR": "/x"}
    made = isolation.environment(given_ | {"HF_HUB_OFFLINE": "0"}, tmp_path)
    assert made["PATH"] == "/bin"
    assert not {"ASSISTANT_ENCODER", "TIKTOKEN_CACHE_DIR"} & set(made)
    assert made["HF_HUB_OFFLINE"] == "1"
    assert made["TMPDIR"] == str(tmp_path)
    assert (Path(made["PYTHONPATH"]) / "eval" / "peers").is_dir()


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.getaddrinfo", ("example.org", 443, 0, 0, 0)),
        ("socket.getaddrinfo", (b"example.org", 443, 0, 0, 0)),
        ("socket.gethostbyname", ("example.org",)),
        ("socket.connect", (None, ("192.0.2.1", 443))),
        ("socket.connect", (None, ("2001:db8::1", 443, 0, 0))),
        ("socket.sendto", (None, ("192.0.2.1", 53))),
    ],
)
def test_other_machines_are_refused(event: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(PermissionError, match="Nothing may leave the machine"):
        isolation.refuse_network(event, arguments)


@pytest.mark.parametrize(
    ("event", "arguments"),
    [
        ("socket.getaddrinfo", ("localhost", 80, 0, 0, 0)),
        ("socket.getaddrinfo", (None, 80, 0, 0, 0)),
        ("socket.connect", (None, ("127.0.0.1", 80))),
        ("socket.connect", (None, ("::1", 80, 0, 0))),
        ("socket.connect", (None, "/run/a.socket")),
        ("open", ("example.org", "r", 0)),
    ],
)
def test_the_machine_itself_is_allowed(event: str, arguments: tuple[object, ...]) -> None:
    isolation.refuse_network(event, arguments)


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="Linux only")
def test_the_parent_s_memory_is_not_the_worker_s() -> None:
    mine = bytearray(b"x") * 300_000_000
    code = "from eval import provenance; print(provenance.peak_memory_mb())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=isolation.environment({}, Path.cwd()),
        capture_output=True,
        text=True,
        check=True,
    )
    assert 5 < float(done.stdout) < 200
    assert provenance.peak_memory_mb() > len(mine) / 1e6


class Scripted:
    """A pipeline that costs nothing; it fails on the questions it is told to."""

    description = "scripted"
    packages: tuple[str, ...] = ("pytest", "no-such-package")

    def build(self, folder: Path) -> int:
        return 3

    def search(self, question: str) -> list[Stretch]:
        if question == "fail":
            raise ValueError("no such word")
        return [Stretch("a.txt", None, 0, 5)]


def test_a_question_that_fails_counts_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "open_pipeline", lambda name, folder: Scripted())
    said: list[tuple[str, object]] = []
    job = Job("scripted", tmp_path, (("1", "fail"), ("2", "go on")))
    measured = work(job, tmp_path, lambda kind, what: said.append((kind, what)))
    first, second = measured.questions
    assert (first.found, first.failure) == ((), "ValueError('no such word')")
    assert (second.found, second.failure) == ((Stretch("a.txt", None, 0, 5),), "")
    assert measured.passages == 3
    assert "pytest" in measured.versions
    assert "no-such-package" not in measured.versions
    assert said == [
        ("progress", ("loading", 0, 0)),
        ("progress", ("indexing", 0, 0)),
        ("progress", ("asking", 0, 2)),
        ("progress", ("asking", 1, 2)),
        ("progress", ("asking", 2, 2)),
    ]


def test_a_missing_package_is_named_with_the_way_to_install_it() -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module("no_such_package")
    assert describe(caught.value) == (
        "The package no_such_package is missing. Install it: pip install -e '.[peers]'"
    )


def test_an_unknown_pipeline_fails_in_its_own_process(questions: QuestionSet) -> None:
    assert questions.documents
    with pytest.raises(RunError, match="no pipeline 'other'"):
        open_pipeline("other", questions.documents)
    heard: list[Progress] = []
    with pytest.raises(RunError, match="no pipeline 'other'"):
        running.run("other", questions.documents, questions.questions, heard.append)
    assert heard == [Progress("other", "loading", 0, 0)]


NOISY = """
import socket, sys
from eval.peers import worker

def noisy(name, folder):
    print("a library talks")
    socket.getaddrinfo("example.org", 443)

worker.open_pipeline = noisy
sys.exit(worker.main(sys.argv[1]))
"""


def test_what_libraries_print_is_no_message_and_the_network_is_shut(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    job.write_text(json.dumps(to_json(Job("noisy", tmp_path, ()))), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", NOISY, str(job)],
        env=isolation.environment({}, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    progress, failure = map(json.loads, done.stdout.splitlines())
    assert progress == {"progress": ["loading", 0, 0]}
    assert "tried to reach example.org" in failure["failure"]
    assert "a library talks" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for Python")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("kill -9 $$", "SIGKILL"),
        ("echo first >&2; echo 'no room' >&2; exit 3", "exit code 3: no room"),
        ("exit 0", "exit code 0: it said nothing"),
    ],
)
def test_a_worker_that_ends_early_says_why_and_leaves_nothing(
    script: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    questions: QuestionSet,
) -> None:
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert questions.documents
    with pytest.raises(RunError, match=reason):
        running.run("assistant", questions.documents, questions.questions)
    assert not list(temporary.iterdir())


def test_a_watcher_that_gives_up_ends_the_worker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questions: QuestionSet
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    assert questions.documents
    with pytest.raises(KeyboardInterrupt):
        running.run("txtai", questions.documents, questions.questions, interrupt)
    assert not list(temporary.iterdir())


# -- what is measured ----------------------------------------------------------------------------


def test_an_unknown_name_is_refused(questions: QuestionSet) -> None:
    with pytest.raises(RunError, match=r"no pipeline 'haystack'. Choose among assistant, "):
        measure(questions, ["assistant", "haystack"])


def test_a_set_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="has no documents"):
        measure(set_of(tmp_path, Gold("a.txt"), documents=False))


def test_a_set_that_does_not_say_where_answers_stand_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="says where its answer stands"):
        measure(set_of(tmp_path))


def test_documents_that_no_question_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"such as 'elsewhere\.txt'"):
        measure(set_of(tmp_path, Gold("elsewhere.txt")))


def test_scores_and_rates_of_a_pipeline(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 1000, "utf-8")
    asked = [
        Question(name, "?", answerable=True, gold=(Gold("a.txt", (Span(10, 20),)),))
        for name in ("found", "second", "failed")
    ]
    there, elsewhere = Stretch("a.txt", None, 0, 100), Stretch("a.txt", None, 200, 900)
    searched = (
        Searched("found", 10.0, (there, elsewhere)),
        Searched("second", 20.0, (elsewhere, there)),
        Searched("failed", 30.0, (), "broken"),
    )
    measured = Measured("scripted", {"python": "3"}, 8, 1.0, 2.0, 50.0, searched)
    result = scoring.result("scripted", measured, asked, corpus.read(tmp_path))
    assert result.scores["hit@1"] == pytest.approx(1 / 3)
    assert result.scores["hit@3"] == pytest.approx(2 / 3)
    assert result.scores["mrr@10"] == pytest.approx(1.5 / 3)
    assert result.scores["evidence@500"] == pytest.approx(1 / 3)
    assert result.scores["evidence@1000"] == pytest.approx(2 / 3)
    assert [one.scores["hit@1"] for one in result.questions] == [1.0, 0.0, 0.0]
    cost = result.cost
    assert cost
    assert (cost.documents, cost.characters, cost.passages) == (1, 1000, 8)
    assert (cost.passages_per_second, cost.characters_per_second) == (4.0, 500.0)
    assert cost.p50_ms == pytest.approx(20.0)
    assert cost.p95_ms == pytest.approx(29.0)
    shown = drawn([result, PeerResult("other", failure="It broke.")])
    assert re.search(r"scripted +0\.333 +0\.667 +0\.500 .* 8 +4 +500 +20\.0 +29\.0 +50\b", shown)
    assert re.search(r"other +failed", shown)
    assert "other failed: It broke." in shown
    assert "scripted failed on 1 questions, such as: broken" in shown
    assert json.loads(json.dumps(to_json(result)))["cost"]["passages"] == 8


def drawn(results: list[PeerResult]) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(show.table(results))
    return capture.get()


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("name", PEERS)
def test_a_real_pipeline(
    name: str, questions: QuestionSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec(NEEDED[name]) is None:
        skip_or_fail(f"{NEEDED[name]} is not installed")
    load_encoder(BUNDLED_ENCODER)  # what exporting it leaves behind is not the pipeline's
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    heard: list[Progress] = []
    (result,) = measure(questions, [name], limit=3, on_progress=heard.append)
    assert result.failure == ""
    assert [one.id for one in result.questions] == list(ASKED)[:3]
    assert [one.failure for one in result.questions] == [""] * 3
    assert result.scores["hit@1"] == 1.0
    for one in result.questions:
        best = one.found[0]
        assert TEXTS[best.document][best.start : best.end].strip() == TEXTS[one.id].strip()
    assert result.cost
    assert result.cost.passages == len(TEXTS)
    assert result.cost.index_seconds > 0
    assert result.cost.peak_memory_mb > 50
    assert heard[-1] == Progress(name, "asking", 3, 3)
    assert not list(temporary.iterdir())
