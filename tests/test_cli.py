"""The command line: what it writes where, and how it exits."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer.main

import assistant.assistant as facade
from assistant import models
from assistant.cli import main
from assistant.cli.commands import app
from assistant.types import Answer
from tests.commands import ROOT, start
from tests.conftest import skip_or_fail
from tests.fakes import FakeChatModel, FakeEncoder

GROUP: Any = typer.main.get_command(app)
COMMANDS = [
    *("chat", "add", "add-url", "sync", "ask", "search", "list", "remove", "status", "verify"),
    *("export", "import", "check", "check-citations", "conversations", "feedback"),
    *("indexes", "mcp", "password"),
]


@pytest.fixture(autouse=True)
def fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "rain.txt").write_text("The rain fell on Toledo in March. Nobody minded.\n")
    (folder / "snow.md").write_text(
        "# Snow in Ávila\n\nThe snow covered Ávila in January.\n", "utf-8"
    )
    return folder


@pytest.fixture
def indexed(papers: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["add", str(papers)]) == 0
    capsys.readouterr()
    return papers


def _on_terminal(arguments: Sequence[str], **env: str) -> tuple[str, str]:
    """Run with standard output and error on terminals of their own; return what was written."""
    if sys.platform == "win32":
        skip_or_fail("there are no pseudo-terminals on Windows")
    pty: Any = pytest.importorskip("pty")
    pairs = [pty.openpty(), pty.openpty()]
    env = {"TERM": "xterm", "COLUMNS": "60", **env}
    process = start(arguments, stdout=pairs[0][1], stderr=pairs[1][1], env=env)
    written: list[list[bytes]] = [[], []]
    readers = [
        threading.Thread(target=_drain, args=(pair[0], into))
        for pair, into in zip(pairs, written, strict=True)
    ]
    for reader, (_, inner) in zip(readers, pairs, strict=True):
        os.close(inner)
        reader.start()
    process.wait(60)
    for reader in readers:
        reader.join(10)
    out, err = (b"".join(pieces).decode("utf-8") for pieces in written)
    return out, err


def _drain(terminal: int, into: list[bytes]) -> None:
    try:
        while piece := os.read(terminal, 4096):
            into.append(piece)
    except OSError:
        pass  # Linux says so where the other end is closed.
    finally:
        os.close(terminal)


# -- help ------------------------------------------------------------------------------------------


def test_every_command_is_known_here() -> None:
    assert sorted(GROUP.commands) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_has_help(name: str) -> None:
    command = GROUP.commands[name]
    assert re.match(r"[A-Z].*\.", command.help)
    for parameter in command.params:
        assert parameter.help, f"{name}: {parameter.name} has no help"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_that_parse(name: str) -> None:
    lines = [
        row.strip()
        for row in GROUP.commands[name].epilog.splitlines()
        if row.strip().startswith("assistant ")
    ]
    assert lines, f"{name} has no example"
    for row in lines:
        words = shlex.split(re.split(r" (?:\||>>?) ", row)[0])
        assert words[1] == name
        GROUP.commands[name].make_context(name, words[2:]).close()


def test_help_documents_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for code in ("0", "1", "2", "3", "130"):
        assert re.search(rf"^\s+{code}\s+\w", out, re.MULTILINE)


def test_help_does_not_load_the_engine() -> None:
    program = (
        "import sys; from assistant.cli import main; main(['ask', '--help']);"
        "heavy = {'torch', 'gradio', 'chromadb', 'numpy', 'langchain_core', 'pydantic_settings',"
        " 'transformers', 'assistant.assistant'};"
        "sys.exit(str(heavy & set(sys.modules) or ''))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr.strip()) in [(0, ""), (1, "")], done.stderr


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["add"], ["ask"], ["search", "x", "--k", "0"], ["ask", "x", "--no"]]
)
def test_what_cannot_be_understood_exits_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "Error: " in capsys.readouterr().err


# -- the commands ----------------------------------------------------------------------------------


def test_add_makes_the_index_and_says_what_became_of_each_file(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", str(papers)]) == 0
    first = capsys.readouterr()
    assert "added     rain.txt" in first.out
    assert "2 files: 2 added." in first.out
    assert first.err == ""
    assert main(["add", str(papers)]) == 0
    assert capsys.readouterr().out == "2 files: 2 unchanged.\n"


def test_add_goes_on_after_a_file_that_fails_and_exits_with_1(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (papers / "broken.pdf").write_bytes(b"not a pdf")
    assert main(["add", "--json", str(papers), str(papers / "missing.txt")]) == 1
    reports = json.loads(capsys.readouterr().out)
    outcomes = {Path(report["path"]).name: report["outcome"] for report in reports}
    assert outcomes["broken.pdf"] == outcomes["missing.txt"] == "failed"
    assert outcomes["rain.txt"] == "added"


def test_ask_writes_answer_and_sources(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "Was there", "rain on Toledo in March?"]) == 0
    out = capsys.readouterr().out
    assert "The rain fell on Toledo in March. [1]" in out
    assert "[1] " in out.partition("Sources")[2]
    assert "“The rain fell on Toledo in March.”" in out
    assert "\x1b" not in out


def test_ask_as_json_and_as_markdown(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--json", "Was there rain on Toledo in March?"]) == 0
    answer = json.loads(capsys.readouterr().out)
    citation = answer["citations"][0]
    text = (indexed / "rain.txt").read_text()
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert main(["ask", "--markdown", "Was there rain on Toledo in March?"]) == 0
    assert "**Sources**\n\n1. " in capsys.readouterr().out
    assert main(["ask", "--markdown", "--json", "x"]) == 2


def test_ask_exits_with_1_where_it_refuses(
    indexed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "Who discovered penicillin?"]) == 1
    assert "do not answer this" in capsys.readouterr().out


def test_ask_with_a_language_model(
    indexed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = FakeChatModel(replies=["The rain fell on Toledo in March [1]."])
    monkeypatch.setattr(models, "load_chat_model", lambda settings: model)
    assert main(["ask", "Was there rain on Toledo in March?", "--model", "fake:one"]) == 0
    assert "The rain fell on Toledo in March. [1]" in capsys.readouterr().out
    assert len(model.seen) == 1


def test_search_shows_passages_and_heeds_k(
    indexed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "snow in January", "--k", "1"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("1. Snow in Ávila (snow.md)")
    assert "The snow covered Ávila in January." in out
    assert main(["search", "snow", "--k", "1", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_list_writes_fields_between_tabs(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    rows = [row.split("\t") for row in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["rain.txt", "snow.md"]
    assert rows[1][3] == "Snow in Ávila"
    assert main(["list", "--json"]) == 0
    assert [d["name"] for d in json.loads(capsys.readouterr().out)] == ["rain.txt", "snow.md"]


def test_remove_takes_a_document_out(indexed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remove", "rain.txt"]) == 0
    assert main(["list"]) == 0
    assert "rain.txt\t" not in capsys.readouterr().out
    assert (indexed / "rain.txt").exists()
    assert main(["remove", "rain.txt"]) == 1
    assert "rain.txt" in capsys.readouterr().err


def test_status_and_verify(
    indexed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # for the process that probes the store
    assert main(["status"]) == 0
    assert re.search(r"Documents\s+2\n", capsys.readouterr().out)
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["vectors"] == "current"
    assert main(["verify"]) == 0
    assert "2 passages checked" in capsys.readouterr().out


def test_verify_exits_with_1_until_repaired(
    indexed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.health import Verification

    found = Verification(False, 2, ("A passage is missing.",), ())
    monkeypatch.setattr("assistant.health.verify", lambda index, *, repair: found)
    assert main(["verify"]) == 1
    out = capsys.readouterr().out
    assert "problem   A passage is missing." in out
    assert "--repair" in out


@pytest.mark.parametrize("before", [True, False])
def test_the_index_is_named_before_or_after_the_command(
    before: bool, papers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    named = ["--index", "other"]
    arguments = ["add", str(papers)]
    assert main([*named, *arguments] if before else [*arguments, *named]) == 0
    assert (tmp_path / "indexes" / "other" / "catalog.sqlite3").exists()
    assert main(["list"]) == 3
    assert main([*named, "list"] if before else ["list", *named]) == 0


@pytest.mark.parametrize(
    "arguments", [["ask", "x"], ["search", "x"], ["list"], ["remove", "x"], ["status"], ["verify"]]
)
def test_a_missing_index_exits_with_3_and_is_not_made(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(arguments) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.fullmatch(r"Error: .*default.*assistant add PATH….*\n", captured.err)
    assert not (tmp_path / "indexes" / "default").exists()


def test_chat_hands_over_its_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: dict[str, Any] = {}

    def launch(settings: Any, **options: Any) -> None:
        seen.update(options, host=settings.host, port=settings.port, model=settings.model)
        options["announce"]("http://127.0.0.1:8080/")

    monkeypatch.setattr("assistant.web.launch", launch)
    assert main(["chat", "--port", "8080", "--model", "a:b", "-i", "papers", "--open"]) == 0
    assert "http://127.0.0.1:8080/" in capsys.readouterr().out
    assert (seen["host"], seen["port"], seen["model"]) == ("127.0.0.1", 8080, "a:b")
    assert (seen["index"], seen["open_browser"], seen["samples"]) == ("papers", True, True)


# -- errors ----------------------------------------------------------------------------------------


def test_a_setting_at_fault_exits_with_3(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSISTANT_TIMEOUT", "soon")
    assert main(["status"]) == 3
    err = capsys.readouterr().err
    assert "timeout" in err
    assert err.count("\n") == 1


def test_an_unexpected_error_is_one_line_and_debug_shows_the_trace(
    indexed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the \x1b[31mcat\nsat on it")

    monkeypatch.setattr(facade.Assistant, "documents", fail)
    assert main(["list"]) == 3
    err = capsys.readouterr().err
    assert err.startswith("Error: RuntimeError: the [31mcat sat on it")
    assert "--debug" in err
    assert err.count("\n") == 1
    assert main(["--debug", "list"]) == 3
    assert "Traceback" in capsys.readouterr().err
    monkeypatch.setenv("ASSISTANT_DEBUG", "1")
    assert main(["list"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_exits_with_130(papers: Path) -> None:
    sleepy = (
        "def _slow(*_, **__):\n"
        "    sys.stdout.write('working\\n'); sys.stdout.flush(); time.sleep(60)\n"
        "facade.Assistant.add = _slow"
    )
    with start(["add", str(papers)], extra=sleepy) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == "Interrupted.\n"


def test_a_reader_that_leaves_is_no_error(indexed: Path) -> None:
    flood = (
        "from assistant.holdings import DocumentInfo\n"
        "info = DocumentInfo('x' * 100, '', '', '', 1, 0, 1, (), '')\n"
        "facade.Assistant.documents = lambda _: [info] * 20_000"
    )
    with start(["list"], extra=flood) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.wait(60)
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 1


def test_output_survives_a_terminal_without_unicode(indexed: Path) -> None:
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    with start(["list", "--json"], env=env) as process:
        out, err = process.communicate(timeout=60)
    assert err == ""
    assert json.loads(out)[1]["title"] == "Snow in Ávila"
    with start(["list"], env=env) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    assert "\\xc1vila" in out


# -- on a terminal ---------------------------------------------------------------------------------


def test_a_terminal_gets_colours_progress_and_wrapped_lines(papers: Path) -> None:
    out, err = _on_terminal(["add", str(papers)])
    assert "\x1b[32madded" in out
    assert "files" in err
    out, _ = _on_terminal(["ask", "Was there rain on Toledo in March?"])
    assert "\x1b[36m[1]" in out
    assert "Sources" in out
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out)
    assert all(len(row.rstrip()) <= 60 for row in plain.splitlines())


def test_no_color_is_respected(indexed: Path) -> None:
    out, _ = _on_terminal(["search", "rain", "--k", "1"], NO_COLOR="1")
    assert not re.search(r"\x1b\[(?:\d+;)*3\d", out)
    assert "rain.txt" in out


def test_a_growing_answer_is_written_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.console import Console

    from assistant.cli import show

    def grow() -> Iterator[Answer]:
        text = ""
        for sentence in ("One two three.", " Four five six.", "\n\n- Seven [1]"):
            text += sentence
            yield Answer("q", "q", text, (), (), (), False, "", "fake", 0.9)

    def terminal(*, error: bool = False) -> Console:
        return Console(file=sys.stdout, force_terminal=True, width=20, color_system=None)

    monkeypatch.setattr(show, "terminal", terminal)
    assert show.answer(grow()).text.endswith("[1]")
    lines = [row.rstrip() for row in capsys.readouterr().out.splitlines()]
    assert lines == ["One two three. Four", "five six.", "", "- Seven [1]"]


def test_check_tells_what_the_documents_support(
    indexed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    essay = tmp_path / "essay.md"
    essay.write_text(
        "# My essay\n\nThe rain fell on Toledo in March. [7] The snow covered Ávila in July.\n\n"
        "| Town | Rain |\n| --- | --- |\n| Toledo | in March |\n",
        "utf-8",
    )
    assert main(["check", str(essay)]) == 1
    shown = capsys.readouterr().out
    assert "The rain fell on Toledo in March. (7) [1]" in shown
    assert "not found: “july”" in shown
    assert "[7]" not in shown
    assert shown.endswith("2 of 3 claims supported.\n")


def test_check_reads_standard_input(
    indexed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Nobody minded.")))
    assert main(["check", "-", "--json"]) == 0
    checked = json.loads(capsys.readouterr().out)
    assert checked["supported"] == 1.0
    assert [claim["verdict"] for claim in checked["claims"]] == ["supported"]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b" --- ")))
    assert main(["check", "-"]) == 0
    assert "nothing that could be checked" in capsys.readouterr().out
