"""Conversations are kept whole, found again, told apart by owner, and deleted without a trace."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.conversations import FILE, Conversations
from assistant.errors import ConversationNotFound, StoreError
from assistant.exchanges import Exchange, Stage, Thumb, clean, history, packed, title_of, unpacked
from assistant.types import Answer, Citation, Claim, Hit, Turn, Verdict
from tests.strategies import nasty_text
from tests.web.samples import answer, citation, document, refusal

NOTES = document("It rained on Monday. The river rose.")
RAIN = answer([("It rained.", Verdict.SUPPORTED, ())], [citation(NOTES, "It rained on Monday.")])
ANA, BEN = "ana", "ben"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    conversations = Conversations(tmp_path)
    yield conversations
    conversations.close()


def say(
    kept: Conversations,
    question: str,
    owner: str = ANA,
    conversation: str = "",
    given: Answer | None = RAIN,
) -> str:
    """Keep a question with its answer; return the conversation's id."""
    conversation, number = kept.begin(owner, conversation, question)
    kept.end(owner, conversation, number, Stage.DONE, given)
    return conversation


def titles(kept: Conversations, owner: str | None = ANA, wanted: str = "") -> list[str]:
    return [one.title for one in kept.listed(owner, wanted)]


def test_a_conversation_is_there_after_a_restart(kept: Conversations, tmp_path: Path) -> None:
    talk = say(kept, "Did it rain?")
    assert say(kept, "And then?", conversation=talk, given=refusal(NOTES)) == talk
    kept.close()
    again = Conversations(tmp_path)
    found = again.get(ANA, talk)
    again.close()
    assert (found.id, found.title) == (talk, "Did it rain?")
    assert [(e.number, e.question, e.answer, e.stage) for e in found.exchanges] == [
        (1, "Did it rain?", RAIN, Stage.DONE),
        (2, "And then?", refusal(NOTES), Stage.DONE),
    ]
    assert all(e.asked.endswith("+00:00") for e in found.exchanges)


def test_nothing_is_written_until_something_is_asked(kept: Conversations, tmp_path: Path) -> None:
    assert kept.listed(ANA) == []
    assert list(kept.judged()) == []
    with pytest.raises(ConversationNotFound):
        kept.get(ANA, "x")
    assert not (tmp_path / FILE).exists()


def test_nobody_sees_or_touches_anothers(kept: Conversations) -> None:
    talk = say(kept, "Did it rain?")
    assert titles(kept, BEN) == []
    for forbidden in (
        lambda: kept.get(BEN, talk),
        lambda: kept.rename(BEN, talk, "mine"),
        lambda: kept.delete(BEN, talk),
        lambda: kept.again(BEN, talk, 1, "Mine?"),
        lambda: kept.judge(BEN, talk, 1, Thumb.UP),
    ):
        with pytest.raises(ConversationNotFound, match="There is no conversation"):
            forbidden()
    kept.end(BEN, talk, 1, Stage.FAILED, None)
    assert say(kept, "Did it snow?", BEN, conversation=talk) != talk
    [exchange] = kept.get(ANA, talk).exchanges
    assert (exchange.answer, exchange.thumb) == (RAIN, Thumb.NONE)
    # Whoever has the file has them all.
    assert len(kept.listed(None)) == 2
    assert kept.get(None, talk).id == talk


def test_the_newest_come_first_and_a_new_question_renews(kept: Conversations) -> None:
    first, _ = say(kept, "First?"), say(kept, "Second?")
    assert titles(kept) == ["Second?", "First?"]
    say(kept, "Again?", conversation=first)
    assert titles(kept) == ["First?", "Second?"]
    assert [one.questions for one in kept.listed(ANA)] == [2, 1]
    assert len(kept.listed(ANA, most=1)) == 1


def test_searching_reads_titles_questions_and_answers(kept: Conversations) -> None:
    talk = say(kept, "Who criticized the Mérida Initiative?")
    say(kept, "What is 100 % of it?", given=None)
    assert titles(kept, wanted="MERIDA rained") == ["Who criticized the Mérida Initiative?"]
    assert titles(kept, wanted="initiat") == ["Who criticized the Mérida Initiative?"]
    assert titles(kept, wanted="merida snow") == []
    assert titles(kept, wanted="%") == ["What is 100 % of it?"]
    assert titles(kept, BEN, "merida") == []
    kept.rename(ANA, talk, "The  critics\n")
    assert titles(kept, wanted="critics") == ["The critics"]
    assert titles(kept, wanted="criticized") == ["The critics"]
    assert len(titles(kept, wanted=" \n")) == 2


def test_a_blank_title_changes_nothing_and_a_long_one_is_cut(kept: Conversations) -> None:
    talk = say(kept, "Did it rain?")
    kept.rename(ANA, talk, " \n ")
    assert titles(kept) == ["Did it rain?"]
    kept.rename(ANA, talk, "x" * 999)
    assert titles(kept) == ["x" * 120]


def test_only_the_first_end_of_a_question_counts(kept: Conversations) -> None:
    talk, number = kept.begin(ANA, "", "Did it rain?")
    [running] = kept.get(ANA, talk).exchanges
    assert running.stage is Stage.STOPPED  # nobody who reads it now will see it end
    kept.end(ANA, talk, number, Stage.STOPPED, None)
    kept.end(ANA, talk, number, Stage.DONE, RAIN)
    [exchange] = kept.get(ANA, talk).exchanges
    assert (exchange.stage, exchange.answer) == (Stage.STOPPED, None)


