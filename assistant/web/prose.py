"""The text of an answer as HTML: its few forms, its marks, and how each claim fared.

A model writes Markdown. Paragraphs, lists, tables, emphasis and code are
rendered; links, images and HTML are not, and stay what they are: characters.
Marks and claims are woven in afterwards, as characters that no text holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.types import Answer, Citation, Claim, Verdict
from assistant.web.inert import inert
from assistant.web.language import later, say

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Cuneiform punctuation: punctuation, so that emphasis beside it is still seen as such.
_CLAIM, _CLAIM_END, _MARK, _MARK_END, _SHORT = (
    "\U00012470",
    "\U00012471",
    "\U00012472",
    "\U00012473",
    "\U00012474",
)
_WOVEN = re.compile(f"[{_CLAIM}{_CLAIM_END}{_MARK}{_MARK_END}{_SHORT}]")
_SIGNS = re.compile(f"({_CLAIM}|{_CLAIM_END}|{_SHORT}|{_MARK}\\d+{_MARK_END})")
_MARKS = re.compile(r"\[(\d{1,4})\]")
_MARKS_AFTER = re.compile(r"(?:[ \t]?\[\d{1,4}\])+")
_LINE_START = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6}|>)[ \t]+)*")
_SPECIAL = re.compile(r"([!-/:-@\[-`{-~])")
_VERDICTS = {
    Verdict.PARTLY: ("partly", later("partly supported")),
    Verdict.UNSUPPORTED: ("unsupported", later("not supported")),
}
_LIVE = ["image", "link", "autolink", "reference", "html_block", "html_inline", "code"]


def prose(answer: Answer, number: int, *, literal: bool) -> str:
    """Return the answer's text as HTML; ``number`` tells its marks from another answer's.

    A literal text is made of a document's own sentences: in it a star is a
    star. Only its paragraphs and its list items are rendered.
    """
    weaver = _Weaver(answer, number)
    text = _annotated(answer, {citation.mark for citation in answer.citations}, literal=literal)
    return str(_markdown().render(text, {"weaver": weaver}))


def place(citation: Citation) -> str:
    """Return where a citation's words stand: title, and the place in it."""
    where = f", {citation.place}" if citation.place else ""
    return f"{citation.title or citation.document}{where}"


def _annotated(answer: Answer, known: set[int], *, literal: bool) -> str:
    """Return the text with the bounds of claims and the known marks as woven characters."""
    text = _WOVEN.sub("\ufffd", answer.text)
    signs: dict[int, str] = {}
    for claim in answer.claims:
        start = _LINE_START.match(text, claim.start, claim.end)
        after = _MARKS_AFTER.match(text, claim.end)
        first = start.end() if start else claim.start
        last = max(after.end() if after else claim.end, first)
        signs[first] = signs.get(first, "") + _CLAIM
        for bound in claim.short or ():
            signs[bound] = signs.get(bound, "") + _SHORT
        signs[last] = _CLAIM_END + signs.get(last, "")
    pieces, at = [], 0
    bounds = sorted({*signs, *(m.start() for m in _MARKS.finditer(text)), len(text)})
    for bound in bounds:
        piece = text[at:bound]
        mark = _MARKS.match(text, bound)
        if mark and int(mark[1]) in known and piece.endswith(" "):
            piece = piece[:-1] + "\u00a0"  # A mark must not start a line by itself.
        pieces.append(_piece(piece, known, literal=literal))
        pieces.append(signs.get(bound, ""))
        at = bound
    return "".join(pieces)


def _piece(text: str, known: set[int], *, literal: bool) -> str:
    match = _MARKS.match(text)
    if match and int(match[1]) in known:
        rest = text[match.end() :]
        return f"{_MARK}{match[1]}{_MARK_END}{_plain(rest) if literal else rest}"
    return _plain(text) if literal else text


