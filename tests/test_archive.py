"""An index moves as one file, and nothing that is not sound gets in."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import archive, health
from assistant.errors import ArchiveError, IndexMismatch
from assistant.holdings import Outcome
from assistant.index import CATALOG
from tests.fakes import FakeEncoder
from tests.indexes import opened, outcomes, passages, prose, write


@pytest.fixture
def exported(tmp_path: Path, encoder: FakeEncoder) -> Path:
    """Return an index with an upload, as one file."""
    with opened(tmp_path / "index", encoder) as index:
        index.add([write(tmp_path / "files" / "pears.txt", prose("pears"))])
        index.add([write(index.folder / "uploads" / "mine.txt", "The heron waits.")])
        archive.save(index, tmp_path / "index.zip")
    return tmp_path / "index.zip"


def load(file: Path, encoder: FakeEncoder, name: str = "new") -> archive.Moved:
    return archive.load(file, file.parent / "indexes" / name, encoder.name, lambda _: encoder)


def test_an_index_is_the_same_elsewhere(
    exported: Path, encoder: FakeEncoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    encoded = len(encoder.encoded)
    moved = load(exported, encoder)
    assert (moved.index, moved.documents) == ("new", 2)
    assert len(encoder.encoded) == encoded
    with opened(tmp_path / "indexes" / "new", encoder, create=False) as new:
        with opened(tmp_path / "index", encoder) as old:
            assert str(passages(new)) == str(passages(old))
        assert caplog.text == ""
        assert health.verify(new).ok
        uploaded = new.folder / "uploads" / "mine.txt"
        assert uploaded.read_text() == "The heron waits."
        assert new.catalog.document("mine.txt").source == str(uploaded)
        # The file is found where it lies now, and nothing is encoded again.
        (tmp_path / "files").rename(tmp_path / "moved")
        assert outcomes(new, tmp_path / "moved") == {"pears.txt": Outcome.RENAMED}
        assert len(encoder.encoded) == encoded
        new.remove("mine.txt")
        assert not uploaded.exists()
    assert sorted(path.name for path in (tmp_path / "indexes").iterdir()) == ["new"]


def test_what_is_written_meanwhile_is_not_in_it(
    exported: Path, encoder: FakeEncoder, tmp_path: Path
) -> None:
    with opened(tmp_path / "index", encoder) as index:
        index.add([write(tmp_path / "later.txt", "Later on.")])
    assert load(exported, encoder).documents == 2


def test_an_index_that_is_there_is_not_replaced(exported: Path, encoder: FakeEncoder) -> None:
    load(exported, encoder)
    with pytest.raises(ArchiveError, match="already"):
        load(exported, encoder)


def test_another_encoder_is_named(exported: Path) -> None:
    with pytest.raises(IndexMismatch, match="ASSISTANT_ENCODER=fake"):
        load(exported, FakeEncoder("other"))


def test_where_nothing_can_be_written_it_says_so(tmp_path: Path, encoder: FakeEncoder) -> None:
    (tmp_path / "file").touch()
    with opened(tmp_path / "index", encoder) as index, pytest.raises(ArchiveError, match="written"):
        archive.save(index, tmp_path / "file" / "index.zip")


# -- what must not get in --------------------------------------------------------------------------

Members = dict[str, bytes]


def doctored(exported: Path, change: Callable[[Members], None]) -> Path:
    """Return the archive with its members changed, and the manifest agreeing unless changed."""
    with zipfile.ZipFile(exported) as archive_:
        members = {name: archive_.read(name) for name in archive_.namelist()}
    told = members["manifest.json"]
    change(members)
    if members.get("manifest.json") == told:
        manifest = json.loads(told)
        manifest["members"] = {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in members.items()
            if name != "manifest.json"
        }
        members["manifest.json"] = json.dumps(manifest).encode()
    path = exported.with_name("doctored.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive_:
        for name, data in members.items():
            archive_.writestr(name, data)
    return path


def _run(statement: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        path = Path("catalog")
        path.write_bytes(members[CATALOG])
        connection = sqlite3.connect(path)
        connection.execute(statement)
        connection.commit()
        connection.close()
        members[CATALOG] = path.read_bytes()

    return change


def _manifest(**facts: object) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        manifest = json.loads(members["manifest.json"]) | facts
        members["manifest.json"] = json.dumps(manifest).encode()

    return change


def _named(name: str) -> Callable[[Members], None]:
    return lambda members: members.update({name: b"x"})


def _bomb(members: Members) -> None:
    members["uploads/zeros.txt"] = bytes(50_000_000)


def _longer_than_said(members: Members) -> None:
    told = json.loads(members["manifest.json"])
    told["members"]["uploads/mine.txt"]["bytes"] = 3
    members["manifest.json"] = json.dumps(told).encode()


def _flipped(members: Members) -> None:
    data = bytearray(members[CATALOG])
    for at in range(4096, len(data), 4096):
        data[at] ^= 255
    members[CATALOG] = bytes(data)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda members: members.pop("manifest.json"), "no exported index"),
        (lambda members: members.update({"manifest.json": b"[" * 10**5}), "no exported index"),
        (_manifest(archive=9), "another version"),
        (_manifest(surprise=1), "no exported index"),
        (_manifest(members={}), "does not hold"),
        (_named("../evil.txt"), "does not belong"),
        (_named("/etc/evil.txt"), "does not belong"),
        (_named("uploads/../evil.txt"), "does not belong"),
        (_named("uploads/a\\..\\evil.txt"), "does not belong"),
        (_named("uploads/.."), "does not belong"),
        (_named("chroma/chroma.sqlite3"), "does not belong"),
        (_bomb, "no exported index does"),
        (_longer_than_said, "changed or damaged"),
        (_flipped, "catalog is"),
        (lambda members: members.update({CATALOG: b"no database" * 999}), "catalog is damaged"),
        (
            _run("CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM documents; END"),
            "programs",
        ),
        (_run("CREATE VIEW v AS SELECT 1"), "programs"),
        (_run("CREATE TABLE more (x)"), "other tables"),
        (_run("DROP TABLE pending"), "other tables"),
        (_run("UPDATE meta SET value = '1' WHERE key = 'format'"), "a format"),
        (_run("UPDATE meta SET value = '3' WHERE key = 'format'"), "catalog is damaged"),
    ],
)
def test_what_is_not_sound_is_refused_and_leaves_nothing(
    exported: Path, encoder: FakeEncoder, change: Callable[[Members], None], said: str
) -> None:
    with pytest.raises(ArchiveError, match=said):
        load(doctored(exported, change), encoder)
    assert list((exported.parent / "indexes").iterdir()) == []
    assert not list(exported.parent.rglob("evil.txt"))


@pytest.mark.parametrize("data", [b"", b"no zip", None])
def test_a_file_that_is_no_archive_is_named(
    tmp_path: Path, encoder: FakeEncoder, data: bytes | None
) -> None:
    path = tmp_path / "a.zip"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ArchiveError, match=r"a\.zip"):
        load(path, encoder)


def test_a_truncated_archive_is_refused(exported: Path, encoder: FakeEncoder) -> None:
    whole = exported.read_bytes()
    for length in (len(whole) // 3, len(whole) - 30):
        exported.write_bytes(whole[:length])
        with pytest.raises(ArchiveError):
            load(exported, encoder)
