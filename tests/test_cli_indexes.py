"""The command for the indexes themselves: what it lists, and what it takes to lose one."""

from __future__ import annotations

import json

import pytest
from filelock import FileLock

from assistant import folders
from assistant.assistant import Assistant
from assistant.cli import main
from assistant.index import CATALOG, LOCK
from assistant.settings import Settings
from tests.fakes import FakeEncoder


@pytest.fixture(autouse=True)
def two() -> None:
    for name in ("reports", "Old letters"):
        with Assistant.open(name, encoder=FakeEncoder()):
            pass


def names() -> list[str]:
    return folders.names(Settings.load().indexes)


def test_indexes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    (Settings.load().indexes / "reports" / CATALOG).write_bytes(b"no database" * 999)
    assert main(["indexes"]) == 0
    letters, reports = capsys.readouterr().out.splitlines()
    name, documents, size = letters.split("\t")
    assert (name, documents) == ("Old letters", "0")
    assert int(size) > 1000
    assert reports.startswith("reports\t0\t")
    assert "is damaged" in reports
    assert main(["indexes", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in listed] == ["Old letters", "reports"]


def test_one_is_renamed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["indexes", "reports", "--rename", "Reports 2009"]) == 0
    assert capsys.readouterr().out == "reports is now Reports 2009.\n"
    assert names() == ["Old letters", "Reports 2009"]


def test_one_is_deleted_where_that_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["indexes", "reports", "--delete"]) == 2
    assert "nothing was deleted" in " ".join(capsys.readouterr().err.split())
    assert main(["indexes", "reports", "--delete", "--yes"]) == 0
    assert capsys.readouterr().out == "Deleted reports.\n"
    assert names() == ["Old letters"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["gone", "--rename", "x"], 3, "There is no index 'gone'"),
        (["gone", "--delete", "--yes"], 3, "There is no index 'gone'"),
        (["reports", "--rename", "../x"], 3, "is no name for an index"),
        (["reports", "--rename", "Old letters"], 3, "Choose another"),
        (["reports"], 2, "one of --rename and --delete"),
        (["--delete"], 2, "name an index"),
        (["reports", "--delete", "--rename", "x"], 2, "one of --rename and --delete"),
    ],
)
def test_what_can_not_be_done_is_said_in_words(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["indexes", *arguments]) == code
    assert said in " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert names() == ["Old letters", "reports"]


def test_one_that_is_written_to_stays(capsys: pytest.CaptureFixture[str]) -> None:
    with FileLock(Settings.load().indexes / "reports" / LOCK):
        assert main(["indexes", "reports", "--delete", "--yes"]) == 3
    assert "is in use" in capsys.readouterr().err
    assert names() == ["Old letters", "reports"]