def _plain(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(
        "- " + _SPECIAL.sub(r"\\\1", line[2:])
        if line.startswith("- ")
        else _SPECIAL.sub(r"\\\1", line)
        for line in lines
    )


class _Weaver:
    """Turns the text between tags into HTML, and the woven characters into marks and claims."""

    def __init__(self, answer: Answer, number: int) -> None:
        self.number = number
        self.citations = {citation.mark: citation for citation in answer.citations}
        self.claims = iter(sorted(answer.claims, key=lambda claim: (claim.start, claim.end)))
        self.claim: Claim | None = None
        self.bold = False
        self.named: set[int] = set()

    def text(self, content: str) -> str:
        return "".join(map(self._sign_or_text, _SIGNS.split(content)))

    def _sign_or_text(self, piece: str) -> str:
        if piece == _CLAIM:
            self.claim = next(self.claims, None)
            return ""
        if piece == _CLAIM_END:
            claim, self.claim = self.claim, None
            return _verdict(claim) if claim else ""
        if piece == _SHORT:
            self.bold = not self.bold
            return "<strong>" if self.bold else "</strong>"
        if piece.startswith(_MARK):
            return self._mark(self.citations[int(piece[1:-1])])
        text = inert(_WOVEN.sub("", piece))
        words = text.rstrip()
        if words and self.claim and self.claim.verdict in _VERDICTS:
            kind, why = _VERDICTS[self.claim.verdict][0], inert(verdict_reason(self.claim))
            # Whoever points at the words is told; the button after them tells everybody else.
            span = f'<span class="claim {kind}" data-quote="{why}">{words}</span>'
            return span + text[len(words) :]
        return text

    def _mark(self, citation: Citation) -> str:
        where, at = inert(place(citation)), f"{self.number}-{citation.mark}"
        # The way back leads to where a mark stands first.
        identity = "" if citation.mark in self.named else f' id="mark-{at}"'
        self.named.add(citation.mark)
        label = say("Source {mark}: {place}", mark=citation.mark, place=where)
        return (
            f'<button type="button" class="mark"{identity} data-source="source-{at}"'
            f' data-place="{where}" data-quote="{inert(citation.quote[:600])}"'
            f' aria-label="{label}">'
            f'<span class="unseen">[</span>{citation.mark}<span class="unseen">]</span></button>'
        )


def _verdict(claim: Claim) -> str:
    if claim.verdict not in _VERDICTS:
        return ""
    kind, label = _VERDICTS[claim.verdict]
    return (
        f' <button type="button" class="verdict {kind}"'
        f' data-quote="{inert(verdict_reason(claim))}">{say(label)}</button>'
    )


def verdict_reason(claim: Claim) -> str:
    """Return in words why a claim is not plainly supported."""
    words = ", ".join(f"“{word}”" for word in claim.missing)
    if claim.verdict is Verdict.PARTLY:
        return (
            say("The cited passages say part of this. They don't mention {words}.", words=words)
            if words
            else say("The cited passages say only part of this.")
        )
    return (
        say("No cited passage says this. Not found there: {words}.", words=words)
        if words
        else say("No cited passage says this.")
    )


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable("table").disable(_LIVE)
    markdown.add_render_rule("text", _render_text)
    markdown.add_render_rule("code_inline", _render_code)
    markdown.add_render_rule("fence", _render_fence)
    # A heading of an answer must not stand among the headings of the page.
    for rule in ("heading_open", "heading_close"):
        markdown.add_render_rule(rule, _render_heading)
    return markdown


def _render_text(_: Any, tokens: Sequence[Token], index: int, __: Any, env: Any) -> str:
    return str(env["weaver"].text(tokens[index].content))


def _render_code(_: Any, tokens: Sequence[Token], index: int, __: Any, env: Any) -> str:
    return f"<code>{env['weaver'].text(tokens[index].content)}</code>"


def _render_fence(_: Any, tokens: Sequence[Token], index: int, __: Any, env: Any) -> str:
    return f"<pre><code>{env['weaver'].text(tokens[index].content)}</code></pre>"


def _render_heading(_: Any, tokens: Sequence[Token], index: int, __: Any, ___: Any) -> str:
    return '<p class="subhead">' if tokens[index].nesting == 1 else "</p>"
