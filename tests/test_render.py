"""An answer as Markdown, plain text and JSON: complete, and inert whatever documents say."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant import render
from assistant.types import Answer, Citation, Claim, Evidence, Hit, Passage, Span, Verdict

_LIVE = {"link_open", "image", "html_inline", "html_block", "fence", "code_block", "heading_open"}
_HOSTILE = [
    "![x](http://evil.example/p.png)",
    "[click](javascript:alert(1))",
    "[1](http://evil.example)",
    "[1]: http://evil.example",
    "<img src=http://evil.example/p.png>",
    "<script>alert(1)</script>",
    "<http://evil.example>",
    "http://evil.example/x and www.evil.example or mail a@evil.example",
    "&lt;b&gt; &amp; &#60;",
    "# heading",
    "```\ncode\n```",
    "\tindented",
    "| a | b |\n| - | - |\n| c | d |",
    "*a* _b_ ~~c~~ `d` $e$ \\",
    "1. one\n2) two\n+ three\n> four\n===\n---",
    "3.5 per cent and 3. of May",
]


def _answer(text: str, *claims: Claim, quote: str = "It rained.", reason: str = "") -> Answer:
    citation = Citation(1, "a.pdf", "Weather", 3, 0, len(quote), quote, Verdict.SUPPORTED, "p. 3")
    return Answer("q?", "q?", text, claims, (citation,), (), False, reason, "extractive", 0.9)


def _hit(text: str) -> Hit:
    end = len(text)
    passage = Passage("p1", "b.md", "Notes", text, 0, end, None, "", (Span(0, end),))
    return Hit(passage, 0.5, (Evidence(0, end, text, 0.5),))


def _refusal(text: str) -> Answer:
    return replace(
        _answer("", reason="Nothing says so."), citations=(), hits=(_hit(text),), refused=True
    )


def _read(markdown: str) -> tuple[set[str], str]:
    """Return the kinds of tokens a renderer sees, and the text that a reader sees."""
    kinds, seen = set(), []
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown):
        kinds.add(token.type)
        for child in token.children or []:
            kinds.add(child.type)
            seen.append("\n" if child.type.endswith("break") else child.content)
        seen.append("\n" if token.type == "inline" else "")
    return kinds, "".join(seen)


def test_markdown_has_text_then_numbered_sources() -> None:
    assert render.to_markdown(_answer("It rained. [1]")) == (
        "It rained. [1]\n\n**Sources**\n\n1. Weather (a\\.pdf), p. 3\n   > It rained.\n"
    )


def test_text_has_text_then_numbered_sources() -> None:
    assert render.to_text(_answer("It rained. [1]")) == (
        "It rained. [1]\n\nSources\n\n[1] Weather (a.pdf), p. 3\n    “It rained.”\n"
    )


def test_refusal_shows_reason_and_nearest_passages() -> None:
    text = render.to_text(_refusal("The sun shone."))
    assert text.startswith("Nothing says so.\n\nThe nearest passages, which do not answer this:")
    assert "- Notes (b.md)\n  “The sun shone.”" in text
    assert "  > The sun shone." in render.to_markdown(_refusal("The sun shone."))


def test_claims_that_are_not_supported_say_so_behind_their_marks() -> None:
    text = "It rained. [1] It froze. [1] It hailed."
    answer = _answer(
        text,
        Claim("It rained.", 0, 10, (1,), Verdict.SUPPORTED),
        Claim("It froze.", 15, 24, (1,), Verdict.PARTLY, ("froze",)),
        Claim("It hailed.", 29, 39, (), Verdict.UNSUPPORTED),
    )
    assert render.body(answer) == (
        "It rained. [1] It froze. [1] (partly supported; not found: “froze”)"
        " It hailed. (not supported)"
    )


@given(st.lists(st.sampled_from(list(Verdict)), min_size=1, max_size=6))
def test_body_of_a_growing_answer_only_grows(verdicts: list[Verdict]) -> None:
    before, text, claims = "", "", []
    for number, verdict in enumerate(verdicts):
        start = len(text) + (number > 0)
        text = f"{text} Claim {number}.".strip()
        claims.append(Claim(text[start:], start, len(text), (1,), verdict))
        text += " [1]"
        grown = render.body(_answer(text, *claims))
        assert grown.startswith(before)
        before = grown


@pytest.mark.parametrize("hostile", _HOSTILE)
def test_markdown_keeps_nothing_live(hostile: str) -> None:
    answer = _answer(f"{hostile} [1]", quote=hostile, reason=hostile)
    for markdown in (render.to_markdown(answer), render.to_markdown(_refusal(hostile))):
        kinds, seen = _read(markdown)
        assert not kinds & _LIVE
        assert "table_open" not in kinds
        assert " ".join(hostile.split()) in " ".join(seen.split())


@given(st.text(st.sampled_from("[]()!<>:/.#*_`~-+=|&;$^@\\\"' \n1ax"), max_size=40))
def test_markdown_of_any_text_reads_as_that_text(text: str) -> None:
    answer = replace(_answer(text), citations=(), claims=())
    kinds, seen = _read(render.to_markdown(answer))
    assert not kinds & _LIVE
    # A "- " at the start of a line becomes an item's bullet.
    words = [w for row in text.splitlines() for w in row.strip().removeprefix("- ").split()]
    assert seen.split() == words


@pytest.mark.parametrize("mark", ["\x1b[31m", "\x07", "\u202e", "\x9b2J", "\ud800", "\r"])
def test_control_characters_never_reach_the_terminal(mark: str) -> None:
    answer = _answer(f"a{mark}b [1]", quote=f"c{mark}d", reason=f"e{mark}f")
    for text in (render.to_text(answer), render.to_markdown(answer)):
        assert not set(mark[0]) & set(text)
        text.encode("utf-8")


def test_quotes_are_shown_on_one_line() -> None:
    assert "“one two”" in render.to_text(_answer("x [1]", quote="one\n   two"))


def test_json_holds_the_whole_answer() -> None:
    answer = _answer("Mérida. [1]", Claim("Mérida.", 0, 7, (1,), Verdict.PARTLY, ("x",)))
    text = render.to_json_text(answer)
    assert "Mérida" in text
    assert "Mérida" not in render.to_json_text(answer, ascii_only=True)
    read = json.loads(text)
    assert read["claims"][0]["verdict"] == "partly"
    assert read["citations"][0]["quote"] == "It rained."
    assert json.loads(render.to_json_text([answer]))[0] == read


@pytest.mark.parametrize(
    ("title", "where", "expected"),
    [
        ("Weather", "p. 3", "Weather (a.pdf), p. 3"),
        ("Weather", "", "Weather (a.pdf)"),
        ("a.pdf", "rows 2–4", "a.pdf, rows 2–4"),
        ("", "", "a.pdf"),
    ],
)
def test_place_names_title_document_and_where(title: str, where: str, expected: str) -> None:
    citation = Citation(1, "a.pdf", title, None, 0, 1, "x", Verdict.SUPPORTED, where)
    assert render.place(citation) == expected
