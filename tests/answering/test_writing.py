"""What becomes of a model's sentences that no passage supports, and of odd replies."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.writing import WITHOUT_MODEL
from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.types import Answer, Verdict
from tests.fakes import FakeChatModel, FakeEncoder

PLUMS = "Ada Brown planted 40 plum trees behind the mill in 1931."
FROST = "The frost of 1947 killed every tree but three."
MORE = "She sold the plums to the hotel on the hill, where they were made into jam for the guests."
QUESTION = "How many plum trees did Ada Brown plant behind the mill?"
MADE_UP = "Dragons ate a castle of cheese."


@pytest.fixture
def orchard(tmp_path: Path) -> Path:
    """Return the folder of an index over one document."""
    (tmp_path / "orchard.txt").write_text(f"{PLUMS} {FROST} {MORE}\n", "utf-8")
    with Assistant.open(tmp_path / "index", encoder=FakeEncoder(window=200)) as opened:
        opened.add([tmp_path / "orchard.txt"])
    return tmp_path / "index"


def written(folder: Path, *replies: str, **settings: object) -> tuple[list[Answer], FakeChatModel]:
    model = FakeChatModel(replies=list(replies))
    with Assistant.open(
        folder,
        settings=Settings.load(**settings),
        encoder=FakeEncoder(window=200),
        chat_model=model,
    ) as assistant:
        return list(assistant.stream(QUESTION)), model


def test_an_unsupported_sentence_is_marked(orchard: Path) -> None:
    answers, _ = written(orchard, f"{PLUMS} [1] {MADE_UP} [1]")
    assert answers[-1].text == f"{PLUMS} [1] {MADE_UP}"
    assert answers[-1].supported == 0.5


def test_an_unsupported_sentence_is_removed(orchard: Path) -> None:
    answers, _ = written(orchard, f"{PLUMS} [1] {MADE_UP} [1] {FROST} [1]", unsupported="remove")
    assert answers[-1].text == f"{PLUMS} [1] {FROST} [2]"
    assert answers[-1].reason == "1 sentence that no passage supports was left out."
    assert all("Dragons" not in answer.text for answer in answers)
    assert answers[-1].supported == 1.0


def test_where_nothing_is_left_it_is_refused(orchard: Path) -> None:
    answers, _ = written(orchard, MADE_UP, unsupported="remove")
    assert answers[-1].refused
    assert answers[-1].text == ""


def test_the_model_is_asked_once_more(orchard: Path) -> None:
    answers, model = written(orchard, f"{PLUMS} {MADE_UP}", f"{PLUMS} [1]", unsupported="retry")
    assert answers[-1].text == f"{PLUMS} [1]"
    assert all("Dragons" not in answer.text for answer in answers)
    again = str(model.seen[1][-1].content)
    assert f"Sentences that no passage supports:\n- {MADE_UP}" in again
    assert again.index(PLUMS) < again.index(QUESTION)


def test_a_good_answer_is_not_asked_for_again(orchard: Path) -> None:
    answers, model = written(orchard, PLUMS, unsupported="retry")
    assert answers[-1].text == f"{PLUMS} [1]"
    assert len(model.seen) == 1


def test_a_second_bad_answer_is_marked(orchard: Path) -> None:
    answers, _ = written(orchard, MADE_UP, MADE_UP, unsupported="retry")
    assert answers[-1].claims[0].verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize(
    "mark",
    [
        " [1, 2]",
        " [1][2]",
        " 【1】",
        " (1)",
        " [Passage 1]",
        " [source: 1]",
        "【1†orchard】",
        " [1 and 2]",
    ],
)
def test_marks_in_other_shapes_are_no_part_of_the_answer(orchard: Path, mark: str) -> None:
    answers, _ = written(orchard, f"{PLUMS[:-1]}{mark}. {FROST[:-1]}{mark}.")
    assert answers[-1].text == f"{PLUMS} [1] {FROST} [2]"
    assert [claim.verdict for claim in answers[-1].claims] == [Verdict.SUPPORTED] * 2


def test_a_number_in_brackets_within_a_sentence_stays(orchard: Path) -> None:
    answers, _ = written(orchard, "Ada Brown planted forty (40) plum trees behind the mill.")
    assert "forty (40) plum" in answers[-1].text


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry, but I cannot answer this from the passages.",
        "I cannot help with that.",
        "The passages do not mention any plums. Maybe look elsewhere.",
        "There is no information about this in the documents.",
    ],
)
def test_a_model_that_declines_in_its_own_words_refuses(orchard: Path, reply: str) -> None:
    answers, _ = written(orchard, reply)
    assert answers[-1].refused
    assert answers[-1].text == ""


def test_an_answer_in_another_language_says_why_it_is_not_supported(orchard: Path) -> None:
    reply = "Hace mucho tiempo plantaron cuarenta ciruelos detrás del viejo molino del pueblo."
    answers, _ = written(orchard, reply)
    assert "not in the language of the passages" in answers[-1].reason
    assert answers[-1].claims[0].verdict is not Verdict.SUPPORTED


@pytest.mark.parametrize(
    "reply", ["# Answer\n\n", "| a | b |\n|---|---|\n| 40 | trees |\n", "```\nx\n```"]
)
def test_a_model_that_ignores_the_format_does_no_harm(orchard: Path, reply: str) -> None:
    answers, _ = written(orchard, f"{reply}{PLUMS}")
    assert PLUMS in [citation.quote for citation in answers[-1].citations]


def test_a_stream_that_is_left_stops_asking(orchard: Path) -> None:
    model = FakeChatModel(replies=[f"{PLUMS} [1] {FROST} [1]"])
    with Assistant.open(orchard, encoder=FakeEncoder(window=200), chat_model=model) as assistant:
        stream = assistant.stream(QUESTION)
        assert next(stream).text == f"{PLUMS} [1]"
        stream.close()  # type: ignore[attr-defined]
    answers, _ = written(orchard, " ")
    assert answers[-1].model == WITHOUT_MODEL
