"""The facade: what a program calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, repeat
from pathlib import Path

import pytest

from assistant import AssistantError, Settings, retrieve, shortcuts
from assistant.assistant import Assistant
from assistant.errors import DocumentChanged, DocumentNotFound, IndexNotFound, SettingsError
from assistant.refusal import Judgement
from assistant.retrieval import Found
from assistant.settings import index_folder
from assistant.types import Turn, to_json
from tests.fakes import FakeChatModel, FakeEncoder


def write(tmp_path: Path) -> Path:
    path = tmp_path / "owls.txt"
    path.write_text("The owls of Fern Wood hunt voles. They sleep by day.", "utf-8")
    return path


def test_the_whole_way(tmp_path: Path) -> None:
    with Assistant.open("owls", encoder=FakeEncoder()) as assistant:
        assert assistant.folder == tmp_path / "indexes" / "owls"
        (report,) = assistant.add([write(tmp_path)])
        assert (report.outcome, report.document) == ("added", "owls.txt")
        assert [d.name for d in assistant.documents()] == ["owls.txt"]
        hits = assistant.retrieve("What do the owls of Fern Wood hunt?", k=3)
        assert hits[0].evidence[0].text == "The owls of Fern Wood hunt voles."
        answer = assistant.ask("What do the owls of Fern Wood hunt?")
        assert answer.citations[0].quote == "The owls of Fern Wood hunt voles. They sleep by day."
        status = assistant.status()
        assert (status.documents, status.vectors, status.encoder) == (1, "current", "fake")
        assistant.remove("owls.txt")
        assert assistant.documents() == []
        with pytest.raises(DocumentNotFound):
            assistant.document("owls.txt")


def test_an_empty_index_says_so() -> None:
    with Assistant.open("empty", encoder=FakeEncoder()) as assistant:
        answer = assistant.ask("Anything?")
        assert answer.refused
        assert "no documents yet" in answer.reason
        assert assistant.retrieve("Anything?") == []


def test_a_refusal_names_the_unknown_words(tmp_path: Path) -> None:
    with Assistant.open("owls", encoder=FakeEncoder()) as assistant:
        assistant.add([write(tmp_path)])
        answer = assistant.ask("Who invented the telephone?")
        assert answer.refused
        assert answer.hits
        assert answer.citations == ()
        assert "“invented”, “telephone”" in answer.reason


@pytest.mark.parametrize(
    "question", ["???", '"', "a\x00b", "\udcff owls", "owls " * 4000, "NEAR(owls) OR *", "é" * 500]
)
def test_odd_questions_do_no_harm(tmp_path: Path, question: str) -> None:
    with Assistant.open("owls", encoder=FakeEncoder()) as assistant:
        assistant.add([write(tmp_path)])
        assert isinstance(assistant.ask(question).text, str)


def test_an_empty_question_is_refused_in_words() -> None:
    with (
        Assistant.open("owls", encoder=FakeEncoder()) as assistant,
        pytest.raises(AssistantError, match="empty"),
    ):
        assistant.ask("  ")


def test_a_follow_up_is_searched_with_what_it_leans_on(tmp_path: Path) -> None:
    with Assistant.open("owls", encoder=FakeEncoder()) as assistant:
        assistant.add([write(tmp_path)])
        history = [Turn("user", "What do the owls of Fern Wood hunt?"), Turn("assistant", "Voles.")]
        answer = assistant.ask("And when do they sleep?", history)
        assert answer.question == "And when do they sleep?"
        assert answer.standalone == "And when do they sleep? (Fern Wood, Voles)"
        assert not answer.refused


def test_a_chat_model_is_named(tmp_path: Path) -> None:
    model = FakeChatModel(replies=["The owls of Fern Wood hunt voles [1]."])
    with Assistant.open("owls", encoder=FakeEncoder(), chat_model=model) as assistant:
        assistant.add([write(tmp_path)])
        answer = assistant.ask("What do the owls of Fern Wood hunt?")
        assert answer.model == "FakeChatModel"
        assert to_json(answer)["citations"][0]["verdict"] == "supported"


def test_streaming_without_a_model_gives_one_complete_answer(tmp_path: Path) -> None:
    with Assistant.open("owls", encoder=FakeEncoder()) as assistant:
        assistant.add([write(tmp_path)])
        (only,) = assistant.stream("What do the owls of Fern Wood hunt?")
        assert only == assistant.ask("What do the owls of Fern Wood hunt?")


def test_a_stream_that_is_not_read_to_its_end_leaves_the_index_usable(tmp_path: Path) -> None:
    reply = "The owls of Fern Wood hunt voles [1]. They sleep by day [1]. And so on and on."
    model = FakeChatModel(replies=[reply, reply])
    with Assistant.open("owls", encoder=FakeEncoder(), chat_model=model) as assistant:
        assistant.add([write(tmp_path)])
        first = next(assistant.stream("What do the owls of Fern Wood hunt?"))
        assert first.text == "The owls of Fern Wood hunt voles. [1]"
        whole = assistant.ask("What do the owls of Fern Wood hunt?")
        assert whole.text.startswith(first.text)
        assert len(whole.claims) == 3


def test_a_missing_index_is_not_made_by_reading() -> None:
    with pytest.raises(IndexNotFound, match="assistant add"):
        retrieve("anything", index="nowhere")
    assert shortcuts._opened.cache_info().currsize == 0


def test_one_call_takes_a_view_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_ENCODER", "fake")
    monkeypatch.setattr("assistant.collection.load_encoder", lambda *_: FakeEncoder())
    with Assistant.open("owls") as assistant:
        assistant.add([write(tmp_path)])
    found = retrieve("What do the owls hunt?", index="owls", view="evidence", characters=60)
    assert found
    assert sum(len(excerpt.text) for excerpt in found) <= 60
    shortcuts._opened.cache_clear()


def test_where_an_index_is(tmp_path: Path) -> None:
    settings = Settings.load()
    assert index_folder("x", settings) == tmp_path / "indexes" / "x"
    assert index_folder(tmp_path / "y", settings) == tmp_path / "y"
    for bad in ("", ".", ".."):
        with pytest.raises(SettingsError, match="name"):
            index_folder(bad, settings)


class Interrupted(Assistant):
    """Another process does something as soon as the answer is found, each time in turn."""

    meanwhile: Iterator[Callable[[], object]]

    def _judge(self, found: Found) -> Judgement:
        next(self.meanwhile, lambda: None)()
        return super()._judge(found)


@pytest.fixture
def owls(tmp_path: Path) -> Iterator[tuple[Interrupted, Assistant]]:
    with (
        Interrupted.open("owls", encoder=FakeEncoder()) as asked,
        Assistant.open("owls", encoder=FakeEncoder()) as other,
    ):
        asked.add([write(tmp_path)])
        (tmp_path / "more.txt").write_text("The owls of Fern Wood hunt mice as well.", "utf-8")
        asked.add([tmp_path / "more.txt"])
        yield asked, other


def test_an_answer_begins_anew_where_a_document_goes_meanwhile(
    owls: tuple[Interrupted, Assistant],
) -> None:
    asked, other = owls
    asked.meanwhile = iter([lambda: other.remove("owls.txt")])
    answer = asked.ask("What do the owls of Fern Wood hunt?")
    assert {c.document for c in answer.citations} == {"more.txt"}
    asked.meanwhile = iter([lambda: other.remove("more.txt")])
    *_, answer = asked.stream("What do the owls of Fern Wood hunt?")
    assert answer.refused


def test_one_whose_documents_change_every_time_says_so(
    owls: tuple[Interrupted, Assistant], tmp_path: Path
) -> None:
    asked, other = owls
    numbers = count()

    def change() -> None:
        for name in ("owls.txt", "more.txt"):
            text = f"Since {next(numbers)} the owls of Fern Wood hunt snails. So it is told."
            (tmp_path / name).write_text(text, "utf-8")
        other.add([tmp_path])

    asked.meanwhile = repeat(change)
    with pytest.raises(DocumentChanged, match="changed while the answer was written"):
        asked.ask("What do the owls of Fern Wood hunt?")
