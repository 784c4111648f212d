"""The chat's events, without a browser: growth, errors in words, one question at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.conversations import FILE, Conversations
from assistant.errors import ModelError
from assistant.exchanges import Thumb
from assistant.reasons import Reason
from assistant.settings import Settings
from assistant.types import Answer, Document, Turn, Verdict
from assistant.web.chat import SHOWN, Chat
from assistant.web.conversation import Stage, Thread
from assistant.web.keeping import UNFORESEEN
from tests.web.samples import answer, citation, desk, document

NOTES = document("It rained. The river rose.")
RAIN = answer([("It rained.", Verdict.SUPPORTED, ())], [citation(NOTES, "It rained.")])
BOTH = answer(
    [("It rained.", Verdict.SUPPORTED, ()), ("The river rose.", Verdict.SUPPORTED, ())],
    [citation(NOTES, "It rained."), citation(NOTES, "The river rose.", 2)],
)
ANYONE = gr.Request()
BROWSER = "b" * 32
NOWHERE = f"{BROWSER}/"


class Scripted:
    """An assistant that answers with the given snapshots; an exception among them is raised."""

    def __init__(self, folder: Path) -> None:
        self.name, self.settings = "scripted", Settings.load()
        self.conversations = Conversations(folder)
        self.steps: tuple[Answer | Exception, ...] = (RAIN,)
        self.asked: list[tuple[str, Sequence[Turn]]] = []
        self.within: Sequence[str] = ()

    def stream(
        self, question: str, history: Sequence[Turn], *, within: Sequence[str]
    ) -> Iterator[Answer]:
        self.asked.append((question, history))
        self.within = within
        for step in self.steps:
            if isinstance(step, Exception):
                raise step
            yield step

    def document(self, name: str) -> Document:
        return NOTES

    def counts(self) -> tuple[int, int, int]:
        return 0, 0, 0

    def kept(self, thread: Thread) -> list[tuple[str, Answer | None, Stage]]:
        exchanges = self.conversations.get(thread.owner, thread.id).exchanges
        return [(e.question, e.answer, e.stage) for e in exchanges]

    def reasons(self, answer: Answer) -> dict[str, Reason]:
        return {}


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Scripted]:
    scripted = Scripted(tmp_path)
    yield scripted
    scripted.conversations.close()


@pytest.fixture
def chat(scripted: Scripted) -> Chat:
    return Chat(desk(cast(Assistant, scripted)))


def ask(chat: Chat, question: str, thread: Thread | None = None) -> list[Sequence[Any]]:
    return list(chat.ask(question, (), NOWHERE, thread or Thread(), ANYONE))


def clicks(**data: str) -> gr.EventData:
    return gr.EventData(None, data)


def test_the_page_grows_with_the_answer(chat: Chat, scripted: Scripted) -> None:
    scripted.steps = (RAIN, BOTH)
    first, second, third, last = ask(chat, " Rain? ")
    assert "Searching" in first[2]
    assert first[4] == ""
    assert "source-1-1" in second[3]
    assert "source-1-2" not in second[3]
    assert "source-1-2" in third[3]
    thread = last[0]
    assert thread.said[-1].stage is Stage.DONE
    assert last[1] == f"{BROWSER}/{thread.id}/"
    assert 'aria-busy="false"' in last[2]
    assert (first[5].visible, first[6].visible) == (False, True)
    assert (last[5].visible, last[6].visible) == (True, False)
    assert scripted.kept(thread) == [("Rain?", BOTH, Stage.DONE)]


def test_earlier_turns_go_with_the_question(chat: Chat, scripted: Scripted) -> None:
    thread = ask(chat, "Rain?")[-1][0]
    ask(chat, "And then?", thread)
    assert scripted.asked == [
        ("Rain?", []),
        ("And then?", [Turn("user", "Rain?"), Turn("assistant", RAIN.text)]),
    ]
    assert [question for question, *_ in scripted.kept(thread)] == ["Rain?", "And then?"]


def test_an_error_is_told_in_its_words_and_keeps_the_answer_so_far(
    chat: Chat, scripted: Scripted
) -> None:
    scripted.steps = (RAIN, ModelError("The model 'x' can't be reached."))
    last = ask(chat, "Rain?")[-1]
    assert "The model &#x27;x&#x27; can&#x27;t be reached." in last[2]
    assert "It rained." in last[2]
    assert last[0].said[-1].stage is Stage.FAILED
    assert scripted.kept(last[0]) == [("Rain?", RAIN, Stage.FAILED)]


def test_an_unforeseen_error_shows_nothing_of_the_inside(
    chat: Chat, scripted: Scripted, caplog: pytest.LogCaptureFixture
) -> None:
    scripted.steps = (RuntimeError("secret path /home/x"),)
    last = ask(chat, "Rain?")[-1]
    assert UNFORESEEN.split(";")[0] in last[2]
    assert "secret" not in last[2]
    assert "secret path" in caplog.text


def test_an_empty_question_changes_nothing(chat: Chat, scripted: Scripted) -> None:
    assert ask(chat, "  \n ") == [[gr.skip()] * SHOWN]
    assert list(chat.ask_again((), NOWHERE, Thread(), ANYONE, clicks())) == [[gr.skip()] * SHOWN]
    assert scripted.asked == []


def test_a_second_question_waits_for_the_first(chat: Chat, scripted: Scripted) -> None:
    steps = chat.ask("Rain?", (), NOWHERE, Thread(), ANYONE)
    busy = next(steps)[0]
    for act in (
        lambda: ask(chat, "And?", busy),
        lambda: list(chat.ask_again((), NOWHERE, busy, ANYONE, clicks())),
        lambda: chat.judge(NOWHERE, busy, ANYONE, clicks(number="1", thumb="up")),
        lambda: chat.expect(NOWHERE, busy, ANYONE, clicks(number="1", expected="4 May")),
    ):
        with pytest.raises(gr.Error, match="Wait for the answer"):
            act()
    assert scripted.asked == []
    list(steps)
    assert ask(chat, "And?", busy)[-1][0].said[-1].stage is Stage.DONE


def test_an_example_is_asked_like_any_question(chat: Chat, scripted: Scripted) -> None:
    last = list(chat.ask_example((), NOWHERE, Thread(), ANYONE, clicks(ask="Rain?")))[-1]
    assert scripted.asked == [("Rain?", [])]
    assert last[0].said[-1].answer == RAIN


def test_the_last_question_is_asked_anew_or_another_in_its_place(
    chat: Chat, scripted: Scripted
) -> None:
    thread = ask(chat, "Rain?")[-1][0]
    thread = ask(chat, "And then?", thread)[-1][0]
    scripted.steps = (BOTH,)
    thread = list(chat.ask_again((), NOWHERE, thread, ANYONE, clicks()))[-1][0]
    assert scripted.asked[-1] == ("And then?", scripted.asked[1][1])
    thread = list(chat.ask_again((), NOWHERE, thread, ANYONE, clicks(question=" Snow? ")))[-1][0]
    assert scripted.kept(thread) == [("Rain?", RAIN, Stage.DONE), ("Snow?", BOTH, Stage.DONE)]
    assert [exchange.question for exchange in thread.said] == ["Rain?", "Snow?"]


def test_a_thumb_is_kept_with_its_answer(chat: Chat, scripted: Scripted) -> None:
    thread = ask(chat, "Rain?")[-1][0]
    event = clicks(number="1", thumb="down", reason=" No place. ")
    thread, html = chat.judge(NOWHERE, thread, ANYONE, event)
    assert "Bad answer: No place." in html
    [exchange] = scripted.conversations.get(thread.owner, thread.id).exchanges
    assert (exchange.thumb, exchange.reason) == (Thumb.DOWN, "No place.")
    thread, html = chat.judge(NOWHERE, thread, ANYONE, clicks(number="1", thumb=""))
    assert 'aria-pressed="true"' not in html


def test_what_is_stopped_is_kept_so_far(chat: Chat, scripted: Scripted) -> None:
    scripted.steps = (RAIN, BOTH)
    steps = chat.ask("Rain?", (), NOWHERE, Thread(), ANYONE)
    next(steps)
    thread = next(steps)[0]
    stopped = chat.stop(NOWHERE, thread, ANYONE)[0]
    assert stopped.said[-1].stage is Stage.STOPPED
    assert list(steps) == []
    assert scripted.kept(thread) == [("Rain?", RAIN, Stage.STOPPED)]


def test_an_answer_that_comes_late_is_in_nobodys_way(chat: Chat, scripted: Scripted) -> None:
    scripted.steps = (RAIN, BOTH)
    late = chat.ask("Rain?", (), NOWHERE, Thread(), ANYONE)
    next(late)
    overwritten = next(late)[0]
    chat.stop(NOWHERE, overwritten, ANYONE)
    # The stopped answer was the last to write the page's state; it is asked anew meanwhile.
    again = chat.ask_again((), NOWHERE, overwritten, ANYONE, clicks())
    next(again)
    cast(Any, late).close()
    thread = list(again)[-1][0]
    assert scripted.kept(thread) == [("Rain?", BOTH, Stage.DONE)]


def test_a_page_that_is_closed_meanwhile_stops_the_answer(chat: Chat, scripted: Scripted) -> None:
    scripted.steps = (RAIN, BOTH)
    steps = chat.ask("Rain?", (), NOWHERE, Thread(), ANYONE)
    next(steps)
    thread = next(steps)[0]
    cast(Any, steps).close()
    assert scripted.kept(thread) == [("Rain?", RAIN, Stage.STOPPED)]


def test_a_new_conversation_leaves_the_old_one_kept(chat: Chat, scripted: Scripted) -> None:
    old = ask(chat, "Rain?")[-1][0]
    new = chat.new(NOWHERE, old, ANYONE)[0]
    assert (new.said, new.id, new.owner) == ((), "", old.owner)
    assert ask(chat, "Snow?", new)[-1][0].id != old.id
    assert len(scripted.conversations.listed(old.owner)) == 2


def test_a_bad_answer_is_made_a_question(chat: Chat, scripted: Scripted) -> None:
    thread = ask(chat, "Where did it rain?")[-1][0]
    thread, html = chat.judge(NOWHERE, thread, ANYONE, clicks(number="1", thumb="up"))
    assert "Make it a question" not in html
    thread, html = chat.judge(NOWHERE, thread, ANYONE, clicks(number="1", thumb="down"))
    assert "Make it a question" in html
    for expected, said in ((" <b>May</b> ", "answer: &lt;b&gt;May&lt;/b&gt;"), ("", "be refused")):
        event = clicks(number="1", expected=expected)
        thread, html = chat.expect(NOWHERE, thread, ANYONE, event)
        assert said in html
        assert "Change the right answer" in html
        kept = scripted.conversations.get(thread.owner, thread.id).exchanges[0]
        assert kept.expected == expected.strip()
    thread, html = chat.judge(NOWHERE, thread, ANYONE, clicks(number="1", thumb="up"))
    assert "be refused" not in html


def test_a_conversation_that_was_deleted_meanwhile_begins_anew(
    chat: Chat, scripted: Scripted
) -> None:
    thread = ask(chat, "Rain?")[-1][0]
    scripted.conversations.delete(thread.owner, thread.id)
    with pytest.raises(gr.Error, match="There is no conversation"):
        chat.judge(NOWHERE, thread, ANYONE, clicks(number="1", thumb="up"))
    again = ask(chat, "Snow?", thread)[-1][0]
    assert again.id != thread.id
    assert [exchange.question for exchange in again.said] == ["Snow?"]


def test_what_can_not_be_kept_is_answered_all_the_same(
    chat: Chat, scripted: Scripted, tmp_path: Path
) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 999)
    thread, _, html, *_ = ask(chat, "Rain?")[-1]
    assert "It rained." in html
    assert "This conversation is not kept: The file of conversations" in html
    html = ask(chat, "Snow?", thread)[-1][2]
    assert html.count("is not kept") == 2
    # Nor does it keep a page from opening that showed a conversation before.
    assert chat.reopen(f"{NOWHERE}{'f' * 16}", Thread(), ANYONE)[0].said == ()


def test_a_question_is_asked_within_what_is_chosen(chat: Chat, scripted: Scripted) -> None:
    shown = list(chat.ask("Rain?", ("notes.md",), NOWHERE, Thread(), ANYONE))[-1]
    assert scripted.within == ("notes.md",)
    list(chat.ask_again(("other.md",), NOWHERE, shown[0], ANYONE, clicks()))
    assert scripted.within == ("other.md",)
    list(chat.ask_example((), NOWHERE, shown[0], ANYONE, clicks(ask="Snow?")))
    assert not scripted.within
