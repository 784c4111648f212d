"""A page shows its own conversation again, with its citations as the documents are today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.catalog import SIDE
from assistant.exchanges import Stage
from assistant.web import keeping, reading
from assistant.web.chat import Chat
from assistant.web.conversation import Thread
from assistant.web.history import History
from assistant.web.keeping import Place
from assistant.web.reader import Readers
from tests.fakes import FakeEncoder
from tests.indexes import LONG_AGO, write
from tests.web.samples import assert_inert, desk, visible

TEXT = (
    "On the weir\n\nThe heron waits by the weir in the morning. It never hurries, not even in "
    "winter.\n\nThe pike is faster than the heron. The miller watches both from his window."
)
QUOTE = "The pike is faster than the heron."
QUESTION = "Is the pike faster than the heron?"
ANYONE = gr.Request()
BROWSER = "b" * 32
NOWHERE = f"{BROWSER}/"


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    write(tmp_path / "files" / "weir.txt", TEXT)
    with Assistant.open("weir", encoder=FakeEncoder()) as assistant:
        assistant.add([tmp_path / "files"])
        yield assistant


@pytest.fixture
def chat(assistant: Assistant) -> Chat:
    return Chat(desk(assistant))


def asked(chat: Chat, request: gr.Request = ANYONE, place: str = NOWHERE) -> Thread:
    thread = list(chat.ask(QUESTION, (), place, Thread(), request))[-1][0]
    assert isinstance(thread, Thread)
    return thread


def reopened(chat: Chat, place: str, request: gr.Request = ANYONE) -> tuple[Any, ...]:
    """Return what a page shows that a server without memory of it is asked for."""
    return chat.reopen(place, Thread(), request)


def rewritten(assistant: Assistant, text: str, name: str = "weir.txt") -> None:
    folder = Path(assistant.documents()[0].source).parent
    (folder / "weir.txt").unlink()
    write(folder / name, text, at=LONG_AGO + 9)
    assistant.add([folder], prune=True)


# -- whose it is -----------------------------------------------------------------------------------


def test_a_page_is_shown_its_conversation_again(chat: Chat) -> None:
    before = asked(chat)
    thread, place, html, panel, *_ = reopened(chat, before.place)
    assert (thread.id, place) == (before.id, before.place)
    assert [(e.question, e.answer, e.sources, e.stage) for e in thread.said] == [
        (e.question, e.answer, e.sources, e.stage) for e in before.said
    ]
    assert QUOTE in visible(html)
    assert QUOTE in visible(panel)
    assert "since" not in html


def test_who_has_no_place_yet_gets_one(chat: Chat) -> None:
    thread, place, *_ = reopened(chat, "/")
    assert place == f"{thread.browser}//"
    assert len(thread.browser) == 32
    assert reopened(chat, "x/y")[0].browser not in {thread.browser, "x"}


def test_another_browser_and_another_tab_are_shown_nothing(chat: Chat) -> None:
    thread = asked(chat)
    assert reopened(chat, NOWHERE)[0].said == ()
    assert reopened(chat, f"{'c' * 32}/{thread.id}")[0].said == ()


def test_users_are_told_apart_by_name_and_no_browser_can_take_one(chat: Chat) -> None:
    ana, ben = gr.Request(username="ana"), gr.Request(username="ben")
    thread = asked(chat, ana)
    place = thread.place
    assert len(reopened(chat, place, ana)[0].said) == 1
    assert chat.reopen(place, thread, ben)[0].said == ()
    for stranger in (ben, ANYONE):
        assert reopened(chat, place, stranger)[0].said == ()
    assert reopened(chat, f"user ana/{thread.id}")[0].said == ()
    history = History(chat)
    assert QUESTION in visible(history.listed(place, thread, "", ana))
    assert QUESTION not in visible(history.listed(place, thread, "", ben))


def test_an_answer_that_never_came_to_an_end_can_be_asked_for_again(
    chat: Chat, assistant: Assistant
) -> None:
    talk, _ = assistant.conversations.begin(f"browser {BROWSER}", "", QUESTION)
    thread, _, html, *_ = reopened(chat, f"{BROWSER}/{talk}")
    assert thread.said[0].stage is Stage.STOPPED
    assert "Ask again" in html
    thread = list(chat.ask_again((), thread.place, thread, ANYONE, gr.EventData(None, {})))[-1][0]
    assert [exchange.stage for exchange in thread.said] == [Stage.DONE]


def test_only_what_shows_a_conversation_makes_all_of_it_anew(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = asked(chat).place
    talk = Place.read(place).talk

    def refuse(*_: object) -> None:
        raise AssertionError("the conversation was made anew")

    monkeypatch.setattr(keeping, "opened", refuse)
    history, lost = History(chat), Thread()
    event = gr.EventData(None, {"id": talk, "title": "Herons", "format": "json"})
    history.rename(place, lost, ANYONE, event)
    assert "Herons" in history.listed(place, lost, "", ANYONE)
    assert "Herons" in history.export(place, lost, ANYONE, event)
    read = gr.EventData(None, {"read": str(reading.Place(1, 1))})
    html, _ = Readers(chat.desk).open(place, lost, ANYONE, read)
    assert QUOTE in visible(html)
    stranger = f"{'c' * 32}/{talk}/"
    with pytest.raises(gr.Error, match="There is no conversation"):
        Readers(chat.desk).open(stranger, lost, ANYONE, read)


# -- after the documents changed -------------------------------------------------------------------


def test_a_source_that_moved_is_shown_where_it_is_now(chat: Chat, assistant: Assistant) -> None:
    thread = asked(chat)
    text = f"Everyone knows this.\n\n{TEXT}"
    rewritten(assistant, text, "renamed.txt")
    now, _, html, panel, *_ = reopened(chat, thread.place)
    [answer] = [exchange.answer for exchange in now.said]
    assert answer
    for citation in answer.citations:
        assert citation.document == "renamed.txt"
        assert text[citation.start : citation.end] == citation.quote
    assert any(QUOTE in visible(mark) for mark in re.findall("<mark>(.*?)</mark>", panel))
    assert "Moved since the answer was given. It stood in" in panel
    assert "weir.txt" in panel
    assert "Since this was answered" not in html


def test_a_source_that_changed_shows_both(chat: Chat, assistant: Assistant) -> None:
    thread = asked(chat)
    rewritten(assistant, TEXT.replace("faster than the", "slower than <any>"))
    _, _, html, panel, *_ = reopened(chat, thread.place)
    assert QUOTE in visible(panel)
    assert (
        "Changed since the answer was given. It says now: “The pike is slower than <any> heron."
        in (visible(panel))
    )
    assert "Since this was answered: 1 source changed" in html
    assert_inert(html + panel)


def test_a_source_that_is_gone_says_so(chat: Chat, assistant: Assistant) -> None:
    thread = asked(chat)
    assistant.remove("weir.txt")
    _, _, html, panel, *_ = reopened(chat, thread.place)
    assert QUOTE in visible(panel)
    assert "Gone since the answer was given" in panel
    assert re.search(r"Since this was answered: \d+ sources? gone", html)
    assert "changed" not in html
    # What is kept is the answer as it was given.
    [exchange] = assistant.conversations.get(thread.owner, thread.id).exchanges
    assert exchange.answer
    assert len(exchange.answer.citations[0].prefix) == SIDE
