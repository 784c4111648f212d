"""What was typed is read as a question and its limits; the limits hold, in every way in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import query
from assistant.assistant import Assistant
from assistant.errors import QueryError
from assistant.query import Query, holds_phrase
from assistant.settings import Settings
from assistant.text import words
from assistant.types import Vector
from tests.fakes import FakeEncoder

FILES = {
    "river/2009/weir.md": "# The weir\n\nThe heron waits by the old weir at dawn.",
    "river/2011/weir.txt": "The heron waits by the weir of old stones.",
    "field/crops.txt": "The rooks wait for the crops. Case 09MEXICO2882 was closed on 3 May 2009.",
    "field/costs.txt": "The rooks cost 1,400 pesos. Case 09MEXICO2883 was closed on 4 May 2009.",
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Assistant]:
    for name, text in FILES.items():
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, day in (("river/2009/weir.md", 1243900800), ("river/2011/weir.txt", 1306800000)):
        os.utime(tmp_path / "docs" / name, (day, day))
    settings = Settings.load(encoder="fake", indexes=tmp_path)
    with Assistant.open("a", settings=settings, encoder=FakeEncoder()) as opened:
        opened.add([tmp_path / "docs"])
        yield opened


def found(engine: Assistant, typed: str) -> set[str]:
    return {hit.passage.document for hit in engine.retrieve(typed)}


WEIRS = {"river/2009/weir.md", "river/2011/weir.txt"}


@pytest.mark.parametrize(
    ("limit", "left"),
    [
        ("", set(FILES)),
        ('"the old weir"', {"river/2009/weir.md"}),
        ("“THE OLD WEIR”", {"river/2009/weir.md"}),
        ('"old weirs"', set()),
        ("-stone", set(FILES) - {"river/2011/weir.txt"}),
        ('-"may 2009"', WEIRS),
        ("document:crops", {"field/crops.txt"}),
        ("document:field/crops.txt", {"field/crops.txt"}),
        ("document:WEIR.*", WEIRS),
        ("document:crops document:costs", {"field/crops.txt", "field/costs.txt"}),
        ("folder:river", WEIRS),
        ("folder:2009 type:md", {"river/2009/weir.md"}),
        ("folder:2009 type:txt", set()),
        ("type:.MD", {"river/2009/weir.md"}),
        ("date:2009", {"river/2009/weir.md"}),
        ("date:2009-06", {"river/2009/weir.md"}),
        ("date:2009-06-02", {"river/2009/weir.md"}),
        ("date:2009-07", set()),
        ("date:2009..2011", WEIRS),
        ("date:..2010", {"river/2009/weir.md"}),
        ("date:2012..", {"field/crops.txt", "field/costs.txt"}),
        ("page:1", set()),
    ],
)
def test_limits(engine: Assistant, limit: str, left: set[str]) -> None:
    assert found(engine, f"Who waits? {limit}") == left
    assert found(engine, f"{limit} who waits") == left


def test_what_is_left_is_ranked_as_ever(engine: Assistant) -> None:
    everything = engine.retrieve("Where does the heron wait?")
    limited = engine.retrieve("Where does the heron wait? type:txt")
    assert limited[0].passage.document == "river/2011/weir.txt"
    assert len(everything) == len(limited) + 1
    # What is limited is where to look, not how rare a word is.
    by_id = {hit.passage.id: hit.evidence for hit in everything}
    assert all(by_id[hit.passage.id] == hit.evidence for hit in limited)


@pytest.mark.parametrize("code", ["09MEXICO2882", "09MEXICO2883", "1,400", "3 May 2009", "4 May"])
def test_identifiers_dates_and_amounts_are_found_exactly(engine: Assistant, code: str) -> None:
    hits = engine.retrieve(f"What about {code}?")
    assert holds_phrase(hits[0].passage.text, code)
    assert all(holds_phrase(h.passage.text, code) for h in engine.retrieve(f'What of "{code}"?'))


def test_an_answer_keeps_to_the_limits(engine: Assistant) -> None:
    answer = engine.ask('Where does the heron wait? "the old weir"')
    assert not answer.refused
    assert {citation.document for citation in answer.citations} == {"river/2009/weir.md"}
    nowhere = engine.ask("Where does the heron wait? type:pdf")
    assert nowhere.refused
    assert "within the limits" in nowhere.reason


@pytest.mark.parametrize("typed", ["date:May", "date:2009-2010", "date:..", "page:x", "page:-2"])
def test_a_limit_that_means_nothing_is_refused(engine: Assistant, typed: str) -> None:
    with pytest.raises(QueryError, match=f"{typed} can't be understood"):
        engine.retrieve(f"Who waits? {typed}")


def test_limits_alone_are_no_question(engine: Assistant) -> None:
    with pytest.raises(QueryError, match="no question, only limits"):
        engine.retrieve("type:pdf -heron")


@pytest.mark.parametrize(
    "plain",
    [
        "What does a well-known follow-up cost?",
        "Is it -5 degrees, or 3 - 4?",
        "He said: wait",
        "the type: pdf",
        'an inch is 1"',
        "Who paid? http://example.org/page:3",
    ],
)
def test_a_plain_question_has_no_limits(plain: str) -> None:
    assert query.parse(plain) == Query(" ".join(plain.split()))


@given(st.text(max_size=80))
def test_anything_typed_is_read_or_refused_in_words(typed: str) -> None:
    with suppress(QueryError):
        assert len(query.parse(typed).text) <= len(typed)


@given(st.lists(st.sampled_from(["the", "old", "weir", "Mérida", "1,400"]), min_size=1, max_size=9))
def test_a_phrase_is_words_in_a_row(said: list[str]) -> None:
    for start in range(len(said)):
        for end in range(start + 1, len(said) + 1):
            assert holds_phrase(" ".join(said), " ".join(said[start:end]).upper())
    assert not holds_phrase(" ".join(said), " ".join([*said, "more"]))


def test_a_slip_in_a_rare_word_is_forgiven(tmp_path: Path) -> None:
    for number in range(30):
        name = "cormorant" if number == 7 else "sparrow"
        (tmp_path / f"{number}.txt").write_text(f"Page {number}: the {name} dives in the lake.")
    settings = Settings.load(encoder="fake", indexes=tmp_path / "ix")
    with Assistant.open("a", settings=settings, encoder=FakeEncoder()) as engine:
        engine.add([tmp_path])
        for slip in ("cormorant", "cormorent", "comorant", "cromorant"):
            assert engine.retrieve(f"Where is the {slip}?")[0].passage.document == "7.txt", slip
        answer = engine.ask("Does the walrus dive?")
        assert answer.refused
        assert "walrus" in answer.reason


def test_what_says_the_same_is_one_hit_with_several_sources(tmp_path: Path) -> None:
    said = "The governor said on {} that the bridge over the river Tula would be closed for repairs"
    for name, text in {
        "first.txt": said.format("Monday") + " until the rain ends and the water falls again.",
        "second.txt": said.format("monday") + ", until the rain ends and the water falls again!",
        "third.txt": said.format("Monday") + " for 30 days until the rain ends and water falls.",
        "other.txt": "Another bridge was opened to traffic by the mayor in the spring.",
    }.items():
        (tmp_path / name).write_text(text)
    settings = Settings.load(encoder="fake", indexes=tmp_path / "ix")
    with Assistant.open("a", settings=settings, encoder=FakeEncoder()) as engine:
        engine.add([tmp_path])
        hits = engine.retrieve("When would the bridge be closed?")
    sources = {h.passage.document: [also.document for also in h.also] for h in hits}
    assert sorted([*sources, *(name for also in sources.values() for name in also)]) == [
        "first.txt", "other.txt", "second.txt", "third.txt",
    ]  # fmt: skip
    (alike,) = [{name, *also} for name, also in sources.items() if also]
    assert alike == {"first.txt", "second.txt"}


def test_the_command_line_keeps_to_limits(
    engine: Assistant, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.cli import main

    monkeypatch.setenv("ASSISTANT_ENCODER", "fake")
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())
    place = str(engine.folder)
    assert main(["search", "Who waits? folder:field", "--json", "--index", place]) == 0
    documents = {hit["passage"]["document"] for hit in json.loads(capsys.readouterr().out)}
    assert documents == {"field/crops.txt", "field/costs.txt"}
    assert main(["search", "Who waits? page:x", "--index", place]) == 3
    assert "page:x can't be understood" in capsys.readouterr().err


def test_a_multilingual_encoder_finds_across_languages(tmp_path: Path) -> None:
    english = {"wo": "where", "wartet": "waits", "der": "the", "reiher": "heron", "wehr": "weir"}

    class Multilingual(FakeEncoder):
        def _vector(self, text: str) -> Vector:
            return super()._vector(" ".join(english.get(word, word) for word in words(text)))

    for name, text in FILES.items():
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settings = Settings.load(encoder="fake", indexes=tmp_path)
    with Assistant.open("a", settings=settings, encoder=Multilingual()) as engine:
        engine.add([tmp_path / "docs"])
        hits = engine.retrieve("Wo wartet der Reiher, der Reiher am Wehr?")
        assert {hit.passage.document for hit in hits[:2]} == WEIRS


def test_a_document_is_found_by_any_of_its_files(engine: Assistant, tmp_path: Path) -> None:
    copy = tmp_path / "archive" / "copy.log"
    copy.parent.mkdir()
    copy.write_text(FILES["field/crops.txt"], encoding="utf-8")
    engine.add([copy])
    for limit in ("folder:archive", "folder:field -costs", "document:copy.log", "type:log"):
        assert found(engine, f"rooks crops {limit}") == {"field/crops.txt"}


def test_a_page_beyond_all_is_no_error() -> None:
    (pages,) = query.parse("page:99999999999999999999 rain").pages
    assert pages == (10**9, 10**9)
