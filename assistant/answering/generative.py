"""An answer by a language model: written from the passages, shown only as it is checked.

The model's marks are hints. Each finished sentence is checked against the
passages it names, then against all; it is shown with citations of the exact
sentences that support it, or marked as unsupported. So nothing appears that
has not been checked, and what has appeared is never taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

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

_MARK = re.compile(r"\s*[\[【]\s*\d+(?:\s*[,;]\s*\d+)*\s*[\]】]")
_OPEN_MARK = re.compile(r"\s*[\[【][\d\s,;]*$")
_NEXT_SENTENCE = 12
"""Characters of the next sentence that must be there before one counts as finished."""


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
    for separator, sentence, marks in _sentences(_pieces(chain, given)):
        if not draft.text and fold(sentence).startswith(fold(NOT_FOUND)):
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
    try:
        yield from chain.stream(given)
    except Exception as error:
        # Each provider has errors of its own; all mean that the model did not answer.
        detail = " ".join(str(error).split())[:200] or type(error).__name__
        raise ModelError(
            f"The language model failed: {detail}. Check that it runs, and ASSISTANT_MODEL, "
            "ASSISTANT_BASE_URL and ASSISTANT_API_KEY."
        ) from error


def _block(number: int, passage: Passage) -> str:
    """Fence a passage as data: no text of a document can close the tag it stands in."""
    page = f' page="{passage.page}"' if passage.page else ""
    source = passage.document.replace('"', "'")
    text = re.sub(r"</?\s*passage", lambda m: m.group().replace("<", "‹"), passage.text, flags=re.I)
    return f'<passage number="{number}" document="{source}"{page}>\n{text}\n</passage>'


def _sentences(pieces: Iterable[str]) -> Iterator[tuple[str, str, list[int]]]:
    """Yield each finished sentence with what stands before it and the numbers it is marked with."""
    raw, done = "", 0
    for piece in pieces:
        raw += piece
        finished = _split(_OPEN_MARK.sub("", raw), final=False)
        yield from finished[done:]
        done = max(done, len(finished))
    yield from _split(raw, final=True)[done:]


def _split(raw: str, *, final: bool) -> list[tuple[str, str, list[int]]]:
    plain, marks = _without_marks(raw)
    spans = sentence_spans(plain)
    found = []
    end = 0
    for number, span in enumerate(spans):
        until = spans[number + 1].start if number + 1 < len(spans) else len(plain)
        cited = [n for offset, numbers in marks if span.start < offset <= until for n in numbers]
        found.append((plain[end : span.start], plain[span.start : span.end], cited))
        end = span.end
    if final:
        return found
    finished = [span for span in spans if len(plain.rstrip()) - span.end > _NEXT_SENTENCE]
    return found[: len(finished)]


def _without_marks(raw: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """Take the marks out of a text, and say at which offset of the rest each stood."""
    plain, marks, end = "", [], 0
    for match in _MARK.finditer(raw):
        plain += raw[end : match.start()]
        marks.append((len(plain), [int(n) for n in re.findall(r"\d+", match.group())]))
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
