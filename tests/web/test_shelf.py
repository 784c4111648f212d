"""Documents are added with their progress shown, and removed with their uploaded files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.web.shelf import Shelf
from tests.fakes import FakeEncoder
from tests.web.samples import desk, visible


@pytest.fixture
def assistant(encoder: FakeEncoder) -> Iterator[Assistant]:
    with Assistant.open(encoder=encoder) as assistant:
        yield assistant


def add(assistant: Assistant, cache: Path, **files: str) -> str:
    """Upload files and return the last news."""
    cache.mkdir(parents=True)
    paths = []
    for stem, text in files.items():
        paths.append(cache / f"{stem}.txt")
        paths[-1].write_text(text)
    *steps, last = Shelf(desk(assistant)).add([str(path) for path in paths], "")
    assert all("<progress" in step[1] for step in steps)
    return visible(last[1])


def kept(assistant: Assistant) -> list[str]:
    return sorted(path.name for path in (assistant.folder / "uploads").iterdir())


def test_an_upload_lives_on_in_the_index(assistant: Assistant, tmp_path: Path) -> None:
    news = add(assistant, tmp_path / "a", rain="It rained.", empty="")
    assert "rain.txt: added, 1 passage" in news
    assert "empty.txt: not added" in news
    [document] = assistant.documents()
    assert Path(document.source) == assistant.folder / "uploads" / "rain.txt"
    assert kept(assistant) == ["rain.txt"]


def test_a_newer_version_replaces_the_older(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path / "a", rain="It rained.")
    assert "replaced by this version" in add(assistant, tmp_path / "b", rain="It snowed.")
    assert [assistant.document(d.name).text.strip() for d in assistant.documents()] == [
        "It snowed."
    ]


def test_the_same_content_under_another_name_is_not_kept_twice(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path / "a", rain="It rained.")
    assert "already there under another name" in add(assistant, tmp_path / "b", wet="It rained.")
    assert kept(assistant) == ["rain.txt"]


def test_removing_takes_the_uploaded_file_and_no_other(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path / "a", rain="It rained.")
    mine = tmp_path / "mine.txt"
    mine.write_text("The river rose.")
    assistant.add([mine])
    shelf = Shelf(desk(assistant))
    for name in ("rain.txt", "mine.txt"):
        news, table = shelf.remove("", gr.EventData(None, {"remove": name}))
        assert f"Removed {name}." in news
        assert f'data-remove="{name}"' not in table
    assert assistant.documents() == []
    assert kept(assistant) == []
    assert mine.exists()


def test_removing_what_is_gone_says_so(assistant: Assistant) -> None:
    news, _ = Shelf(desk(assistant)).remove("", gr.EventData(None, {"remove": "<b>gone</b>.txt"}))
    assert 'class="problem"' in news
    assert "&lt;b&gt;gone&lt;/b&gt;.txt" in news


def test_an_unforeseen_error_is_told_and_logged(
    assistant: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(assistant, "add", fail)
    (tmp_path / "a.txt").write_text("x")
    *_, last = Shelf(desk(assistant)).add([str(tmp_path / "a.txt")], "")
    assert "Something went wrong" in last[1]
    assert "disk on fire" in caplog.text
