"""An answer as Markdown, as plain text and as JSON.

What comes from documents and models is shown, never obeyed: in Markdown no
link, image or HTML of theirs is live, and in a terminal no control character
of theirs gets through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.types import Answer, Citation, Claim, Excerpt, Hit, Passage, Verdict, to_json

_BOLD = "\ue000"
"""A character for private use, which stands for what sets words in bold while text is escaped."""
NEAREST = 3
"""Passages shown beside a refusal."""
_NAMED = 5

# Control characters, halves of surrogate pairs, and the marks that turn the order of what
# follows around: none has a glyph, and each can hide or fake what is written.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_MARKS_AFTER = re.compile(r"(?:[ \t]?\[\d+\])+")
_SPECIAL = re.compile(
    r"""(?P<mark>\[\d+\](?![:(]))
      | (?P<sign>[\\`*_{}\[\]<>\#|~&!$@^])
      | (?P<list>^(?:[-+=]|\d{1,9}(?=[.)](?:\s|$))))
      | (?P<link>(?<=\w)[.:](?=[\w/]))
    """,
    re.VERBOSE,
)
_VERDICTS = {Verdict.PARTLY: "partly supported", Verdict.UNSUPPORTED: "not supported"}


def to_markdown(answer: Answer) -> str:
    """Return an answer as Markdown: the text with its marks, then the numbered sources."""
    marks = frozenset(citation.mark for citation in answer.citations)
    text = replace(answer, text=answer.text.replace(_BOLD, " "))
    blocks = [_markdown(body(text, _BOLD), marks).replace(_BOLD, "**")] if answer.text else []
    if answer.reason:
        blocks.append(f"*{_escaped(line(answer.reason))}*")
    if answer.citations:
        blocks += ["**Sources**", *map(_source, answer.citations)]
    elif answer.refused and answer.hits:
        blocks.append("**The nearest passages, which do not answer this**")
        blocks += [
            f"- {_escaped(place(hit.passage))}\n  > {_escaped(gist(hit))}"
            for hit in answer.hits[:NEAREST]
        ]
    return "\n\n".join(blocks) + "\n"


def to_text(answer: Answer) -> str:
    """Return an answer as plain text: the text with its marks, then the numbered sources."""
    blocks = [body(answer), plain(answer.reason)]
    if answer.citations:
        blocks.append("Sources")
        blocks += [
            f"[{citation.mark}] {place(citation)}\n    “{line(citation.quote)}”"
            for citation in answer.citations
        ]
    elif answer.refused and answer.hits:
        blocks.append("The nearest passages, which do not answer this:")
        blocks += [f"- {place(hit.passage)}\n  “{gist(hit)}”" for hit in answer.hits[:NEAREST]]
    return "\n\n".join(block for block in blocks if block) + "\n"


def to_json_text(value: Any, *, ascii_only: bool = False) -> str:
    """Return any value of :mod:`assistant.types`, or a list of them, as indented JSON."""
    return json.dumps(to_json(value), ensure_ascii=ascii_only, indent=2) + "\n"


def body(answer: Answer, around_short: str = "") -> str:
    """Return an answer's text with a remark after each claim that is not fully supported.

    What it returns for a growing answer begins with what it returned before.
    ``around_short`` is put on both sides of what answers in a word or a few.
    """
    inserted = []
    for claim in answer.claims:
        if claim.short and around_short:
            inserted += [(claim.short.start, around_short), (claim.short.end, around_short)]
        if claim.verdict in _VERDICTS:
            marks = _MARKS_AFTER.match(answer.text, claim.end)
            inserted.append((marks.end() if marks else claim.end, f" ({_remark(claim)})"))
    pieces, at = [], 0
    for place_, piece in sorted(inserted):
        pieces += [plain(answer.text[at:place_]), piece]
        at = place_
    return "".join([*pieces, plain(answer.text[at:])])


def place(source: Citation | Excerpt | Passage) -> str:
    """Return where words stand: the document's title and name, and the place in it."""
    title, name = line(source.title), line(source.document)
    where = f", {line(source.place)}" if source.place else ""
    return f"{title} ({name}){where}" if title and title != name else f"{name}{where}"


def gist(hit: Hit) -> str:
    """Return the strongest evidence of a hit, or its passage where it has none."""
    return line(hit.evidence[0].text if hit.evidence else hit.passage.text)


def plain(text: str) -> str:
    """Return a text without the characters that a terminal would act upon."""
    return _UNSEEN.sub("", text)


def line(text: str) -> str:
    """Return a text as one line, fit for a terminal."""
    return " ".join(plain(text).split())


def markdown_line(text: str) -> str:
    """Return a text as one line of Markdown that reads the same, nothing in it live."""
    return _escaped(line(text))


def _remark(claim: Claim) -> str:
    words = ", ".join(f"“{plain(word)}”" for word in claim.missing)
    return f"{_VERDICTS[claim.verdict]}{f'; not found: {words}' if words else ''}"


def _source(citation: Citation) -> str:
    indent = " " * len(f"{citation.mark}. ")
    quote = _escaped(line(citation.quote))
    return f"{citation.mark}. {_escaped(place(citation))}\n{indent}> {quote}"


def _markdown(text: str, marks: frozenset[int]) -> str:
    """Return a text as Markdown that reads the same; paragraphs and "- " lists are kept."""
    lines = (row.strip() for row in plain(text).splitlines())
    return "\n".join(
        "- " + _escaped(row[2:].strip(), marks) if row.startswith("- ") else _escaped(row, marks)
        for row in lines
    )


def _escaped(row: str, marks: frozenset[int] = frozenset()) -> str:
    return _SPECIAL.sub(lambda match: _escape(match, marks), row)


def _escape(match: re.Match[str], marks: frozenset[int]) -> str:
    found = match.group()
    if match.lastgroup == "mark":
        return found if int(found[1:-1]) in marks else f"\\{found[:-1]}\\]"
    if match.lastgroup == "list" and found[0].isdigit():
        # A number can't be escaped; the dot or bracket behind it can.
        return found + "\\"
    return "\\" + found


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: "1 passage", "12 passages"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def named(names: Sequence[str]) -> str:
    """Return some names in a row, the rest of many only counted: "a.pdf, b.pdf and 9 more"."""
    rest = len(names) - _NAMED
    return ", ".join(map(line, names[:_NAMED])) + (f" and {rest:,} more" if rest > 0 else "")
