"""The evidence view: whole sentences, strongest first, each once, within the budget."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.errors import SettingsError
from assistant.excerpts import LEADING, excerpts
from assistant.settings import Settings
from assistant.text import sentence_spans
from assistant.types import Evidence, Excerpt, Hit, Passage, Span
from tests.fakes import FakeEncoder


def hit_of(text: str, strengths: list[float], score: float, document: str = "a.txt") -> Hit:
    """Return a hit whose passage begins at character 7 of its document."""
    spans = [(start + 7, end + 7) for start, end in sentence_spans(text)]
    passage = Passage(
        document, document, "T", text, 7, 7 + len(text), 2, "H", tuple(sentence_spans_at(text))
    )
    evidence = tuple(
        Evidence(start, end, text[start - 7 : end - 7], strength)
        for (start, end), strength in zip(spans, strengths, strict=True)
    )
    return Hit(passage, score, evidence)


def sentence_spans_at(text: str) -> list[Span]:
    return [Span(start + 7, end + 7) for start, end in sentence_spans(text)]


FIRST = hit_of("One is red. Two is green. Three is blue. Four is grey.", [0.1, 0.9, 0.2, 0.3], 0.8)
SECOND = hit_of("Five is pink. Six is gold.", [0.8, 0.1], 0.5, "b.txt")


def texts(found: list[Excerpt]) -> list[str]:
    return [excerpt.text for excerpt in found]


def test_the_strongest_sentences_come_first_then_those_near_them() -> None:
    assert texts(excerpts([FIRST, SECOND], 30, len)) == ["Two is green.", "Five is pink."]
    assert texts(excerpts([FIRST, SECOND], 1000, len)) == [
        FIRST.passage.text,
        SECOND.passage.text,
    ]


def test_sentences_near_a_strong_one_come_before_strong_ones_of_weak_hits() -> None:
    strong = hit_of("Red one. Blue two. Pink six. Gold ten. Grey elk.", [0.9, 0, 0, 0, 0], 0.9)
    weak = [hit_of("Green cow. Brown fox.", [0.1, 0.1], 0.1, f"{n}.txt") for n in range(4)]
    found = excerpts([strong, *weak], len(strong.passage.text), len)
    assert found[0].text.startswith("Red one. Blue two. Pink six.")


def test_an_excerpt_says_where_it_stands() -> None:
    first = excerpts([FIRST], 1000, len)[0]
    assert (first.document, first.title, first.page, first.heading) == ("a.txt", "T", 2, "H")
    assert first.text == FIRST.passage.text[first.start - 7 : first.end - 7]
    assert first.score == pytest.approx((0.9 + 0.5 * 0.8) / 1.5)


def test_what_does_not_fit_is_left_out_and_the_rest_goes_on() -> None:
    assert texts(excerpts([FIRST, SECOND], 30, len)) == ["Two is green.", "Five is pink."]
    assert texts(excerpts([FIRST], 12, len)) == ["One is red."]
    assert excerpts([FIRST], 3, len) == []
    assert excerpts([], 100, len) == []


@given(
    st.lists(
        st.tuples(
            st.lists(
                st.sampled_from(["Aa b.", "Cc dd ee.", "F\n\nGg hh."]), min_size=1, max_size=6
            ),
            st.lists(st.floats(0, 1), min_size=12, max_size=12),
            st.floats(0, 1),
        ),
        max_size=4,
    ),
    st.integers(0, 120),
)
def test_each_sentence_once_within_the_budget(
    made: list[tuple[list[str], list[float], float]], budget: int
) -> None:
    hits = []
    for number, (sentences, strengths, score) in enumerate(made):
        text = " ".join(sentences)
        count = len(sentence_spans(text))
        hits.append(hit_of(text, strengths[:count], score, f"{number}.txt"))
    found = excerpts(hits, budget, len)
    assert sum(len(excerpt.text) for excerpt in found) <= budget
    passages = {hit.passage.document: hit.passage for hit in hits}
    seen: set[tuple[str, int]] = set()
    for excerpt in found:
        passage = passages[excerpt.document]
        assert passage.text[excerpt.start - 7 : excerpt.end - 7] == excerpt.text
        inside = [s for s in passage.sentences if excerpt.start <= s.start < excerpt.end]
        assert inside[-1].end == excerpt.end
        places = {(excerpt.document, s.start) for s in inside}
        assert not places & seen
        seen |= places
    if budget >= sum(len(hit.passage.text) for hit in hits):
        assert len(seen) == sum(len(hit.passage.sentences) for hit in hits)


def test_evidence_of_several_passages_comes_before_the_rest_of_any() -> None:
    hits = [
        hit_of("Best one here. The rest of it.", [0.9, 0.0], 0.5, f"{number}.txt")
        for number in range(LEADING)
    ]
    assert texts(excerpts(hits, LEADING * 15, len)) == ["Best one here."] * LEADING


def test_retrieve_takes_a_view_and_a_budget(tmp_path: Path) -> None:
    document = tmp_path / "a.txt"
    document.write_text("The heron waits in the reeds. " * 3 + "\n\nPikes are fast.", "utf-8")
    with Assistant.open(
        "a", settings=Settings.load(encoder="fake"), encoder=FakeEncoder()
    ) as assistant:
        assistant.add([document])
        asked = "Where does the heron wait?"
        (first, *_) = assistant.retrieve(asked, view="evidence", characters=60)
        text = assistant.document("a.txt").text
        assert text[first.start : first.end] == first.text
        assert len(first.text) <= 60
        many = assistant.retrieve(asked, view="evidence")
        few = assistant.retrieve(asked, view="evidence", tokens=12)
        assert sum(len(e.text) for e in few) < sum(len(e.text) for e in many)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"view": "sentences"}, "no view 'sentences'"),
        ({"characters": 500}, "needs the view 'evidence'"),
        ({"view": "passages", "tokens": 500}, "needs the view 'evidence'"),
        ({"view": "evidence", "characters": 9, "tokens": 9}, "not both"),
        ({"view": "evidence", "characters": 0}, "A budget of 0 holds nothing"),
        ({"view": "evidence", "tokens": -1}, "A budget of -1 holds nothing"),
    ],
)
def test_a_view_or_budget_without_meaning_is_refused(asked: dict[str, Any], said: str) -> None:
    with (
        Assistant.open("a", settings=Settings.load(encoder="fake"), encoder=FakeEncoder()) as one,
        pytest.raises(SettingsError, match=said),
    ):
        one.retrieve("Where does the heron wait?", **asked)


def test_the_command_line_shows_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())
    monkeypatch.setenv("ASSISTANT_ENCODER", "fake")
    (tmp_path / "a.txt").write_text("The heron waits in the reeds.\n\nPikes are fast.", "utf-8")
    assert main(["add", str(tmp_path / "a.txt")]) == 0
    capsys.readouterr()
    assert main(["search", "Where does the heron wait?", "--evidence", "30"]) == 0
    out = capsys.readouterr().out
    assert "1. A (a.txt)" in out
    assert "The heron waits in the reeds." in out
    assert "Pikes" not in out
