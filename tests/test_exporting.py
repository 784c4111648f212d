"""A conversation as Markdown, JSON and Word: all that was said, every source, nothing live."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from assistant.errors import SettingsError
from assistant.exchanges import Conversation, Exchange, Stage, Thumb, title_of
from assistant.exporting import FORMATS, export, file_name
from assistant.saved import read_citations
from assistant.types import Answer, Claim, Span, Verdict
from tests.strategies import nasty_text
from tests.web.samples import HOSTILE, answer, citation, document, refusal

NOTES = document("It rained on 4 May. The river rose.", "notes <1>.md")
RAIN = answer(
    [("It rained on 4 May.", Verdict.SUPPORTED, ()), ("Cows swam.", Verdict.PARTLY, ("swam",))],
    [citation(NOTES, "It rained on 4 May.", page=2), citation(NOTES, "The river rose.", 2)],
)
DATED = replace(
    RAIN, claims=(replace(RAIN.claims[0], short=Span(13, 18)), *RAIN.claims[1:]), reason="Perhaps."
)


def conversation(*exchanges: Exchange, title: str = "When did it rain?") -> Conversation:
    return Conversation("id", title, "2026-11-25T10:00:00+00:00", exchanges)


TALK = conversation(
    Exchange(1, "When did it rain?", DATED, Stage.DONE, thumb=Thumb.UP),
    Exchange(2, "And fish?", refusal(NOTES), Stage.DONE),
    Exchange(3, "And then?", None, Stage.FAILED, "The model is away."),
)


def paragraphs(file: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(file)).paragraphs]


def test_markdown_has_questions_answers_and_sources() -> None:
    text = export(TALK, "md").decode()
    assert text.startswith(
        "# When did it rain?\n\n*A conversation of 25 November 2026: 3 questions"
    )
    assert "It rained on **4 May**. [1]" in text
    assert "   > It rained on 4 May." in text
    assert "## And fish?" in text
    assert "which do not answer this" in text
    assert "*No answer was given.*\n\n*The model is away.*" in text
    assert text.endswith("## Documents cited\n\n- Notes (notes \\<1\\>.md)\n")


def test_word_has_them_too(tmp_path: Path) -> None:
    said = paragraphs(export(TALK, "docx"))
    assert said[0] == "When did it rain?"
    assert "It rained on 4 May. [1] Cows swam. [2] (partly supported; not found: “swam”)" in said
    assert "[1] Notes (notes <1>.md), p. 2" in said
    assert "“It rained on 4 May.”" in said
    assert "Perhaps." in said
    assert "The nearest passages, which do not answer this" in said
    assert said[-1] == "Notes (notes <1>.md)"
    runs = next(
        paragraph.runs
        for paragraph in docx.Document(io.BytesIO(export(TALK, "docx"))).paragraphs
        if "Cows swam" in paragraph.text
    )
    assert [run.text for run in runs if run.bold] == ["4 May"]
    assert [run.text for run in runs if run.font.superscript] == ["[1]", "[2]"]


def test_json_is_what_saved_citations_are_read_from(tmp_path: Path) -> None:
    path = tmp_path / "talk.json"
    path.write_bytes(export(TALK, "json"))
    assert read_citations(path) == list(RAIN.citations)


def test_a_follow_up_tells_what_was_searched() -> None:
    asked = replace(RAIN, standalone="When did it rain in May?")
    for ending in ("md", "docx"):
        file = export(conversation(Exchange(1, "When then?", asked, Stage.DONE)), ending)
        text = file.decode() if ending == "md" else "\n".join(paragraphs(file))
        assert "Searched for: When did it rain in May?" in text


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"'odt'. Choose one of \.md, \.json, \.docx, \.pdf"):
        export(TALK, "odt")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Who paid?", "Who-paid"),
        ("../../etc/passwd", "etc-passwd"),
        ("???", "conversation"),
        ("x" * 99, "x" * 60),
        ("Mérida, 中文", "Mérida-中文"),
    ],
)
def test_file_names_are_harmless(title: str, name: str) -> None:
    assert file_name(conversation(title=title)) == name


def test_nothing_in_markdown_is_live() -> None:
    hostile = replace(
        answer([(HOSTILE, Verdict.SUPPORTED, ())], model="x"), reason=HOSTILE, standalone=HOSTILE
    )
    talk = conversation(Exchange(1, HOSTILE, hostile, Stage.DONE, HOSTILE), title=HOSTILE)
    html = MarkdownIt("commonmark").render(export(talk, "md").decode())
    for live in ("<script", "<img", "<a ", "<svg", "<iframe"):
        assert live not in html


@settings(max_examples=20, deadline=None)
@given(nasty_text, nasty_text)
def test_any_text_can_be_exported(question: str, text: str) -> None:
    said = answer([(text + "\x0c\ue000\uffff", Verdict.SUPPORTED, ())])
    talk = conversation(Exchange(1, question, said, Stage.DONE), title=title_of(question))
    for ending in FORMATS:
        assert export(talk, ending)
    assert paragraphs(export(talk, "docx"))


def test_a_short_answer_over_the_end_of_a_line_stays_bold_on_both() -> None:
    text = "In May\nor June."
    claim = Claim(text, 0, len(text), (), Verdict.SUPPORTED, short=Span(3, 14))
    said = Answer("?", "?", text, (claim,), (), (), False, "", "extractive", 1.0)
    file = export(conversation(Exchange(1, "?", said, Stage.DONE)), "docx")
    bold = [
        run.text
        for paragraph in docx.Document(io.BytesIO(file)).paragraphs
        for run in paragraph.runs
        if run.bold
    ]
    assert bold == ["May", "or June"]
