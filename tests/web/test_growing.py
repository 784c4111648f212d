"""What grows on a thread of its own ends at once for whoever waits, however long its step takes."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from threading import Semaphore
from typing import cast

import pytest

from assistant.assistant import Assistant
from assistant.tools import AT_ONCE
from assistant.types import Answer
from assistant.web.chat import BUSY, Chat
from assistant.web.conversation import Stage, Thread
from assistant.web.growing import Crowded, Growing
from tests.web.samples import desk
from tests.web.test_chat import ANYONE, NOWHERE, RAIN, Scripted, ask, clicks


def test_the_steps_come_as_they_are_made() -> None:
    def steps() -> Generator[int]:
        yield from range(3)

    assert list(Growing(steps(), Semaphore())) == [0, 1, 2]


def test_what_goes_wrong_is_raised_where_it_is_waited_for() -> None:
    def steps() -> Generator[int]:
        yield 1
        raise ValueError("no luck")

    growing = iter(Growing(steps(), Semaphore()))
    assert next(growing) == 1
    with pytest.raises(ValueError, match="no luck"):
        next(growing)


def test_stopping_does_not_wait_for_the_step_in_progress_and_ends_it_after() -> None:
    busy, goes_on, closed = threading.Event(), threading.Event(), threading.Event()

    def steps() -> Generator[int]:
        try:
            yield 1
            busy.set()
            goes_on.wait(60)
            yield 2
            raise AssertionError("it went on after it was stopped")
        finally:
            closed.set()

    growing = Growing(steps(), Semaphore())
    made = iter(growing)
    assert next(made) == 1
    busy.wait(60)
    growing.stop()
    assert list(made) == []
    assert not closed.is_set()
    goes_on.set()
    assert closed.wait(60)


def test_what_was_stopped_keeps_its_place_until_its_step_ends() -> None:
    busy, goes_on, places = threading.Event(), threading.Event(), Semaphore(1)

    def steps() -> Generator[int]:
        yield 1
        busy.set()
        goes_on.wait(60)

    growing = Growing(steps(), places)
    assert next(iter(growing)) == 1
    busy.wait(60)
    growing.stop()
    with pytest.raises(Crowded):
        list(Growing(steps(), places))
    goes_on.set()
    assert places.acquire(timeout=60)
    places.release()
    assert list(Growing(steps(), places)) == [1]


class Slow(Scripted):
    """Shows an answer, and goes on with it until it is told."""

    goes_on = threading.Event()

    def stream(self, *_: object, **__: object) -> Iterator[Answer]:
        yield RAIN
        self.goes_on.wait(60)


def test_where_too_many_were_stopped_but_still_grow_a_question_hears_that_it_is_busy(
    tmp_path: Path,
) -> None:
    slow = Slow(tmp_path)
    chat = Chat(desk(cast(Assistant, slow)))
    with closing(slow.conversations):
        for _ in range(2 * AT_ONCE):
            steps = chat.ask("Rain?", (), NOWHERE, Thread(), ANYONE)
            next(steps)
            chat.stop(NOWHERE, next(steps)[0], ANYONE)
            list(steps)
        thread, _, html, *_ = ask(chat, "Snow?")[-1]
        assert BUSY in html
        assert slow.kept(thread) == [("Snow?", None, Stage.FAILED)]
        slow.goes_on.set()
        for grown in [one for one in threading.enumerate() if one.name == "growing"]:
            grown.join(60)
        thread = list(chat.ask_again((), NOWHERE, thread, ANYONE, clicks()))[-1][0]
        assert slow.kept(thread) == [("Snow?", RAIN, Stage.DONE)]
