"""What fails or is cancelled never costs what the index holds."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from assistant import uploads as files
from assistant.assistant import Assistant
from assistant.errors import LoadError, Stopped
from assistant.holdings import FileReport, OnProgress, Progress
from assistant.uploads import earlier, uploaded
from assistant.web import uploads
from assistant.web.shelf import Shelf
from assistant.web.uploads import Upload, keep
from assistant.web.work import Work
from tests.fakes import FakeEncoder
from tests.web.samples import desk, event, last


@pytest.fixture
def assistant(encoder: FakeEncoder) -> Iterator[Assistant]:
    with Assistant.open(encoder=encoder) as assistant:
        yield assistant


def sent(folder: Path, name: str, content: str | bytes) -> Upload:
    path = folder / "sent" / name.replace("/", "-")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return Upload(path, name)


def add(assistant: Assistant, folder: Path, **contents: str) -> list[FileReport]:
    """Upload texts and add them; two underscores stand for a folder."""
    names = {f"{stem.replace('__', '/')}.txt": text for stem, text in contents.items()}
    return uploads.add(
        assistant, keep([sent(folder, *one) for one in names.items()], assistant.folder)
    )


def cancelled(_: Progress) -> None:
    raise Stopped("Enough.")


def kept(assistant: Assistant) -> dict[str, str]:
    """Return all there is in the folder of uploads, hidden or not."""
    folder = assistant.folder / "uploads"
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def texts(assistant: Assistant) -> dict[str, str]:
    return {d.name: assistant.document(d.name).text.strip() for d in assistant.documents()}


def held(hold: threading.Event, _: OnProgress) -> list[FileReport]:
    """Stand for earlier work, which has others wait."""
    hold.wait(60)
    return []


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_RUN", ".earlier-" + "0" * 8 + "-")


def test_cancelling_leaves_what_was_in_the_folder_before(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path, rep__a="It rained.", rep__b="It snowed.")
    before = kept(assistant)
    new = keep([sent(tmp_path, "rep/new.txt", "It hailed.")], assistant.folder)
    reports = uploads.add(assistant, new, cancelled)
    assert [(report.name, report.outcome) for report in reports] == [("new.txt", "stopped")]
    assert kept(assistant) == before == {"rep/a.txt": "It rained.", "rep/b.txt": "It snowed."}


def test_only_what_was_uploaded_is_reported(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path, rep__a="It rained.")
    (assistant.folder / "uploads" / "rep" / "a.txt").write_bytes(b"")
    reports = add(assistant, tmp_path, rep__new="It hailed.")
    assert [(report.name, report.outcome) for report in reports] == [("new.txt", "added")]
    assert set(kept(assistant)) == {"rep/a.txt", "rep/new.txt"}


def test_a_replacement_that_fails_gives_way_to_the_earlier_version(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path, solo="It rained.")
    [report] = add(assistant, tmp_path, solo="")
    assert report.outcome == "failed"
    assert kept(assistant) == {"solo.txt": "It rained."}


def test_a_replacement_that_is_cancelled_gives_way_to_the_earlier_version(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path, solo="It rained.")
    uploads.add(
        assistant, keep([sent(tmp_path, "solo.txt", "It snowed.")], assistant.folder), cancelled
    )
    assert kept(assistant) == {"solo.txt": "It rained."}
    assert texts(assistant) == {"solo.txt": "It rained."}


def test_of_a_replacement_that_is_added_no_earlier_version_is_kept(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path, solo="It rained.")
    new = keep([sent(tmp_path, "solo.txt", "It snowed.")], assistant.folder)
    assert list(uploaded(assistant.folder)) == new
    uploads.add(assistant, new)
    assert kept(assistant) == {"solo.txt": "It snowed."}
    assert texts(assistant) == {"solo.txt": "It snowed."}


def test_what_goes_wrong_altogether_costs_nothing(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("disk on fire")

    add(assistant, tmp_path, solo="It rained.")
    monkeypatch.setattr(assistant, "add", fail)
    with pytest.raises(RuntimeError, match="on fire"):
        add(assistant, tmp_path, solo="It snowed.", new="It hailed.")
    assert kept(assistant) == {"solo.txt": "It rained."}


@pytest.mark.parametrize("done", [True, False])
def test_after_a_kill_each_file_is_what_the_index_holds(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, done: bool
) -> None:
    add(assistant, tmp_path, solo="It rained.")
    new = keep([sent(tmp_path, "solo.txt", "It snowed.")], assistant.folder)
    if done:
        assistant.add(new)
    another_process(monkeypatch)
    add(assistant, tmp_path, other="It hailed.")
    held = "It snowed." if done else "It rained."
    assert texts(assistant)["solo.txt"] == held
    assert kept(assistant) == {"other.txt": "It hailed.", "solo.txt": held}


def test_after_a_kill_a_replacement_that_fails_again_costs_nothing(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(assistant, tmp_path, solo="It rained.")
    keep([sent(tmp_path, "solo.txt", "It snowed.")], assistant.folder)
    another_process(monkeypatch)
    add(assistant, tmp_path, solo="")
    assert kept(assistant) == {"solo.txt": "It rained."}


def test_what_waits_for_its_turn_is_left_alone(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path, solo="It rained.")
    waiting = keep([sent(tmp_path, "solo.txt", "It snowed.")], assistant.folder)
    add(assistant, tmp_path, other="It hailed.")
    uploads.add(assistant, waiting)
    assert kept(assistant) == {"other.txt": "It hailed.", "solo.txt": "It snowed."}


def test_a_removed_document_takes_its_earlier_versions_along(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path, solo="It rained.")
    keep([sent(tmp_path, "solo.txt", "It snowed.")], assistant.folder)
    assistant.remove("solo.txt")
    assert kept(assistant) == {}


def test_an_archive_is_replaced_as_one_file(assistant: Assistant, tmp_path: Path) -> None:
    def zipped(**members: str) -> list[Path]:
        with zipfile.ZipFile(tmp_path / "made.zip", "w") as archive:
            for stem, text in members.items():
                archive.writestr(f"{stem}.txt", text)
        content = (tmp_path / "made.zip").read_bytes()
        return keep([sent(tmp_path, "both.zip", content)], assistant.folder)

    uploads.add(assistant, zipped(a="It rained.", b="It snowed."))
    [archive] = uploaded(assistant.folder)
    before = archive.read_bytes()
    uploads.add(assistant, zipped(a="It hailed.", b="It blew."), cancelled)
    assert archive.read_bytes() == before
    reports = uploads.add(assistant, zipped(a="It hailed.", b=""))
    assert {report.name: report.outcome for report in reports} == {
        "a.txt": "updated",
        "b.txt": "failed",
    }
    assert archive.read_bytes() != before
    assert list(archive.parent.iterdir()) == [archive]


def test_keeping_that_fails_halfway_leaves_all_as_it_was(
    assistant: Assistant, tmp_path: Path
) -> None:
    add(assistant, tmp_path, solo="It rained.", block="It thundered.")
    before = kept(assistant)
    new = {"solo.txt": "It snowed.", "deep/new.txt": "It hailed.", "block.txt/x.txt": "It blew."}
    with pytest.raises(LoadError, match=r"x\.txt can't be kept"):
        keep([sent(tmp_path, *one) for one in new.items()], assistant.folder)
    assert kept(assistant) == before
    assert not (assistant.folder / "uploads" / "deep").exists()


def test_a_file_that_cannot_be_copied_leaves_no_second_copy_of_the_earlier(
    assistant: Assistant, tmp_path: Path
) -> None:
    [file] = keep([sent(tmp_path, "solo.txt", "It rained.")], assistant.folder)
    gone = Upload(tmp_path / "gone.txt", "solo.txt")
    with pytest.raises(LoadError, match=r"solo\.txt can't be kept"):
        keep([gone], assistant.folder)
    assert not earlier(file).exists()
    assert kept(assistant) == {"solo.txt": "It rained."}


def test_an_upload_that_is_cancelled_costs_nothing_of_an_earlier_one(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(assistant, tmp_path, reports__may="It rained.", solo="It snowed.")
    monkeypatch.setattr(uploads, "received", lambda path, name: Upload(Path(path), name))
    files = []
    for name, text in (("reports/june.txt", "It hailed."), ("solo.txt", "It blew.")):
        sent = tmp_path / name.replace("/", "-")
        sent.write_text(text)
        files.append({"path": str(sent), "name": name})
    shelf = Shelf(desk(assistant))
    hold = threading.Event()
    shelf.works.begin(assistant.folder, Work("Waiting", partial(held, hold), list))
    news = shelf.add("", event(files=files))
    next(news)
    shelf.cancel("")
    hold.set()
    said = last(news)
    assert "june.txt: cancelled" in said
    assert "may.txt" not in said
    assert kept(assistant) == {"reports/may.txt": "It rained.", "solo.txt": "It snowed."}


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_name_that_is_uploaded_twice_is_what_was_uploaded_last(
    assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cancelled: bool
) -> None:
    monkeypatch.setattr(uploads, "received", lambda path, name: Upload(Path(path), name))
    shelf = Shelf(desk(assistant))
    hold = threading.Event()
    shelf.works.begin(assistant.folder, Work("Waiting", partial(held, hold), list))
    news = []
    for text in ("It rained.", "It snowed."):
        path = sent(tmp_path, f"{text}.txt", text).path
        news.append(shelf.add("", event(files=[{"path": str(path), "name": "solo.txt"}])))
        next(news[-1])
    if cancelled:
        shelf.works.going(assistant.folder)[1].cancel()
    hold.set()
    said = last(news[-1])
    assert ("solo.txt: cancelled" in said) == cancelled
    assert ("solo.txt: added" in said) == cancelled or "solo.txt: updated" in said
    assert texts(assistant) == kept(assistant) == {"solo.txt": "It snowed."}


@pytest.mark.parametrize(("done", "left"), [(0, ["rain.txt", "snow.txt"]), (1, ["snow.txt"])])
def test_a_removal_that_is_cancelled_takes_nothing_further(
    assistant: Assistant, tmp_path: Path, done: int, left: list[str]
) -> None:
    add(assistant, tmp_path, rain="It rained.", snow="It snowed.")
    shelf, remove = Shelf(desk(assistant)), assistant.remove

    def removed(document: str) -> None:
        remove(document)
        shelf.cancel("")

    assistant.remove = removed  # type: ignore[method-assign]
    hold = threading.Event()
    shelf.works.begin(assistant.folder, Work("Waiting", partial(held, hold), list))
    news = shelf.remove("", event(names=["rain.txt", "snow.txt"]))
    next(news)
    if not done:
        shelf.cancel("")
    hold.set()
    said = last(news)
    assert ("rain.txt: removed" if done else "rain.txt: cancelled") in said
    assert "snow.txt: cancelled" in said
    assert list(texts(assistant)) == left
    assert sorted(kept(assistant)) == left
