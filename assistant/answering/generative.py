"""An answer by a language model: written from the passages, shown only as it is checked.

The model's marks are hints. Each finished sentence is checked against the
passages it names, then against all; it is shown with citations of the exact
sentences that support it, or marked as unsupported. So nothing appears that
has not been checked, and what has appeared is never taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant import tokens
from assistant.answering.draft import Draft
from assistant.answering.sentences import sentences
from assistant.citations import Check, strength_of
from assistant.errors import ModelError
from assistant.prompts import load_prompt
from assistant.retrieval import Found
from assistant.rows import StoredPassage
from assistant.text import FUNCTION_WORDS, fold, words
from assistant.types import Answer, Passage, Verdict

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

NOT_FOUND = "NOT IN THE DOCUMENTS"
CheckClaim = Callable[[str, Sequence[StoredPassage]], Check]

_DECLINES = re.compile(
    r"(?:i'?m sorry|i am sorry|sorry|unfortunately)?,?\s*(?:but )?(?:"
    r"i (?:can'?t|cannot|could not|couldn'?t|am unable to|do not|don'?t) "
    r"(?:answer|find|help|have|know)"
    r"|(?:the|these|none of the) (?:given |provided )?(?:passages?|documents?|context|text)"
    r"(?: (?:do|does) not| don'?t| doesn'?t)? ?(?:contain|mention|provide|say|hold|answer)"
    r"|there is no (?:information|mention))"
)
_ENOUGH_WORDS, _ENGLISH = 8, 0.2
"""Words that a language is told by, and the least share of small words in English prose."""
_FENCE = re.compile(r"<(?=\s*/?\s*passage)", re.IGNORECASE)
_THINKING, _THOUGHT = "<think>", "</think>"
_LONGEST_REPLY = 100_000
"""Characters, thinking included, after which a model is taken to be stuck."""


def stream(
    found: Found,
    chain: Runnable[dict[str, str], str],
    check: CheckClaim,
    draft: Draft,
    budget: int,
    *,
    remove: bool = False,
) -> Iterator[Answer]:
    """Yield the answer after each sentence, once it has been checked.

    The passages are given to the model whole, best first, as many as fit into
    ``budget`` tokens. With ``remove`` what no passage supports is left out.
    Yields nothing where the model says that the answer is not in the passages,
    or where nothing is left. Raises :class:`ModelError` where it fails or stays
    silent.
    """
    blocks = [_block(number, hit.passage) for number, hit in enumerate(found.hits, start=1)]
    fitting = max(tokens.fit(blocks, budget), 1)
    numbered = [found.stored[hit.passage.id] for hit in found.hits[:fitting]]
    given = {"question": found.question, "passages": "\n\n".join(blocks[:fitting])}
    said, removed = "", 0
    for separator, sentence, marks in sentences(_spoken(_pieces(chain, given))):
        if not said and _declines(sentence):
            return
        said += f"{sentence} "
        checks = _checks(sentence, marks, numbered, check)
        if draft.add_checked(separator, sentence, checks, remove=remove):
            yield draft.answer()
        else:
            removed += 1
    if not said:
        raise ModelError("The language model gave an empty answer. Try another ASSISTANT_MODEL.")
    remark = _remark(said, removed, numbered)
    if remark and draft.text:
        yield draft.answer(reason=remark)


def answer_chain(model: BaseChatModel) -> Runnable[dict[str, str], str]:
    """Return prompt, model and parser as one runnable: question and passages in, text out."""
    from langchain_core.output_parsers import StrOutputParser

    prompt = load_prompt("answer", frozenset({"question", "passages"}))
    return prompt | model | StrOutputParser()


def retry_chain(
    model: BaseChatModel, answer: str, faults: Sequence[str]
) -> Runnable[dict[str, str], str]:
    """Return a chain that asks again, with the answer before and its unsupported sentences."""
    from langchain_core.output_parsers import StrOutputParser

    variables = frozenset({"question", "passages", "answer", "unsupported"})
    listed = "\n".join(f"- {fault}" for fault in faults)
    prompt = load_prompt("retry", variables).partial(answer=answer, unsupported=listed)
    return prompt | model | StrOutputParser()


def _declines(sentence: str) -> bool:
    plain = fold(sentence).lstrip(" *_\"'“`#>")
    return plain.startswith(fold(NOT_FOUND)) or _DECLINES.match(plain) is not None


def _remark(said: str, removed: int, numbered: Sequence[StoredPassage]) -> str:
    remarks = []
    if removed:
        noun = (
            "sentence that no passage supports was"
            if removed == 1
            else ("sentences that no passage supports were")
        )
        remarks.append(f"{removed} {noun} left out.")
    if _foreign(said, " ".join(stored.passage.text for stored in numbered)):
        remarks.append(
            "The answer is not in the language of the passages, so its sentences can't be "
            "checked against them."
        )
    return " ".join(remarks)


def _foreign(said: str, read: str) -> bool:
    """Tell whether an answer lacks the small words that the passages are full of."""
    ours, theirs = words(said), words(read)
    if len(ours) < _ENOUGH_WORDS or not theirs:
        return False
    small = [sum(word in FUNCTION_WORDS for word in text) / len(text) for text in (ours, theirs)]
    return small[1] > _ENGLISH > _ENGLISH / 2 > small[0]


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
        detail = " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
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


def _checks(
    sentence: str,
    marks: Sequence[int],
    numbered: Sequence[StoredPassage],
    check: CheckClaim,
) -> list[Check]:
    """Check a sentence against each passage that it names, else against all of them."""
    named = [numbered[n - 1] for n in dict.fromkeys(marks) if 0 < n <= len(numbered)]
    checks = [check(sentence, [stored]) for stored in named]
    supported = [c for c in checks if c.verdict is Verdict.SUPPORTED]
    return supported or [max([*checks, check(sentence, numbered)], key=strength_of)]
