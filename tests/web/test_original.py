"""Only files that the index knows are opened, and only while they are the very same."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.loading import Limits
from assistant.web.original import Original, original
from tests.fakes import FakeEncoder
from tests.loading.pdfs import pdf_bytes

RAIN = pdf_bytes(["It rained on Monday."])


@pytest.fixture
def assistant(encoder: FakeEncoder) -> Iterator[Assistant]:
    with Assistant.open(encoder=encoder) as assistant:
        yield assistant


def opened(assistant: Assistant, name: str) -> Original:
    return original(assistant.index, assistant.document(name), Limits())


def test_a_file_that_is_the_same_is_opened(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "rain.pdf").write_bytes(RAIN)
    assistant.add([tmp_path / "rain.pdf"])
    assert opened(assistant, "rain.pdf") == (RAIN, "")


def test_a_file_that_changed_is_not(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "rain.pdf").write_bytes(RAIN)
    assistant.add([tmp_path / "rain.pdf"])
    (tmp_path / "rain.pdf").write_bytes(pdf_bytes(["Something else."]))
    data, remark = opened(assistant, "rain.pdf")
    assert data is None
    assert "has changed since it was indexed" in remark


def test_a_file_that_is_gone_is_said_to_be(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "rain.pdf").write_bytes(RAIN)
    assistant.add([tmp_path / "rain.pdf"])
    (tmp_path / "rain.pdf").unlink()
    data, remark = opened(assistant, "rain.pdf")
    assert data is None
    assert "no longer where it was" in remark


def test_a_copy_elsewhere_stands_in(assistant: Assistant, tmp_path: Path) -> None:
    for name in ("rain.pdf", "copy.pdf"):
        (tmp_path / name).write_bytes(RAIN)
        assistant.add([tmp_path / name])
    (tmp_path / "rain.pdf").write_bytes(b"something else")
    assert opened(assistant, "rain.pdf").data == RAIN


def test_a_link_put_in_its_place_opens_nothing_else(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text("It rained.")
    (tmp_path / "secret.txt").write_text("The password is kept here.")
    assistant.add([tmp_path / "rain.txt"])
    (tmp_path / "rain.txt").unlink()
    (tmp_path / "rain.txt").symlink_to(tmp_path / "secret.txt")
    assert opened(assistant, "rain.txt").data is None


def test_a_pdf_in_an_archive_is_opened_and_other_members_are_not(
    assistant: Assistant, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("rain.pdf", RAIN)
        archive.writestr("snow.txt", "It snowed.")
    assistant.add([tmp_path / "all.zip"])
    assert opened(assistant, "all.zip/rain.pdf").data == RAIN
    assert opened(assistant, "all.zip/snow.txt") == (None, "")
