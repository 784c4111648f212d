"""Several indexes in one program: opened when asked for, with the same models, none lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.encoder import Encoders
from assistant.errors import IndexBusy, IndexMismatch, IndexNotFound, SettingsError
from assistant.folders import Listed
from assistant.holdings import Outcome, Progress
from assistant.indexes import Indexes
from assistant.settings import Settings
from tests.fakes import FakeChatModel, FakeEncoder
from tests.indexes import opened, write


@pytest.fixture
def indexes(encoder: FakeEncoder) -> Iterator[Indexes]:
    with Assistant.open(encoder=encoder) as served, Indexes(served) as indexes:
        yield indexes


def add(indexes: Indexes, name: str, text: str, tmp_path: Path) -> None:
    indexes.get(name).add([write(tmp_path / "files" / f"{name or 'served'}.txt", text)])


def test_one_is_served_and_the_others_are_asked_for_by_name(
    indexes: Indexes, tmp_path: Path
) -> None:
    assert indexes.get() is indexes.get("default") is indexes.served
    assert indexes.create(" Reports  2009 ") == "Reports 2009"
    add(indexes, "Reports 2009", "The heron waits by the weir.", tmp_path)
    assert indexes.get("Reports 2009") is indexes.get("Reports 2009")
    assert indexes.served.documents() == []
    assert indexes.listed() == [Listed("default", 0), Listed("Reports 2009", 1)]
    assert indexes.opened() == [indexes.served, indexes.get("Reports 2009")]


@pytest.mark.parametrize("name", ["gone", "../indexes/reports", "reports/", "/etc", ".", ".."])
def test_what_is_no_name_of_an_index_is_none(indexes: Indexes, name: str) -> None:
    indexes.create("reports")
    with pytest.raises(IndexNotFound, match=r"There are: default, reports\."):
        indexes.get(name)


def test_an_index_from_elsewhere_is_served_beside_those_of_the_folder(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    with opened(Settings.load().indexes / "reports", encoder):
        pass
    with (
        Assistant.open(tmp_path / "elsewhere" / "mine", encoder=encoder) as served,
        Indexes(served) as indexes,
    ):
        assert indexes.names() == ["mine", "reports"]
        assert indexes.get("mine") is served
        for act in (lambda: indexes.delete("mine"), lambda: indexes.rename("mine", "yours")):
            with pytest.raises(SettingsError, match="started with"):
                act()
        with pytest.raises(SettingsError, match="started with"):
            indexes.create("mine")
    assert (tmp_path / "elsewhere" / "mine").is_dir()


def test_the_models_are_loaded_once_for_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    loaded = []

    def load(*_: object) -> FakeEncoder:
        loaded.append(FakeEncoder())
        return loaded[-1]

    monkeypatch.setattr("assistant.collection.load_encoder", load)
    model = FakeChatModel(replies=[])
    with Assistant.open(chat_model=model) as served, Indexes(served) as indexes:
        add(indexes, "", "It rained.", tmp_path)
        indexes.create("reports")
        add(indexes, "reports", "It snowed.", tmp_path)
        assert len({id(one.index.encoder) for one in indexes.opened()}) == 1
        assert indexes.get("reports").model_name == model.get_name()


def test_an_encoder_is_loaded_for_each_precision_only() -> None:
    loaded = []

    def load(precision: str) -> FakeEncoder:
        encoder = FakeEncoder()
        encoder.precision = precision or "f32"
        loaded.append(encoder)
        return encoder

    encoders = Encoders(load)
    assert encoders("f32") is encoders("") is encoders("f32")
    assert encoders("bf16") is not encoders("f32")
    assert encoders("bf16") is encoders("bf16")
    assert [encoder.precision for encoder in loaded] == ["f32", "f32", "bf16"]


def test_one_that_can_not_be_opened_says_why_and_the_others_go_on(
    indexes: Indexes, tmp_path: Path
) -> None:
    with opened(indexes.folder / "foreign", FakeEncoder("another")):
        pass
    with pytest.raises(IndexMismatch, match="'another'"):
        indexes.get("foreign")
    add(indexes, "", "It rained.", tmp_path)
    assert len(indexes.get().retrieve("rain", 1)) == 1
    assert Listed("foreign", 0) in indexes.listed()
    indexes.delete("foreign")
    assert indexes.names() == ["default"]


def test_one_that_is_open_is_renamed_and_goes_on(indexes: Indexes, tmp_path: Path) -> None:
    indexes.create("reports")
    add(indexes, "reports", "The heron waits by the weir.", tmp_path)
    before = indexes.get("reports")
    talk, _ = before.conversations.begin("me", "", "Where?")
    assert indexes.rename("reports", "Herons") == "Herons"
    assert indexes.names() == ["Herons", "default"]
    with pytest.raises(IndexNotFound):
        indexes.get("reports")
    now = indexes.get("Herons")
    assert now is not before
    assert [one.name for one in now.documents()] == ["reports.txt"]
    assert len(now.conversations.get("me", talk).exchanges) == 1


def test_one_that_is_open_is_deleted(indexes: Indexes, tmp_path: Path) -> None:
    indexes.create("reports")
    add(indexes, "reports", "The heron waits by the weir.", tmp_path)
    indexes.get("reports").conversations.begin("me", "", "Where?")
    indexes.delete("reports")
    assert indexes.names() == ["default"]
    assert [path.name for path in indexes.folder.iterdir()] == ["default"]
    # Another may be made in its place, and has nothing of it.
    indexes.create("reports")
    assert indexes.get("reports").counts() == (0, 0, 0)
    assert indexes.get("reports").conversations.listed("me") == []


def test_one_that_another_program_has_open_stays_and_goes_on(
    indexes: Indexes, tmp_path: Path, encoder: FakeEncoder
) -> None:
    indexes.create("reports")
    add(indexes, "reports", "The heron waits by the weir.", tmp_path)
    with opened(indexes.folder / "reports", encoder, create=False) as other:
        assert other.catalog.counts()[0] == 1
        for act in (lambda: indexes.delete("reports"), lambda: indexes.rename("reports", "x")):
            with pytest.raises(IndexBusy, match="'reports' is in use"):
                act()
        assert indexes.get("reports").counts()[0] == 1


def test_what_a_broken_deletion_left_goes_at_the_next_start(
    indexes: Indexes, encoder: FakeEncoder
) -> None:
    left = indexes.folder / ".deleted-0123"
    left.mkdir()
    (left / "catalog.sqlite3").write_text("secret")
    Indexes(indexes.served)
    assert not left.exists()


def test_one_that_is_being_written_to_stays_and_the_writing_goes_on(
    indexes: Indexes, tmp_path: Path
) -> None:
    indexes.create("reports")
    writing = indexes.get("reports")
    tried: list[str] = []

    def try_both(_: Progress) -> None:
        for act in (lambda: indexes.delete("reports"), lambda: indexes.rename("reports", "x")):
            with pytest.raises(IndexBusy, match="'reports' is in use"):
                act()
            tried.append("refused")

    files = [write(tmp_path / "files" / f"{name}.txt", f"The {name} waits.") for name in ("a", "b")]
    reports = writing.add(files, on_progress=try_both)
    assert "refused" in tried
    assert [report.outcome for report in reports] == [Outcome.ADDED] * 2
    assert indexes.get("reports") is writing
    assert indexes.names() == ["default", "reports"]


def test_what_still_has_one_that_went_makes_nothing_in_its_place(
    indexes: Indexes, tmp_path: Path
) -> None:
    file = write(tmp_path / "files" / "heron.txt", "The heron waits.")
    for name, go in (
        ("reports", lambda: indexes.rename("reports", "Herons")),
        ("letters", lambda: indexes.delete("letters")),
    ):
        indexes.create(name)
        left = indexes.get(name)
        go()
        with pytest.raises(IndexNotFound, match=rf"no index '{name}' in .* any more"):
            left.add([file])
        left.close()
        assert not (indexes.folder / name).exists()
    assert indexes.names() == ["Herons", "default"]
