"""The threshold of an index: measured on its own documents, by the rate that is tolerated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import calibration
from assistant.assistant import Assistant
from assistant.settings import Settings
from tests.fakes import FakeEncoder

TOPICS = "herons mills ferries clocks glaciers orchards bridges libraries castles harbours".split()


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Assistant]:
    """Return an assistant over ten documents on as many topics."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for number, topic in enumerate(TOPICS):
        told = f"The {topic} of county {number} were counted twice by inspector Brown{number}."
        (folder / f"{topic}.txt").write_text(f"{told} Nobody objected to {topic}.", "utf-8")
    with Assistant.open(tmp_path / "index", encoder=FakeEncoder()) as opened:
        opened.add([folder])
        yield opened


def noted(assistant: Assistant) -> dict[str, object]:
    note: dict[str, object] = json.loads(assistant._index.catalog.meta("calibration") or "{}")
    return note


def test_an_index_is_measured_when_documents_are_added(many: Assistant) -> None:
    assert noted(many)["documents"] == len(TOPICS)
    wrong = noted(many)["wrong"]
    assert isinstance(wrong, list)
    assert wrong == sorted(wrong)
    assert all(0.0 <= probability <= 1.0 for probability in wrong)


def test_little_change_is_not_measured_again(many: Assistant, tmp_path: Path) -> None:
    before = noted(many)
    (tmp_path / "one.txt").write_text("One more text about one more lighthouse.", "utf-8")
    many.add([tmp_path / "one.txt"])
    assert noted(many) == before


def test_what_was_measured_with_other_weights_does_not_count(many: Assistant) -> None:
    catalog = many._index.catalog
    old = noted(many) | {"weights": [0.0, 1.0, 0.0], "wrong": [0.999] * 48}
    catalog.set_meta(calibration=json.dumps(old))
    assert calibration.threshold(catalog, 0.05) == pytest.approx(0.281)
    calibration.calibrate(catalog, many._index.dense, many._index.encoder)
    assert noted(many)["wrong"] != old["wrong"]


def test_an_index_is_measured_when_a_folder_is_synced(many: Assistant, tmp_path: Path) -> None:
    for topic in TOPICS[:4]:
        (tmp_path / "texts" / f"{topic}.txt").unlink()
    many.sync([tmp_path / "texts"])
    assert noted(many)["documents"] == len(TOPICS)  # too few are left
    for number in range(30):
        text = f"The lighthouse of bay {number} was painted by keeper Gray{number} in spring."
        (tmp_path / "texts" / f"bay-{number}.txt").write_text(text, "utf-8")
    many.sync()
    assert noted(many)["documents"] == len(TOPICS) - 4 + 30


def test_few_documents_are_not_measured(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("The heron waits in the reeds.", "utf-8")
    with Assistant.open(tmp_path / "index", encoder=FakeEncoder()) as assistant:
        assistant.add([tmp_path / "one.txt"])
        assert noted(assistant) == {}
        assert calibration.threshold(assistant._index.catalog, 0.05) == pytest.approx(0.281)


def test_who_tolerates_less_is_refused_more(many: Assistant) -> None:
    catalog = many._index.catalog
    thresholds = [calibration.threshold(catalog, rate) for rate in (0.01, 0.05, 0.2, 0.5, 0.99)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert all(0.0 < threshold < 1.0 for threshold in thresholds)


def test_the_setting_decides(many: Assistant, tmp_path: Path) -> None:
    question = "Which bishops counted the herons?"
    judged = many._judge(many._search(question, 8))
    catalog = many._index.catalog
    rates = [0.001 * step for step in range(1, 1000, 7)]
    bold = next(r for r in rates if calibration.threshold(catalog, r) <= judged.probability)
    settings = Settings.load(wrong_answers=bold)
    with Assistant.open(tmp_path / "index", settings=settings, encoder=FakeEncoder()) as opened:
        assert not opened.ask(question).refused
    careful = next(
        r for r in reversed(rates) if calibration.threshold(catalog, r) > judged.probability
    )
    settings = Settings.load(wrong_answers=careful)
    with Assistant.open(tmp_path / "index", settings=settings, encoder=FakeEncoder()) as opened:
        assert opened.ask(question).refused
