"""A conversation grows by exchanges; the last of them can be stopped, and asked anew."""

from __future__ import annotations

from assistant.exchanges import Thumb
from assistant.types import Verdict
from assistant.web.conversation import (
    LONGEST,
    Conversation,
    Stage,
    begin,
    begin_again,
    change,
    judge,
    running,
    stop,
)
from tests.web.samples import answer

RAIN = answer([("It rained.", Verdict.SUPPORTED, ())])


def test_stopping_keeps_what_is_there() -> None:
    said = change(begin((), "Rain?"), stage=Stage.RUNNING, answer=RAIN, sources="<section>")
    [stopped] = stop(said)
    assert (stopped.stage, stopped.answer, stopped.sources) == (Stage.STOPPED, RAIN, "<section>")
    assert stop(stop(said)) == stop(said)
    assert stop(()) == ()


def test_a_finished_answer_is_not_stopped() -> None:
    said = change(begin((), "Rain?"), stage=Stage.DONE, answer=RAIN)
    assert stop(said) == said


def test_numbers_go_on_when_old_exchanges_leave() -> None:
    said: Conversation = ()
    for _ in range(LONGEST + 3):
        said = begin(said, "Rain?")
    assert len(said) == LONGEST
    assert [said[0].number, said[-1].number] == [4, LONGEST + 3]


def test_asking_anew_takes_the_place_of_the_last() -> None:
    said = change(begin((), "Rain?"), stage=Stage.DONE, answer=RAIN)
    said = judge(change(begin(said, "Snow?"), stage=Stage.DONE, answer=RAIN), 2, Thumb.UP, "So.")
    again = begin_again(said, "Hail?")
    assert [(e.number, e.question) for e in again] == [(1, "Rain?"), (2, "Hail?")]
    assert (again[1].answer, again[1].thumb, again[1].reason) == (None, Thumb.NONE, "")
    assert running(again)
    assert not running(said)


def test_a_thumb_is_one_answers() -> None:
    said = begin(begin((), "Rain?"), "Snow?")
    first, second = judge(said, 1, Thumb.DOWN, "Wrong place.")
    assert (first.thumb, first.reason) == (Thumb.DOWN, "Wrong place.")
    assert second == said[1]