def test_asking_anew_forgets_the_answer_and_what_was_thought_of_it(kept: Conversations) -> None:
    talk = say(kept, "Did it rain?")
    kept.judge(ANA, talk, 1, Thumb.DOWN, "No place.")
    [judged] = kept.judged()
    assert judged.exchanges[0].reason == "No place."
    kept.again(ANA, talk, 1, "Where did it rain?")
    [exchange] = kept.get(ANA, talk).exchanges
    assert (exchange.question, exchange.answer) == ("Where did it rain?", None)
    assert (exchange.thumb, exchange.reason) == (Thumb.NONE, "")
    assert list(kept.judged()) == []
    assert titles(kept, wanted="monday") == []


def test_what_is_deleted_leaves_no_trace(kept: Conversations, tmp_path: Path) -> None:
    talk = say(kept, "Did the xylophone rain?")
    say(kept, "And the zither?")
    kept.delete(ANA, talk)
    assert titles(kept) == ["And the zither?"]
    with pytest.raises(ConversationNotFound):
        kept.get(ANA, talk)
    look = (
        "import pathlib, sys;"
        "held = b''.join(p.read_bytes() for p in pathlib.Path(sys.argv[1]).glob('conv*'));"
        "print([word for word in ('xylophone', 'zither') if word.encode() in held])"
    )
    done = subprocess.run(
        [sys.executable, "-c", look, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['zither']"


def test_several_write_to_one_conversation(kept: Conversations, tmp_path: Path) -> None:
    talk = say(kept, "One?")
    other = Conversations(tmp_path)
    assert other.begin(ANA, talk, "Two?") == (talk, 2)
    assert kept.begin(ANA, talk, "Three?") == (talk, 3)
    other.close()


def test_the_right_answer_is_kept_until_the_thumb_turns_up(kept: Conversations) -> None:
    talk, number = kept.begin(ANA, "", "Who paid?")
    kept.end(ANA, talk, number, Stage.DONE, None)
    kept.judge(ANA, talk, number, Thumb.DOWN)
    for expected in ("Congress", ""):
        kept.expect(ANA, talk, number, expected)
        assert kept.get(ANA, talk).exchanges[0].expected == expected
    kept.judge(ANA, talk, number, Thumb.DOWN, "It says otherwise.")
    assert kept.get(ANA, talk).exchanges[0].expected == ""
    kept.judge(ANA, talk, number, Thumb.UP)
    assert kept.get(ANA, talk).exchanges[0].expected is None
    with pytest.raises(ConversationNotFound):
        kept.expect("somebody else", talk, number, "me")


def test_a_file_of_the_first_version_is_brought_up(kept: Conversations, tmp_path: Path) -> None:
    talk, number = kept.begin(ANA, "", "Who paid?")
    kept.close()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute("ALTER TABLE exchanges DROP COLUMN expected")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()
    with closing(Conversations(tmp_path)) as again:
        assert again.get(ANA, talk).exchanges[0].question == "Who paid?"
        again.expect(ANA, talk, number, "Congress")
        assert again.begin(ANA, talk, "And then?") == (talk, 2)
        assert again.get(ANA, talk).exchanges[0].expected == "Congress"


def test_a_file_of_another_version_is_refused(kept: Conversations, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("PRAGMA user_version = 7")
    connection.close()
    for _ in range(2):
        with pytest.raises(StoreError, match=r"conversations of version 7.*move it elsewhere"):
            kept.begin(ANA, "", "Did it rain?")


def test_a_damaged_file_is_named_with_what_to_do(kept: Conversations, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 999)
    with pytest.raises(StoreError, match=r"conversations\.sqlite3 is damaged.*Move it elsewhere"):
        kept.listed(ANA)


def test_an_answer_that_is_none_of_todays_says_so(kept: Conversations, tmp_path: Path) -> None:
    talk = say(kept, "Did it rain?")
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("UPDATE exchanges SET answer = '{\"text\": 3}'")
    connection.close()
    [exchange] = kept.get(ANA, talk).exchanges
    assert exchange.answer is None
    assert "saved by another version" in exchange.problem


def test_titles_end_with_a_word() -> None:
    assert title_of(" Did \n it rain? ") == "Did it rain?"
    title = title_of("rain " * 99)
    assert title.endswith("rain…")
    assert len(title) <= 80
    assert len(title_of("x" * 999)) == 80


def test_history_holds_answered_questions_only() -> None:
    said = [
        Exchange(1, "Rain?", RAIN, Stage.DONE),
        Exchange(2, "Fish?", refusal(NOTES), Stage.DONE),
        Exchange(3, "Broken?", stage=Stage.FAILED, problem="The model is away."),
    ]
    assert history(said) == [Turn("user", "Rain?"), Turn("assistant", RAIN.text)]


def few(value: type[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(st.builds(value), max_size=2).map(tuple)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Answer, text=nasty_text, claims=few(Claim), citations=few(Citation), hits=few(Hit)
    ).filter(lambda given: "NaN" not in (packed(given) or ""))
)
def test_any_answer_comes_back_as_it_was(given: Answer) -> None:
    assert unpacked(packed(given) or "") == given


@given(st.text(st.characters()))
def test_what_can_not_be_stored_keeps_its_length(text: str) -> None:
    assert len(clean(text)) == len(text)
    clean(text).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(st.lists(st.one_of(nasty_text, st.text(st.characters(), max_size=9)), max_size=4))
def test_any_question_is_kept_and_found(kept: Conversations, questions: list[str]) -> None:
    talk = ""
    for question in questions:
        talk, _ = kept.begin(ANA, talk, question)
    if talk:
        found = kept.get(ANA, talk)
        assert [e.question for e in found.exchanges] == [clean(question) for question in questions]
        assert talk in {one.id for one in kept.listed(ANA, questions[-1], most=10_000)}
