"""The commands that keep, move and check: what they write where, how they exit and break off."""

from __future__ import annotations

import json
import signal
import sys
import time
from pathlib import Path

import pytest

from assistant.cli import main
from tests.commands import start
from tests.fakes import FakeEncoder
from tests.indexes import LONG_AGO, prose, write

SLOW = """
import time
def _slow(*_):
    from tests.fakes import FakeEncoder
    class Slow(FakeEncoder):
        def _vector(self, text):
            time.sleep(0.004)
            return super()._vector(text)
    return Slow()
assistant.collection.load_encoder = _slow
"""


@pytest.fixture(autouse=True)
def fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    for name in ("rain", "snow"):
        write(tmp_path / "papers" / f"{name}.txt", f"All about {name}.\n\n{prose(name)}")
    return tmp_path / "papers"


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> str:
    assert main([str(argument) for argument in arguments]) == code
    return capsys.readouterr().out


def test_sync_keeps_a_folder(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "2 files: 2 added." in said(capsys, "sync", papers)
    (papers / "rain.txt").rename(papers / "drizzle.txt")
    (papers / "snow.txt").unlink()
    out = said(capsys, "sync")
    assert "renamed   drizzle.txt" in out
    assert "removed   snow.txt" in out
    assert f"{papers} (last 20" in said(capsys, "status").replace("\n", " ")
    [kept] = json.loads(said(capsys, "status", "--json"))["folders"]
    assert kept["folder"] == str(papers)
    assert str(papers) in said(capsys, "sync", "--forget", papers)
    assert main(["sync"]) == 2
    assert "no folder" in capsys.readouterr().err


def test_a_missing_folder_exits_with_1_and_says_what_to_do(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "sync", papers)
    papers.rename(papers.with_name("elsewhere"))
    out = said(capsys, "sync", code=1).replace("\n", " ")
    assert "Nothing was taken out" in out
    assert len(said(capsys, "list").splitlines()) == 2
    assert "2 removed" in said(capsys, "sync", "--even-empty")


def test_add_prunes_when_asked(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "add", papers)
    (papers / "snow.txt").unlink()
    assert "removed" not in said(capsys, "add", papers)
    assert "1 removed" in said(capsys, "add", "--prune", papers)


def test_list_tells_all_locations(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(papers / "copy.txt", (papers / "rain.txt").read_text())
    said(capsys, "add", papers)
    listed = {d["name"]: d["locations"] for d in json.loads(said(capsys, "list", "--json"))}
    assert [len(places) for places in listed.values()] == [2, 1]
    said(capsys, "remove", papers / "copy.txt")
    assert len(said(capsys, "list").splitlines()) == 2


def test_an_index_is_exported_and_imported(
    papers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said(capsys, "add", papers)
    file = tmp_path / "moved.zip"
    assert "Exported default: 2 documents" in said(capsys, "export", file)
    assert "Imported other: 2 documents" in said(capsys, "import", file, "--index", "other")
    assert said(capsys, "list", "--index", "other") == said(capsys, "list")
    assert json.loads(said(capsys, "export", "--json", file))["documents"] == 2
    assert main(["import", str(file), "--index", "other"]) == 3
    assert "already" in capsys.readouterr().err
    write(file, "nothing of the kind")
    assert main(["import", str(file), "--index", "third"]) == 3
    assert str(file) in capsys.readouterr().err
    assert not (tmp_path / "indexes" / "third").exists()


def test_saved_citations_are_checked(
    papers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    said(capsys, "add", papers)
    answer = said(capsys, "ask", "--json", "What of the rain of field 2.3?")
    saved = write(tmp_path / "saved.json", answer)
    number = len(json.loads(answer)["citations"])
    assert number
    assert f"{number} valid." in said(capsys, "check-citations", saved)
    text = (papers / "rain.txt").read_text()
    write(papers / "rain.txt", f"At the head of it all.\n\n{text}", at=LONG_AGO + 5)
    said(capsys, "add", papers)
    found = json.loads(said(capsys, "check-citations", "--json", saved))
    assert {one["state"] for one in found} == {"moved"}
    write(papers / "rain.txt", text.replace("weighed", "washed"), at=LONG_AGO + 9)
    said(capsys, "add", papers)
    out = said(capsys, "check-citations", saved, code=1)
    assert "changed" in out
    assert "washed" in out
    said(capsys, "remove", "rain.txt")
    said(capsys, "remove", "snow.txt")
    assert f"{number} gone." in said(capsys, "check-citations", saved, code=1)
    assert main(["check-citations", str(tmp_path / "nowhere.json")]) == 3


# -- breaking off, and more than one ---------------------------------------------------------------

WINDOWS = sys.platform == "win32"


@pytest.mark.skipif(WINDOWS, reason="Windows has no signals for one process")
@pytest.mark.parametrize(
    ("number", "code", "word"),
    [(signal.SIGTERM, 143, "Terminated"), (signal.SIGINT, 130, "Interrupted")],
)
def test_broken_off_it_says_what_is_kept_and_goes_on_from_there(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
    code: int,
    word: str,
) -> None:
    for name in range(30):
        write(tmp_path / "many" / f"{name:02}.txt", prose(f"rain{name}"))
    catalog = tmp_path / "indexes" / "default" / "catalog.sqlite3"
    with start(["add", str(tmp_path / "many")], extra=SLOW) as process:
        deadline = time.monotonic() + 60
        while not (catalog.exists() and len(_listed(capsys)) >= 2):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == code
    kept = _listed(capsys)
    assert err.startswith(f"{word}. {len(kept)} of 30 files done, and kept.")
    assert "Run it again" in err
    out = said(capsys, "add", tmp_path / "many")
    assert f"{30 - len(kept)} added, {len(kept)} unchanged" in out
    assert main(["verify"]) == 0


def _listed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    main(["list"])
    return capsys.readouterr().out.splitlines()


def test_a_second_writer_says_that_it_waits_and_then_writes(
    tmp_path: Path, papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in range(24):
        write(tmp_path / "many" / f"{name:02}.txt", prose(f"rain{name}"))
    with start(["add", str(tmp_path / "many")], extra=SLOW) as first:
        while not _listed(capsys):
            time.sleep(0.05)
        with start(["add", str(papers)]) as second:
            out, err = second.communicate(timeout=120)
        assert first.wait(60) == 0
    assert second.returncode == 0
    assert err == "Another process is writing to the index 'default'; waiting…\n"
    assert "2 files: 2 added." in out
    assert len(_listed(capsys)) == 26


@pytest.mark.skipif(WINDOWS, reason="Windows has no signals for one process")
def test_a_followed_folder_is_seen_by_others_within_seconds(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with start(["sync", "--watch", str(papers)], env={"PYTHONUNBUFFERED": "1"}) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"Following {papers} - Ctrl-C ends it.\n"
            while "2 added" not in process.stdout.readline():
                assert process.poll() is None
            write(papers / "hail.txt", prose("hail"))
            deadline = time.monotonic() + 30
            while len(_listed(capsys)) < 3:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            process.terminate()
            _, err = process.communicate(timeout=60)
    assert process.returncode == 143
    assert err.startswith("Terminated.")
