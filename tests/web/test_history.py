"""The drawer's events: what is listed is the owner's, and what is clicked is done."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.exchanges import Listed
from assistant.web.chat import SHOWN, Chat
from assistant.web.conversation import Thread
from assistant.web.history import History, rows
from tests.fakes import FakeEncoder
from tests.web.samples import HOSTILE, assert_inert, desk, visible

ANYONE = gr.Request()
NOWHERE = f"{'b' * 32}/"


@pytest.fixture
def history() -> Iterator[History]:
    with Assistant.open("empty", encoder=FakeEncoder()) as assistant:
        yield History(Chat(desk(assistant)))


def asked(history: History, question: str, place: str = NOWHERE) -> Thread:
    thread = list(history.chat.ask(question, (), place, Thread(), ANYONE))[-1][0]
    assert isinstance(thread, Thread)
    return thread


def listed(history: History, thread: Thread, wanted: str = "") -> str:
    return visible(history.listed(thread.place, thread, wanted, ANYONE))


def clicks(**data: str) -> Any:
    return gr.EventData(None, data)


def test_conversations_are_listed_and_searched(history: History) -> None:
    asked(history, "Did it rain?")
    thread = asked(history, "Did it snow?")
    html = history.listed(thread.place, thread, "", ANYONE)
    assert html.index("Did it snow?") < html.index("Did it rain?")
    assert html.count('aria-current="true"') == 1
    assert "1 question" in html
    assert "snow" not in listed(history, thread, "rain")
    assert "No conversation holds these words." in listed(history, thread, "hail")
    assert "No conversations yet." in listed(history, Thread("c", "browser c"))


def test_one_is_opened_and_the_page_remembers_it(history: History) -> None:
    old, now = asked(history, "Did it rain?"), asked(history, "Did it snow?")
    thread, place, html, *_ = history.open(now.place, now, ANYONE, clicks(id=old.id))
    assert (thread.id, place) == (old.id, old.place)
    assert "Did it rain?" in visible(html)


def test_it_is_renamed_and_deleted(history: History) -> None:
    old, now = asked(history, "Did it rain?"), asked(history, "Did it snow?")
    history.rename(now.place, now, ANYONE, clicks(id=old.id, title="<b>Weather</b>"))
    assert "<b>Weather</b>" in listed(history, now)
    assert history.delete(now.place, now, ANYONE, clicks(id=old.id)) == [gr.skip()] * SHOWN
    assert "Weather" not in listed(history, now)
    thread = history.delete(now.place, now, ANYONE, clicks(id=now.id))[0]
    assert (thread.id, thread.said) == ("", ())
    assert "No conversations yet." in listed(history, thread)


def test_one_in_which_an_answer_is_made_is_not_deleted(history: History) -> None:
    steps = history.chat.ask("Did it rain?", (), NOWHERE, Thread(), ANYONE)
    busy = next(steps)[0]
    with pytest.raises(gr.Error, match="Wait for the answer"):
        history.delete(busy.place, busy, ANYONE, clicks(id=busy.id))
    list(steps)
    assert "Did it rain?" in listed(history, busy)


def test_nothing_of_anothers_can_be_done(history: History) -> None:
    mine = asked(history, "Did it rain?")
    stranger = Thread("c" * 32, f"browser {'c' * 32}")
    event = clicks(id=mine.id, title="x", format="json")
    for act in (history.open, history.rename, history.delete, history.export):
        with pytest.raises(gr.Error, match="There is no conversation"):
            act(stranger.place, stranger, ANYONE, event)
    assert "Did it rain?" in listed(history, mine)


def test_it_is_exported_as_a_file(history: History) -> None:
    thread = asked(history, "Did it / rain?")
    event = clicks(id=thread.id, format="json")
    file = json.loads(history.export(thread.place, thread, ANYONE, event))
    assert file["name"] == "Did-it-rain.json"
    saved = json.loads(base64.b64decode(file["data"]))
    assert saved["exchanges"][0]["question"] == "Did it / rain?"
    with pytest.raises(gr.Error, match="can't be saved as 'exe'"):
        history.export(thread.place, thread, ANYONE, clicks(id=thread.id, format="exe"))


def test_a_hostile_title_is_shown_and_does_nothing() -> None:
    now = datetime.now(UTC)
    html = rows([Listed('"><script>', HOSTILE, now.isoformat(), 2)], "x")
    assert_inert(html)
    assert "<script>alert(1)</script>" in visible(html)


def test_a_day_of_another_year_has_its_year() -> None:
    then = datetime.now(UTC) - timedelta(days=800)
    assert str(then.year) in rows([Listed("a", "A", then.isoformat(), 1)], "")
