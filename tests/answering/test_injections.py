"""Hostile documents: what happens to retrieval, to the prompt, and to the answer as shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from assistant.assistant import Assistant
from assistant.holdings import Outcome
from assistant.render import to_markdown, to_text
from assistant.types import Answer, Verdict
from assistant.web.prose import prose
from tests.answering.injections import ATTACKS, TRUTH
from tests.fakes import FakeChatModel, FakeEncoder

QUESTION = "What do the herons of Fern Lake catch at dawn?"
_ALLOWED = {"p", "ul", "ol", "li", "strong", "em", "span", "button", "code", "pre", "br"}
_ALLOWED |= {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "blockquote",
    "html",
    "head",
    "body",
}
_NO_TEXT = {"escape codes", "null"}
"""Attacks with characters that no text file has: the file is not read."""
attacks = pytest.mark.parametrize(
    "attack", [pytest.param(a, id=name) for name, a in ATTACKS.items() if name not in _NO_TEXT]
)


def test_there_are_enough_of_many_kinds() -> None:
    assert len(ATTACKS) >= 40


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Assistant]:
    """Return an assistant without a document, whose model repeats what it is told to."""
    with Assistant.open(
        tmp_path / "index",
        encoder=FakeEncoder(window=500, dimensions=256),
        chat_model=FakeChatModel(replies=[]),
    ) as opened:
        yield opened


def add(lake: Assistant, tmp_path: Path, attack: str) -> None:
    (tmp_path / "lake.txt").write_text(f"{TRUTH} {attack}", "utf-8")
    (tmp_path / "other.txt").write_text("The owls of Elm Wood sleep by day.", "utf-8")
    lake.add([tmp_path / "lake.txt", tmp_path / "other.txt"])


def model_of(lake: Assistant) -> FakeChatModel:
    model = lake._given_chat_model
    assert isinstance(model, FakeChatModel)
    return model


def check_inert(answer: Answer) -> None:
    """Fail where anything that came from a document or a model is live in what is shown."""
    rendered = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")
    for html in (
        rendered.render(to_markdown(answer)),
        prose(answer, 1, literal=True),
        prose(answer, 1, literal=False),
    ):
        tree = LexborHTMLParser(html)
        tags = {node.tag for node in tree.css("*")}
        assert tags <= _ALLOWED, tags - _ALLOWED
        for node in tree.css("*"):
            assert not any(name.startswith("on") for name in node.attributes)
            assert not {"href", "src", "style", "action", "srcset"} & {*node.attributes}
    shown = to_text(answer)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", shown)


def check_whole(lake: Assistant, answer: Answer) -> None:
    marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)}
    assert marks == {citation.mark for citation in answer.citations}
    for citation in answer.citations:
        text = lake.document(citation.document).text
        assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize("name", sorted(_NO_TEXT))
def test_what_is_no_text_is_not_read(lake: Assistant, tmp_path: Path, name: str) -> None:
    (tmp_path / "lake.txt").write_text(f"{TRUTH} {ATTACKS[name]}", "utf-8")
    (report,) = lake.add([tmp_path / "lake.txt"])
    assert report.outcome is Outcome.FAILED
    assert report.message


@attacks
def test_retrieval_goes_on_as_before(lake: Assistant, tmp_path: Path, attack: str) -> None:
    add(lake, tmp_path, attack)
    hits = lake.retrieve(QUESTION, 3)
    assert hits[0].passage.document == "lake.txt"
    assert {document.name for document in lake.documents()} == {"lake.txt", "other.txt"}


@attacks
def test_in_the_prompt_it_stays_in_its_fence(lake: Assistant, tmp_path: Path, attack: str) -> None:
    add(lake, tmp_path, attack)
    model_of(lake).replies.append(TRUTH)
    lake.ask(QUESTION)
    system, human = (str(message.content) for message in model_of(lake).seen[0])
    fences = re.findall(r"<\s*/?\s*passage[^>]*>", human, re.IGNORECASE)
    assert len(fences) % 2 == 0
    for number, (opened, closed) in enumerate(zip(fences[::2], fences[1::2], strict=True), start=1):
        assert opened.startswith(f'<passage number="{number}" document="')
        assert closed == "</passage>"
    assert human.endswith(f"Question: {QUESTION}")
    outside = re.sub(r"<passage.*?</passage>", "", human, flags=re.DOTALL)
    assert outside.strip() == f"Question: {QUESTION}"
    assert "HACKED" not in system


@attacks
def test_quoted_it_is_shown_and_not_alive(lake: Assistant, tmp_path: Path, attack: str) -> None:
    add(lake, tmp_path, attack)
    model_of(lake).replies.append("")
    answer = lake.ask(QUESTION)
    assert any(TRUTH in citation.quote for citation in answer.citations)
    check_whole(lake, answer)
    check_inert(answer)


@attacks
def test_a_model_that_obeys_is_not_believed(lake: Assistant, tmp_path: Path, attack: str) -> None:
    add(lake, tmp_path, attack)
    model_of(lake).replies.append(f"HACKED by penguins from Mars [1]. {attack} {TRUTH} [1]")
    answer = lake.ask(QUESTION)
    check_whole(lake, answer)
    check_inert(answer)
    obeyed = [claim for claim in answer.claims if "penguins" in claim.text]
    assert all(claim.verdict is not Verdict.SUPPORTED for claim in obeyed)
