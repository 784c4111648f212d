"""An answer by a language model: written from the passages, shown only as it is checked.

The model's marks are hints. Each finished sentence is checked against the
passages it names, then against all; it is shown with citations of the exact
sentences that support it, or marked as unsupported. So nothing appears that
has not been checked, and what has appeared is never taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain as chained
from typing import TYPE_CHECKING, NamedTuple

from assistant import tokens
from assistant.answering.draft import Draft
from assistant.citations import Check, strength_of
from assistant.errors import ModelError
from assistant.prompts import load_prompt
from assistant.retrieval import Found
from assistant.rows import StoredPassage
from assistant.text import fold, sentence_spans
from assistant.types import Answer, Passage, Span, Verdict

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

NOT_FOUND = "NOT IN THE DOCUMENTS"
CheckClaim = Callable[[str, Sequence[StoredPassage]], Check]

_MARK = re.compile(r"\s*[\[【]\s*\^?\d+(?:\s*[,;–-]\s*\^?\d+)*\s*[\]】]")
_OPEN_MARK = re.compile(r"\s*[\[【][\d\s,;^–-]*$")
_ITEM = re.compile(r"(?:^|(?<=\n))\s*(?:[-*•]|\d{1,2}[.)])\s+(?=\S)")
_FENCE = re.compile(r"<(?=\s*/?\s*passage)", re.IGNORECASE)
_THINKING, _THOUGHT = "<think>", "</think>"
_NEXT_SENTENCE = 12
"""Characters of the next sentence that must be there before one counts as finished."""
_LONGEST_REPLY = 100_000
"""Characters, thinking included, after which a model is taken to be stuck."""


def stream(
    found: Found,
    chain: Runnable[dict[str, str], str],
    check: CheckClaim,
    draft: Draft,
    budget: int,
) -> Iterator[Answer]:
    """Yield the answer after each sentence, once it has been checked.

    The passages are given to the model whole, best first, as many as fit into
    ``budget`` tokens. Yields nothing where the model says that the answer is
    not in them. Raises :class:`ModelError` where it fails or stays silent.
    """
    blocks = [_block(number, hit.passage) for number, hit in enumerate(found.hits, start=1)]
    fitting = max(tokens.fit(blocks, budget), 1)
    numbered = [found.stored[hit.passage.id] for hit in found.hits[:fitting]]
    given = {"question": found.question, "passages": "\n\n".join(blocks[:fitting])}
    for separator, sentence, marks in _sentences(_spoken(_pieces(chain, given))):
        if not draft.text and fold(sentence).lstrip(" *_\"'“`#>").startswith(fold(NOT_FOUND)):
            return
        _add(draft, separator, sentence, marks, numbered, check)
        yield draft.answer()
    if not draft.text:
        raise ModelError("The language model gave an empty answer. Try another ASSISTANT_MODEL.")


def answer_chain(model: BaseChatModel) -> Runnable[dict[str, str], str]:
    """Return prompt, model and parser as one runnable: question and passages in, text out."""
    from langchain_core.output_parsers import StrOutputParser

    prompt = load_prompt("answer", frozenset({"question", "passages"}))
    return prompt | model | StrOutputParser()


def _pieces(chain: Runnable[dict[str, str], str], given: dict[str, str]) -> Iterator[str]:
    from langsmith import tracing_context

    written = 0
    try:
        stream = chain.stream(given)
        while written < _LONGEST_REPLY:
            # Tracing, where the environment turns it on, would send the passages to a service.
            with tracing_context(enabled=False):
                piece = next(stream, None)
            if piece is None:
                return
            written += len(piece)
            # Half of a surrogate pair is no text, and no encoder takes it.
            yield piece.encode("utf-8", "replace").decode()
    except Exception as error:
        # Each provider has errors of its own; all mean that the model did not answer.
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        raise ModelError(
            f"The language model failed: {detail}. Check that it runs, and ASSISTANT_MODEL, "
            "ASSISTANT_BASE_URL and ASSISTANT_API_KEY."
        ) from error
    raise ModelError(f"The language model did not stop after {written} characters.")


def _spoken(pieces: Iterator[str]) -> Iterator[str]:
    """Leave out the thinking that some models write down before they answer."""
    head = ""
    for piece in pieces:
        head += piece
        opening = head.lstrip()[: len(_THINKING)]
        if opening == _THINKING:
            _, closed, answer = head.partition(_THOUGHT)
            if closed:
                yield answer
                break
        elif not _THINKING.startswith(opening):
            yield head
            break
    else:
        if not head.lstrip().startswith(_THINKING):
            yield head
    yield from pieces


def _block(number: int, passage: Passage) -> str:
    """Fence a passage as data: no text of a document can close the tag it stands in."""
    page = f' page="{passage.page}"' if passage.page else ""
    source = re.sub(r'["<>\r\n]', "'", passage.document)
    text = _FENCE.sub("‹", passage.text)
    return f'<passage number="{number}" document="{source}"{page}>\n{text}\n</passage>'


class _Sentence(NamedTuple):
    """The first sentence of a text; what stands before and after it, and where the next begins."""

    before: str
    text: str
    marks: list[int]
    after: str
    next: int


def _sentences(pieces: Iterable[str]) -> Iterator[tuple[str, str, list[int]]]:
    """Yield each finished sentence with what stands before it and the numbers it is marked with."""
    raw, separator, look_at = "", "\n", 0
    for character in chained.from_iterable(pieces):
        raw += character
        # Counted in characters: how the stream is cut into pieces makes no difference. A long
        # text without a sentence's end is looked at ever more seldom.
        if not character.isspace() or len(raw) < look_at:
            continue
        while found := _first(_OPEN_MARK.sub("", raw), separator, finished=True):
            yield separator + found.before, found.text, found.marks
            raw, separator = raw[found.next :], found.after
        look_at = len(raw) * 17 // 16
    while found := _first(raw, separator):
        yield separator + found.before, found.text, found.marks
        raw, separator = raw[found.next :], found.after


def _first(raw: str, separator: str, *, finished: bool = False) -> _Sentence | None:
    """Take the first sentence of a text, if there is one, and if it must be: a finished one."""
    plain, marks = _without_marks(raw)
    # The bullet or number of a list's item is no part of what it says, and the next one ends it.
    item = _ITEM.match(plain) if "\n" in separator else None
    skipped = item.end() if item else 0
    following_item = _ITEM.search(plain, skipped + 1)
    limit = following_item.start() if following_item else len(plain)
    spans = [(a + skipped, b + skipped) for a, b in sentence_spans(plain[skipped:limit])]
    if not spans or (finished and len(plain.rstrip()) - spans[0][1] <= _NEXT_SENTENCE):
        return None
    start, end = spans[0]
    until = spans[1][0] if len(spans) > 1 else limit
    own = [mark for mark in marks if mark[0] <= until]
    following = own[-1][1] + until - own[-1][0] if own else until
    numbers = [number for mark in own for number in mark[2]]
    return _Sentence(plain[:start], plain[start:end], numbers, plain[end:until], following)


def _without_marks(raw: str) -> tuple[str, list[tuple[int, int, list[int]]]]:
    """Take the marks out of a text; say where in the rest each stood, and where it ended before."""
    plain, marks, end = "", [], 0
    for match in _MARK.finditer(raw):
        plain += raw[end : match.start()]
        # More digits than any number of passages has point nowhere.
        numbers = [int(n[:9]) for n in re.findall(r"\d+", match.group())]
        marks.append((len(plain), match.end(), numbers))
        end = match.end()
    return plain + raw[end:], marks


def _add(
    draft: Draft,
    separator: str,
    sentence: str,
    marks: Sequence[int],
    numbered: Sequence[StoredPassage],
    check: CheckClaim,
) -> None:
    named = [numbered[n - 1] for n in dict.fromkeys(marks) if 0 < n <= len(numbered)]
    checks = [check(sentence, [stored]) for stored in named]
    found = [c for c in checks if c.verdict is Verdict.SUPPORTED]
    if not found:
        best = max([*checks, check(sentence, numbered)], key=strength_of)
        found = [best]
    verdict = found[0].verdict
    missing = () if verdict is Verdict.SUPPORTED else found[0].missing
    supports: list[tuple[Passage, Span]] = [
        (c.passage, c.span)
        for c in found
        if c.passage and c.span and verdict is not Verdict.UNSUPPORTED
    ]
    draft.add(separator, sentence, supports, verdict, missing)
