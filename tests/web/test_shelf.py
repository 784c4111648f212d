"""Documents are added, followed, read again and removed with their uploaded files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.holdings import FileReport, OnProgress
from assistant.settings import Settings
from assistant.types import Document
from assistant.web import uploads
from assistant.web.shelf import Shelf
from assistant.web.uploads import Upload
from assistant.web.work import Work
from tests.fakes import FakeEncoder
from tests.web.samples import desk, event, last, visible


@pytest.fixture
def assistant(encoder: FakeEncoder) -> Iterator[Assistant]:
    with Assistant.open(encoder=encoder) as assistant:
        yield assistant


@pytest.fixture(autouse=True)
def any_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files from anywhere: what Gradio answered an upload with is checked elsewhere."""
    monkeypatch.setattr(uploads, "received", lambda path, name: Upload(Path(path), name))


def add(assistant: Assistant, cache: Path, left: Any = (), **files: str) -> str:
    """Upload files and return the last news; two underscores stand for a folder."""
    cache.mkdir(parents=True)
    sent = []
    for stem, text in files.items():
        path = cache / f"{stem}.txt"
        path.write_text(text)
        sent.append({"path": str(path), "name": f"{stem.replace('__', '/')}.txt"})
    return last(Shelf(desk(assistant)).add("", event(files=sent, left=left)))


def kept(assistant: Assistant) -> list[str]:
    folder = assistant.folder / "uploads"
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def names(assistant: Assistant) -> list[str]:
    return [document.name for document in assistant.documents()]


def test_an_upload_lives_on_in_the_index(assistant: Assistant, tmp_path: Path) -> None:
    news = add(assistant, tmp_path / "a", rain="It rained.", empty="")
    assert "rain.txt: added, 1 passage" in news
    assert "empty.txt: failed" in news
    [document] = assistant.documents()
    assert Path(document.source) == assistant.folder / "uploads" / "rain.txt"
    assert kept(assistant) == ["rain.txt"]


def test_a_folder_keeps_its_shape_and_limits_work(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path / "a", reports__may="It rained.", reports__old__may="It snowed.")
    assert names(assistant) == ["may.txt", "old/may.txt"]
    assert kept(assistant) == ["reports/may.txt", "reports/old/may.txt"]
    found = assistant.retrieve("rained snowed folder:old")
    assert [hit.passage.document for hit in found] == ["old/may.txt"]


def test_what_else_is_in_the_folder_is_left_alone(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path / "a", reports__may="It rained.")
    news = add(assistant, tmp_path / "b", reports__june="It snowed.")
    assert "june.txt" in news
    assert "may.txt" not in news
    assert names(assistant) == ["june.txt", "may.txt"]


def test_what_was_not_sent_is_reported_with_the_reason(
    assistant: Assistant, tmp_path: Path
) -> None:
    left = [["photo.png", "files of this kind can’t be read"]]
    news = add(assistant, tmp_path / "a", left, rain="It rained.")
    assert "photo.png: left out" in news
    assert "files of this kind can’t be read" in news


def test_a_newer_version_replaces_the_older(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path / "a", rain="It rained.")
    assert "rain.txt: updated" in add(assistant, tmp_path / "b", rain="It snowed.")
    assert [assistant.document(d.name).text.strip() for d in assistant.documents()] == [
        "It snowed."
    ]


def test_the_same_content_under_another_name_is_not_kept_twice(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path / "a", rain="It rained.")
    assert "already there under another name" in add(assistant, tmp_path / "b", wet="It rained.")
    assert kept(assistant) == ["rain.txt"]


def test_cancelled_what_is_done_stays_and_the_rest_is_not_kept(
    assistant: Assistant, tmp_path: Path
) -> None:
    shelf = Shelf(desk(assistant))
    add_to = assistant.add

    def cancel_halfway(paths: Any, **how: Any) -> Any:
        told = how.pop("on_progress")

        def on_progress(progress: Any) -> None:
            if progress.files_done == 1:
                shelf.cancel("")
            told(progress)

        return add_to(paths, on_progress=on_progress, **how)

    assistant.add = cancel_halfway  # type: ignore[method-assign]
    files = []
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"It rained for {name}.")
        files.append({"path": str(tmp_path / f"{name}.txt"), "name": f"{name}.txt"})
    news = last(shelf.add("", event(files=files)))
    assert "one.txt: added" in news
    assert "two.txt: cancelled" in news
    assert names(assistant) == ["one.txt"]
    assert kept(assistant) == ["one.txt"]


def test_a_text_is_added_under_its_title(assistant: Assistant) -> None:
    shelf = Shelf(desk(assistant))
    assert "Minutes.txt: added" in last(shelf.add_text("Minutes", "It rained.", ""))
    assert "There is no text" in last(shelf.add_text("Minutes", " ", ""))
    assert assistant.documents()[0].title == "Minutes"
    assert kept(assistant) == ["Minutes.txt"]


