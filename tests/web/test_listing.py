"""The documents as a tab lists them, and those that it chose to ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from assistant.assistant import Assistant
from assistant.web.conversation import Stage, Thread, begin, change
from assistant.web.library import Order
from assistant.web.listing import FEW, SHOWN, Listing, actions, line
from tests.fakes import FakeEncoder
from tests.web.samples import HOSTILE, assert_inert, desk, visible

PLAIN = ("", str(Order.NAME))


@pytest.fixture
def assistant(encoder: FakeEncoder, tmp_path: Path) -> Iterator[Assistant]:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("owls", "rooks", "wrens"):
        (folder / f"{name}.txt").write_text(f"The {name} of Fern Wood wait.")
    with Assistant.open(encoder=encoder) as assistant:
        assistant.add([folder])
        yield assistant


@pytest.fixture
def listing(assistant: Assistant) -> Listing:
    return Listing(desk(assistant))


def event(*names: Any) -> gr.EventData:
    return gr.EventData(None, {"names": list(names)})


def asked(assistant: Assistant, *within: str) -> Thread:
    answer = assistant.ask("Who waits?", within=within)
    return Thread(said=change(begin((), "Who waits?"), stage=Stage.DONE, answer=answer))


def test_what_is_ticked_is_chosen_and_told(listing: Listing) -> None:
    chosen, bar, above = listing.choose("", event("wrens.txt", "owls.txt"))
    assert chosen == ("owls.txt", "wrens.txt")
    assert "2 of 3 documents chosen" in visible(bar)
    assert "Asking within 2 of 3 documents" in visible(above)
    assert listing.choose("", event()) == ((), "", "")


@pytest.mark.parametrize("names", [["no.txt"], [None], [{"a": 1}], [HOSTILE]])
def test_what_the_index_does_not_hold_is_not_chosen(listing: Listing, names: list[Any]) -> None:
    assert listing.choose("", event(*names))[0] == ()
    assert listing.choose("", gr.EventData(None, {"names": "owls.txt"}))[0] == ()


def test_what_is_removed_is_not_chosen_any_more(assistant: Assistant, listing: Listing) -> None:
    assistant.remove("owls.txt")
    chosen, table, _, above, _ = listing.refresh(*PLAIN, ("owls.txt", "rooks.txt"), "")
    assert chosen == ("rooks.txt",)
    assert table.count(" checked") == 1
    assert "Asking within rooks.txt only" in visible(above)


def test_without_news_nothing_is_listed_anew(listing: Listing) -> None:
    assert listing.refresh_after("", *PLAIN, (), "") == (gr.skip(),) * SHOWN
    assert len(listing.refresh_after("a.txt: added", *PLAIN, (), "")) == SHOWN


def test_a_conversation_brings_back_what_it_was_asked_within(
    assistant: Assistant, listing: Listing
) -> None:
    thread = asked(assistant, "rooks.txt")
    assert listing.follow(*PLAIN, ("owls.txt",), "", thread)[0] == ("rooks.txt",)
    assert listing.follow(*PLAIN, ("owls.txt",), "", asked(assistant))[0] == ()
    assert listing.follow(*PLAIN, ("owls.txt",), "", Thread())[0] == ()


def test_while_the_first_answer_is_made_what_is_chosen_stays(listing: Listing) -> None:
    thread = Thread(said=begin((), "Who waits?"))
    assert listing.follow(*PLAIN, ("owls.txt",), "", thread)[0] == ("owls.txt",)


def test_documents_are_looked_for(assistant: Assistant, listing: Listing) -> None:
    table = listing.look("ROOK", str(Order.NEWEST), ("wrens.txt",), "")
    assert "rooks.txt" in table
    assert "wrens.txt" in table
    assert "owls.txt" not in table
    assert "No document has this" in listing.look("penguin", str(Order.NAME), (), "")


def test_few_documents_need_no_search(
    assistant: Assistant, listing: Listing, tmp_path: Path
) -> None:
    assert not listing.refresh(*PLAIN, (), "")[-1].visible
    for number in range(FEW):
        (tmp_path / f"{number}.txt").write_text(f"Number {number}.")
    assistant.add([tmp_path / f"{number}.txt" for number in range(FEW)])
    assert listing.refresh(*PLAIN, (), "")[-1].visible


def test_hostile_names_are_shown_and_not_run() -> None:
    for html in (line([HOSTILE], 3), line([HOSTILE, "a"], 3), actions([HOSTILE], 3)):
        assert_inert(html)
