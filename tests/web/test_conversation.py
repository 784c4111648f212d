"""A conversation grows by exchanges, and hands on only what was answered."""

from __future__ import annotations

from assistant.types import Turn, Verdict
from assistant.web.conversation import LONGEST, Conversation, Stage, begin, change, history, stop
from tests.web.samples import answer, document, refusal

RAIN = answer([("It rained.", Verdict.SUPPORTED, ())])


def test_history_holds_answered_questions_only() -> None:
    said = change(begin((), "Rain?"), stage=Stage.DONE, answer=RAIN)
    said = change(begin(said, "Fish?"), stage=Stage.DONE, answer=refusal(document("x")))
    said = change(begin(said, "Broken?"), stage=Stage.FAILED, problem="The model is away.")
    assert history(said) == [Turn("user", "Rain?"), Turn("assistant", "It rained.")]


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