def test_what_was_typed_can_go_from_its_fields_once_it_is_in(assistant: Assistant) -> None:
    shelf = Shelf(desk(assistant))

    def typed(news: Iterator[tuple[Any, ...]]) -> Any:
        *_, (_, _, added) = news
        return added

    assert typed(shelf.add_text("Minutes", "It rained.", "")) == ("Minutes", "It rained.")
    assert typed(shelf.add_text("Minutes", " ", "")) == ()
    assert typed(shelf.add_pages("http://127.0.0.1:9/x", "")) == ()


def test_what_waits_for_its_turn_gives_back_nothing_that_was_typed(
    assistant: Assistant,
) -> None:
    shelf = Shelf(desk(assistant))
    first, second = (shelf.add_text(name, f"It rained on {name}.", "") for name in ("May", "June"))
    hold = threading.Event()

    def held(_: OnProgress) -> list[FileReport]:
        hold.wait(60)
        return []

    shelf.works.begin(assistant.folder, Work("Waiting", held, list))
    heard = [next(first), next(second)]
    hold.set()
    heard += second
    assert [typed for *_, typed in heard if typed] == [("June", "It rained on June.")]
    assert [document.name for document in assistant.documents()] == ["June.txt", "May.txt"]


def test_pages_are_added_by_their_addresses(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(url: str) -> Document:
        return Document("example.org/a", "Rain", "It rained.", url, "1")

    monkeypatch.setattr(assistant, "_load_url", load)
    shelf = Shelf(desk(assistant))
    assert "https://example.org/a: added" in last(shelf.add_pages(" https://example.org/a ", ""))
    assert "There is no address" in last(shelf.add_pages(" ", ""))


def test_a_private_address_is_refused_in_words(assistant: Assistant) -> None:
    news = last(Shelf(desk(assistant)).add_pages("http://127.0.0.1:9/x ftp://a", ""))
    assert "http://127.0.0.1:9/x: failed" in news
    assert "ftp://a is no address of a page" in news


def test_a_folder_of_this_computer_is_followed(assistant: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "may.txt").write_text("It rained.")
    shelf = Shelf(desk(assistant))
    assert "may.txt: added" in last(shelf.follow(str(folder), ""))
    assert assistant.index.kept() == [folder]
    assert kept(assistant) == []
    (folder / "june.txt").write_text("It snowed.")
    (folder / "may.txt").unlink()
    assert "may.txt: removed" in last(shelf.follow(str(folder), ""))
    assert names(assistant) == ["june.txt"]
    assert "is no whole path" in last(shelf.follow("reports", ""))
    assert "is no whole path" in last(shelf.follow("", ""))
    assert "is no folder" in last(shelf.follow(str(tmp_path / "no"), ""))


@pytest.mark.parametrize(
    "settings", [{"host": "192.0.2.7", "password": "x"}, {"password": "x"}, {"users": "users.txt"}]
)
def test_others_may_name_no_folder_of_this_computer(
    encoder: FakeEncoder, tmp_path: Path, settings: dict[str, str]
) -> None:
    (tmp_path / "may.txt").write_text("It rained.")
    with Assistant.open(encoder=encoder, settings=Settings.load(**settings)) as assistant:
        news = last(Shelf(desk(assistant)).follow(str(tmp_path), ""))
        assert "only where nobody else can use the page" in news
        assert assistant.documents() == []


def test_removing_takes_the_uploaded_files_and_no_other(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path / "a", rain="It rained.", in__snow="It snowed.")
    mine = tmp_path / "mine.txt"
    mine.write_text("The river rose.")
    assistant.add([mine])
    shelf = Shelf(desk(assistant))
    assert "mine.txt: removed" in last(shelf.remove("", event(names=["mine.txt"])))
    news = last(shelf.remove("", event(names=["rain.txt", "snow.txt"])))
    assert "2 removed" in news
    assert assistant.documents() == []
    assert kept(assistant) == []
    assert mine.exists()


def test_removing_what_is_gone_says_so_and_the_rest_goes_on(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path / "a", rain="It rained.")
    html = list(Shelf(desk(assistant)).remove("", event(names=["<b>gone</b>.txt", "rain.txt"])))
    news = html[-1][0]
    assert "&lt;b&gt;gone&lt;/b&gt;.txt" in news
    assert "1 failed, 1 removed" in visible(news)
    assert names(assistant) == []


def test_a_document_is_read_again(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path / "a", rain="It rained.", snow="It snowed.")
    shelf = Shelf(desk(assistant))
    assert "2 updated" in last(shelf.reread("", event(names=["rain.txt", "snow.txt"])))
    (assistant.folder / "uploads" / "rain.txt").unlink()
    news = last(shelf.reread("", event(names=["rain.txt"])))
    assert "rain.txt: failed" in news
    assert "does not exist" in news
    assert names(assistant) == ["rain.txt", "snow.txt"]


def test_an_unforeseen_error_is_told_and_logged(
    assistant: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("disk on fire")

    monkeypatch.setattr(assistant, "add", fail)
    assert "Something went wrong" in add(assistant, tmp_path / "a", a="x")
    assert "disk on fire" in caplog.text
