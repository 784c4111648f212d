"""What was found → the answer: by a language model where one is named, else of quotations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from assistant.answering import extractive, generative
from assistant.answering.draft import Draft
from assistant.answering.generative import CheckClaim
from assistant.answering.voices import Align
from assistant.errors import ModelError
from assistant.retrieval import Found
from assistant.settings import Settings
from assistant.types import Answer, Verdict

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

WITHOUT_MODEL = "extractive"
"""What ``Answer.model`` says where no language model wrote the text."""


class Writer(NamedTuple):
    """What an answer is written with.

    Drafts by the name of who writes, the gate, what compares words in context, the model.
    """

    draft: Callable[[str], Draft]
    check: CheckClaim
    align: Align
    model_name: str
    load_model: Callable[[], BaseChatModel]


def write(
    question: str, found: Found, writer: Writer, settings: Settings, told: str = ""
) -> Iterator[Answer]:
    """Yield the answer as it grows; where the model fails, one of quotations that says so.

    ``question`` is as it was asked, ``found`` what was found for it in the
    conversation, ``told`` the answer that it follows up.
    """
    remark = ""
    if writer.model_name:
        draft = writer.draft(writer.model_name)
        try:
            yield from _generated(found, draft, writer, settings)
            return
        except ModelError as error:
            if draft.text:
                yield draft.answer(reason=f"The answer broke off. {error}")
                return
            remark = f"Answered without a language model. {error}"
    draft = writer.draft(WITHOUT_MODEL)
    differing = extractive.write(question, found, draft, writer.align, told)
    yield draft.answer(reason=" ".join(filter(None, [remark, differing])))


def _generated(found: Found, draft: Draft, writer: Writer, settings: Settings) -> Iterator[Answer]:
    """Yield the model's answer as it grows, its unsupported claims treated as the settings say.

    A second try is made unseen by the reader, who is never shown what is taken back.
    """
    model, budget = writer.load_model(), settings.context_tokens
    chain = generative.answer_chain(model)
    if settings.unsupported == "retry":
        first = writer.draft(writer.model_name)
        answers = list(generative.stream(found, chain, writer.check, first, budget))
        faults = [c.text for c in first.answer().claims if c.verdict is Verdict.UNSUPPORTED]
        if answers and not faults:
            yield from answers
            return
        if faults:
            chain = generative.retry_chain(model, first.text, faults)
    remove = settings.unsupported == "remove"
    yield from generative.stream(found, chain, writer.check, draft, budget, remove=remove)
    if not draft.text:
        reason = f"{writer.model_name} found no answer in the passages."
        yield draft.answer(refused=True, reason=reason)
