"""The bar at the top: which index a tab shows, and what its menu does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.folders import Listed
from assistant.holdings import DocumentInfo
from assistant.settings import Settings
from assistant.web.bar import Bar, head
from assistant.web.chat import Chat
from assistant.web.conversation import Thread
from assistant.web.evaluate.running import Stage
from assistant.web.listing import Listing
from assistant.web.work import Work
from tests.fakes import FakeEncoder
from tests.indexes import write
from tests.web.evaluate.test_running import until
from tests.web.samples import HOSTILE, assert_inert, desk, visible
from tests.web.test_work import Gate

ANYONE = gr.Request()
BROWSER = "b" * 32
QUESTION = "Where does the heron wait?"


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    with Assistant.open(encoder=FakeEncoder()) as served:
        served.add([write(tmp_path / "files" / "rain.txt", "It rained on the mill.")])
        made = desk(served)
        with made.indexes:
            made.indexes.create("herons")
            text = "The heron waits by the weir in the morning."
            made.indexes.get("herons").add([write(tmp_path / "files" / "heron.txt", text)])
            yield Chat(made)


@pytest.fixture
def bar(chat: Chat) -> Bar:
    return Bar(chat)


def at(index: str, talk: str = "") -> str:
    return f"{BROWSER}/{talk}/{index}"


def clicks(**data: str) -> Any:
    return gr.EventData(None, data)


def asked(chat: Chat, index: str, question: str = QUESTION) -> Thread:
    thread = list(chat.ask(question, (), at(index), Thread(), ANYONE))[-1][0]
    assert isinstance(thread, Thread)
    return thread


# -- what it shows ---------------------------------------------------------------------------------


def test_the_bar_names_the_index_and_leads_to_the_others(bar: Bar) -> None:
    html = bar.show(at("herons"))
    assert "herons · 1 document" in visible(html)
    assert 'href="./?index=herons" aria-current="page"' in html
    assert 'href="./"><span class="name" dir="auto">default' in html
    assert 'data-do="delete" data-name="herons"' in html


def test_the_index_served_is_neither_renamed_nor_deleted(bar: Bar) -> None:
    for place in (at(""), at("default")):
        html = bar.show(place)
        assert 'href="./" aria-current="page"' in html
        assert 'data-do="create"' in html
        assert 'data-do="delete"' not in html
        assert 'data-do="rename"' not in html


def test_an_index_that_is_gone_is_named_and_the_others_are_listed(bar: Bar) -> None:
    html = bar.show(at("gone"))
    assert 'aria-label="Index: gone"' in html
    assert "aria-current" not in html
    assert "data-name" not in html
    assert "herons" in html


def test_hostile_names_are_shown_and_lead_nowhere_else() -> None:
    listed = [Listed(HOSTILE, 3), Listed('"><b>', problem="torn"), Listed("../x?a=b&c#d")]
    html = head(HOSTILE, "default", listed, HOSTILE, leave=True)
    assert_inert(html)
    assert "<script>alert(1)</script>" in visible(html)
    assert 'href="./?index=..%2Fx%3Fa%3Db%26c%23d"' in html
    assert "can’t be read" in html


# -- what is asked of which index ------------------------------------------------------------------


def test_each_tab_is_answered_from_its_own_index(chat: Chat) -> None:
    here, there = asked(chat, "herons"), asked(chat, "")
    [mine], [other] = here.said, there.said
    assert mine.answer
    assert [citation.document for citation in mine.answer.citations] == ["heron.txt"]
    assert other.answer
    assert not [one for one in other.answer.citations if one.document == "heron.txt"]
    kept = chat.desk.indexes.get("herons").conversations.listed(here.owner)
    assert [talk.id for talk in kept] == [here.id]
    assert [talk.id for talk in chat.desk.served.conversations.listed(there.owner)] == [there.id]


def test_a_thread_of_one_index_is_not_shown_with_another(chat: Chat) -> None:
    thread = asked(chat, "herons")
    shown, place, *_ = chat.reopen(at("", thread.id), thread, ANYONE)
    assert (shown.said, place) == ((), at(""))
    again = chat.reopen(thread.place, Thread(), ANYONE)[0]
    assert [exchange.question for exchange in again.said] == [QUESTION]


def test_a_tab_whose_index_is_gone_says_so(chat: Chat, bar: Bar) -> None:
    thread = asked(chat, "herons")
    bar.delete(at("herons"), clicks(name="herons"))
    shown, place, html, *_ = chat.reopen(thread.place, Thread(), ANYONE)
    assert (shown.said, place) == ((), at("herons"))
    assert "There is no index 'herons', or not any more. There are: default." in visible(html)
    with pytest.raises(gr.Error, match="There is no index 'herons'"):
        list(chat.ask(QUESTION, (), thread.place, thread, ANYONE))


def test_a_page_that_is_opened_lists_the_documents_once(
    chat: Chat, bar: Bar, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = asked(chat, "herons").place
    documents, listed = Assistant.documents, []

    def counted(assistant: Assistant) -> list[DocumentInfo]:
        listed.append(assistant.name)
        return documents(assistant)

    monkeypatch.setattr(Assistant, "documents", counted)
    thread, place, *_ = chat.reopen(place, Thread(), ANYONE)
    assert "heron.txt" in Listing(chat.desk).follow("", "By name", (), place, thread)[1]
    assert "1 document" in bar.show(place)
    assert chat.welcome(place, thread, ANYONE) == gr.skip()
    assert "Ask 1 document" in chat.welcome(at("herons"), thread.new, ANYONE)
    assert listed == ["herons"]


# -- what the menu does ----------------------------------------------------------------------------


def test_an_index_is_made_renamed_and_deleted(chat: Chat, bar: Bar) -> None:
    assert bar.create(at(""), clicks(name=" Mill  reports ")) == "Mill reports"
    assert bar.rename(at("Mill reports"), clicks(name="Reports")) == "Reports"
    assert bar.delete(at("Reports"), clicks(name="Reports")) == ""
    assert chat.desk.indexes.names() == ["default", "herons"]


@pytest.mark.parametrize("typed", ["", "heron", "Herons", "default"])
def test_nothing_is_deleted_unless_its_name_was_typed(chat: Chat, bar: Bar, typed: str) -> None:
    with pytest.raises(gr.Error, match="Nothing was deleted"):
        bar.delete(at("herons"), clicks(name=typed))
    assert chat.desk.indexes.names() == ["default", "herons"]


def test_what_can_not_be_done_is_said_in_words(chat: Chat, bar: Bar) -> None:
    for act, place, name, said in (
        (bar.create, "", "../up", "is no name for an index"),
        (bar.create, "", "herons", "something named 'herons' already"),
        (bar.rename, "herons", "default", "started with"),
        (bar.rename, "default", "mine", "started with"),
        (bar.rename, "", "mine", "started with"),
        (bar.delete, "default", "default", "started with"),
        (bar.delete, "gone", "gone", "There is no index 'gone'"),
    ):
        with pytest.raises(gr.Error, match=said):
            act(at(place), clicks(name=name))
    assert chat.desk.indexes.names() == ["default", "herons"]


def test_an_index_from_which_somebody_is_answered_stays(chat: Chat, bar: Bar) -> None:
    steps = chat.ask(QUESTION, (), at("herons"), Thread(), ANYONE)
    next(steps)
    for act in (bar.rename, bar.delete):
        with pytest.raises(gr.Error, match="is being answered"):
            act(at("herons"), clicks(name="herons"))
    assert list(steps)[-1][0].said[-1].answer
    bar.delete(at("herons"), clicks(name="herons"))
    with pytest.raises(AssistantError):
        chat.desk.find(at("herons"))


def test_an_index_whose_documents_are_worked_on_stays(chat: Chat, bar: Bar) -> None:
    works, gate = chat.desk.works, Gate()
    folder = chat.desk.indexes.get("herons").folder
    last = Work("Second", lambda _: [], lambda: ["c"])
    works.begin(folder, Work("First", gate, lambda: ["a"]))
    works.begin(folder, last)
    assert gate.halfway.wait(30)
    refused(bar, "herons", "are being worked on")
    gate.on.set()
    list(last.stages())
    while works.going(folder):
        assert last.over
    assert bar.rename(at("herons"), clicks(name="Waders")) == "Waders"


def test_an_index_that_is_evaluated_stays(chat: Chat, bar: Bar) -> None:
    runner = chat.desk.runner
    waits = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    runner.start("", "birds", chat.desk.indexes.get("herons").folder, waits, os.environ)
    bar.create(at(""), clicks(name="other"))
    bar.delete(at("other"), clicks(name="other"))
    refused(bar, "herons", "An evaluation of it is running")
    runner.stop()
    until(runner, lambda now: now.stage is Stage.DONE)
    assert bar.delete(at("herons"), clicks(name="herons")) == ""


def test_where_people_log_in_indexes_are_neither_renamed_nor_deleted(chat: Chat, bar: Bar) -> None:
    chat.desk.served.settings = Settings.load(users="users.txt")
    refused(bar, "herons", "on the command line")
    html = bar.show(at("herons"))
    assert 'data-do="rename"' not in html
    assert 'data-do="delete"' not in html
    assert "indexes are renamed and deleted on the command line." in visible(html)
    assert bar.create(at(""), clicks(name="mine")) == "mine"


def refused(bar: Bar, index: str, why: str) -> None:
    """See that it is neither renamed nor deleted, and goes on."""
    for act in (bar.rename, bar.delete):
        with pytest.raises(gr.Error, match=why):
            act(at(index), clicks(name=index))
    assert bar.desk.indexes.get(index).counts()[0] == 1
