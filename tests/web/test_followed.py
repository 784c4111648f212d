"""Folders that are followed are listed, and let go, for who sits at this computer alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.web.followed import Followed, listed
from assistant.web.shelf import Shelf
from tests.fakes import FakeEncoder
from tests.web.samples import HOSTILE, assert_inert, desk, event, last, visible


@pytest.fixture
def assistant(encoder: FakeEncoder) -> Iterator[Assistant]:
    with Assistant.open(encoder=encoder) as assistant:
        yield assistant


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "may.txt").write_text("It rained.")
    return folder


def test_a_folder_is_listed_looked_into_again_and_let_go(
    assistant: Assistant, folder: Path
) -> None:
    shelf, followed = Shelf(desk(assistant)), Followed(desk(assistant))
    assert followed.refresh("") == ""
    last(shelf.follow(str(folder), ""))
    assert str(folder) in visible(followed.refresh(""))
    (folder / "june.txt").write_text("It snowed.")
    assert "june.txt: added" in last(shelf.follow_again("", event(names=[str(folder)])))
    assert followed.forget("", event(names=[str(folder)])) == ""
    assert [document.name for document in assistant.documents()] == ["june.txt", "may.txt"]


def test_where_others_use_the_page_no_folder_is_shown_or_let_go(
    assistant: Assistant, folder: Path
) -> None:
    assistant.sync([folder])
    assistant.settings = Settings.load(password="long enough a password")
    followed = Followed(desk(assistant))
    assert followed.refresh("") == ""
    assert followed.forget("", event(names=[str(folder)])) == ""
    assert assistant.index.kept() == [folder]


def test_an_index_that_is_not_there_lists_none(assistant: Assistant) -> None:
    assert Followed(desk(assistant)).refresh("//nowhere") == ""


def test_the_name_of_a_folder_is_text() -> None:
    html = listed([Path("/reports") / HOSTILE])
    assert_inert(html)
    assert "/reports" in visible(html)
