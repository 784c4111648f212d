"""What was meant by a question with slips, as the documents spell it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import spelling
from assistant.assistant import Assistant
from assistant.catalog import Catalog
from assistant.index import CATALOG
from assistant.query import parse
from assistant.settings import Settings
from tests.fakes import FakeEncoder


class Learning(FakeEncoder):
    """Knows no word whole."""

    def count_tokens(self, text: str) -> int:
        return max(2, super().count_tokens(text))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    (tmp_path / "a.txt").write_text(
        "President Calderón praised the helicopters. Only two of them flew in 2009. No others did.",
        "utf-8",
    )
    settings = Settings.load(encoder="fake", indexes=tmp_path / "ix")
    with Assistant.open("a", settings=settings, encoder=FakeEncoder()) as engine:
        engine.add([tmp_path / "a.txt"])
    opened = Catalog(tmp_path / "ix" / "a" / CATALOG)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Who was Calderron?", "Who was Calderón?"),
        ("Who praised the helicoptres?", "Who praised the helicopters?"),
        ("calderon's helicopter", "calderon's helicopter"),
        ("Did the walrus fly in 2008?", "Did the walrus fly in 2008?"),
        ('Who was "Calderron"?', 'Who was "Calderron"?'),
        ('Which helicoptres did "Calderron" get?', 'Which helicopters did "Calderron" get?'),
        ("Who was Calderno?", "Who was Calderón?"),
        ("Who was Calberon?", "Who was Calberon?"),
        ("who was calberon?", "who was Calderón?"),
        ("Hwo old si it?", "Hwo old si it?"),
        ("How many otters flew?", "How many otters flew?"),
    ],
)
def test_a_slip_is_mended_as_the_documents_spell_the_word(
    catalog: Catalog, asked: str, meant: str
) -> None:
    assert spelling.mended(catalog, Learning(), parse(asked)).text == meant


def test_a_word_that_the_encoder_knows_is_no_slip(catalog: Catalog) -> None:
    asked = parse("Who praises the helicoptres?")
    assert spelling.mended(catalog, FakeEncoder(), asked) == asked


@pytest.mark.model
@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Who parsed it?", "Who parsed it?"),
        ("Did the presidency fly?", "Did the presidency fly?"),
        ("Which helicoptres flew?", "Which helicopters flew?"),
    ],
)
def test_the_bundled_encoder_tells_words_from_slips(
    catalog: Catalog, asked: str, meant: str
) -> None:
    from assistant.encoder import load_encoder

    assert spelling.mended(catalog, load_encoder(), parse(asked)).text == meant


def test_a_limit_is_no_word_to_mend(catalog: Catalog) -> None:
    found = spelling.mended(catalog, Learning(), parse("Calderron type:txt -helicoptres"))
    assert found.text == "Calderón"
    assert (found.types, found.without) == (("txt",), ("helicoptres",))


def test_an_answer_tells_what_was_searched_for(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("President Calderón praised the helicopters.", "utf-8")
    settings = Settings.load(encoder="fake", indexes=tmp_path / "ix")
    with Assistant.open("a", settings=settings, encoder=Learning(dimensions=256)) as engine:
        engine.add([tmp_path / "a.txt"])
        answer = engine.ask("Who praised the helicoptres?")
    assert answer.question == "Who praised the helicoptres?"
    assert answer.standalone == "Who praised the helicopters?"
    assert not answer.refused
