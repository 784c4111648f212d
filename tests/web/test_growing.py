"""What grows on a thread of its own ends at once for whoever waits, however long its step takes."""

from __future__ import annotations

import threading
from collections.abc import Generator

import pytest

from assistant.web.growing import Growing


def test_the_steps_come_as_they_are_made() -> None:
    def steps() -> Generator[int]:
        yield from range(3)

    assert list(Growing(steps())) == [0, 1, 2]


def test_what_goes_wrong_is_raised_where_it_is_waited_for() -> None:
    def steps() -> Generator[int]:
        yield 1
        raise ValueError("no luck")

    growing = iter(Growing(steps()))
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

    growing = Growing(steps())
    made = iter(growing)
    assert next(made) == 1
    busy.wait(60)
    growing.stop()
    assert list(made) == []
    assert not closed.is_set()
    goes_on.set()
    assert closed.wait(60)
