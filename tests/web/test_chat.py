"""The chat's events, without a browser: growth, errors in words, one question at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.errors import ModelError
from assistant.reasons import Reason
from assistant.types import Answer, Document, Turn, Verdict
from assistant.web.chat import UNFORESEEN, Chat
from assistant.web.conversation import Conversation, Stage, begin
from tests.web.samples import answer, citation, document

NOTES = document("It rained. The river rose.")
RAIN = answer([("It rained.", Verdict.SUPPORTED, ())], [citation(NOTES, "It rained.")])
BOTH = answer(
    [("It rained.", Verdict.SUPPORTED, ()), ("The river rose.", Verdict.SUPPORTED, ())],
    [citation(NOTES, "It rained."), citation(NOTES, "The river rose.", 2)],
)


class Scripted:
    """An assistant that answers with the given snapshots; an exception among them is raised."""

    def __init__(self, *steps: Answer | Exception) -> None:
        self.steps = steps
        self.asked: list[tuple[str, Sequence[Turn]]] = []

    def stream(self, question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        self.asked.append((question, history))
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            yield step

    def document(self, name: str) -> Document:
        return NOTES

    def documents(self) -> list[Any]:
        return []

    def reasons(self, answer: Answer) -> dict[str, Reason]:
        return {}


def ask(assistant: Scripted, question: str, said: Conversation = ()) -> list[Sequence[Any]]:
    return list(Chat(cast(Assistant, assistant)).ask(question, said))


def test_the_page_grows_with_the_answer() -> None:
    first, second, third, last = ask(Scripted(RAIN, BOTH), " Rain? ")
    assert "Searching" in first[1]
    assert first[3] == ""
    assert "source-1-1" in second[2]
    assert "source-1-2" not in second[2]
    assert "source-1-2" in third[2]
    assert last[0][-1].stage is Stage.DONE
    assert 'aria-busy="false"' in last[1]
    assert (first[4].visible, first[5].visible) == (False, True)
    assert (last[4].visible, last[5].visible) == (True, False)


def test_earlier_turns_go_with_the_question() -> None:
    assistant = Scripted(RAIN)
    said = ask(assistant, "Rain?")[-1][0]
    ask(assistant, "And then?", said)
    assert assistant.asked == [
        ("Rain?", []),
        ("And then?", [Turn("user", "Rain?"), Turn("assistant", RAIN.text)]),
    ]


def test_an_error_is_told_in_its_words_and_keeps_the_answer_so_far() -> None:
    last = ask(Scripted(RAIN, ModelError("The model 'x' can't be reached.")), "Rain?")[-1]
    assert "The model &#x27;x&#x27; can&#x27;t be reached." in last[1]
    assert "It rained." in last[1]
    assert last[0][-1].stage is Stage.FAILED


def test_an_unforeseen_error_shows_nothing_of_the_inside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    last = ask(Scripted(RuntimeError("secret path /home/x")), "Rain?")[-1]
    assert UNFORESEEN.split(";")[0] in last[1]
    assert "secret" not in last[1]
    assert "secret path" in caplog.text


def test_an_empty_question_changes_nothing() -> None:
    assistant = Scripted(RAIN)
    assert ask(assistant, "  \n ") == [[gr.skip()] * 6]
    assert assistant.asked == []


def test_a_second_question_waits_for_the_first() -> None:
    assistant = Scripted(RAIN)
    with pytest.raises(gr.Error, match="Wait for the answer"):
        ask(assistant, "And?", begin((), "Rain?"))
    assert assistant.asked == []


def test_an_example_is_asked_like_any_question() -> None:
    assistant = Scripted(RAIN)
    event = gr.EventData(None, {"ask": "Rain?"})
    last = list(Chat(cast(Assistant, assistant)).ask_example((), event))[-1]
    assert assistant.asked == [("Rain?", [])]
    assert last[0][-1].stage is Stage.DONE


def test_a_click_beside_the_examples_asks_nothing() -> None:
    assistant = Scripted(RAIN)
    event = gr.EventData(None, None)
    list(Chat(cast(Assistant, assistant)).ask_example((), event))
    assert assistant.asked == []
