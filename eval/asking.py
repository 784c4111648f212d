"""Asks one question, and notes everything that can be scored later."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from assistant import Assistant, AssistantError, tokens
from assistant.errors import DocumentNotFound
from assistant.excerpts import excerpts
from assistant.types import Answer, Citation
from eval.metrics.places import of_excerpts, of_hits
from eval.metrics.retrieval import BUDGETS
from eval.outcomes import Cost, Outcome, Quote
from eval.questions import Gold, Question

RETRIEVED = 20
"""Passages retrieved a question: enough for every cutoff and budget of the measures."""
_HITS_KEPT = 3
_LONGEST_QUOTE = 800
_AROUND = 100


def ask(question: Question, assistant: Assistant, meter: TokenMeter | None = None) -> Outcome:
    """Ask one question and return what came of it.

    A failure is an outcome as well, and so is an answer that was to come from
    a language model and did not. ``meter`` counts the tokens sent to one.
    """
    meter = meter or TokenMeter()
    meter.reset()
    evidence: tuple[Quote, ...] = ()
    try:
        evidence = tuple(_evidence(question, assistant))
        begun = time.perf_counter()
        answer, first = _answer(question, assistant, begun)
        whole = time.perf_counter() - begun
        begun = time.perf_counter()
        hits = assistant.retrieve(answer.standalone, RETRIEVED)
        retrieval = time.perf_counter() - begun
        inexact = sum(not _is_exact(citation, assistant) for citation in answer.citations)
    except Exception as error:  # noqa: BLE001 - a bug met in one question must not end the run
        said = str(error) if isinstance(error, AssistantError) else repr(error)
        return Outcome(question.id, None, (), (), evidence, 0, None, failure=said)
    retrieved = tuple(of_hits(hits))
    leading = hits[: assistant.settings.passages]
    shown = tuple(tuple(of_excerpts(excerpts(leading, budget, len))) for budget in BUDGETS)
    if not answer.refused and assistant.model_name not in {"", answer.model}:
        return Outcome(
            question.id, None, retrieved, shown, evidence, 0, None, failure=answer.reason
        )
    cost = Cost(first, whole, retrieval, meter.tokens, meter.estimated)
    answer = replace(answer, hits=answer.hits[:_HITS_KEPT])
    return Outcome(question.id, answer, retrieved, shown, evidence, inexact, cost)


class TokenMeter(BaseCallbackHandler):
    """Counts the tokens sent to a language model: as its server says, else by an estimate."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.reset()

    def reset(self) -> None:
        """Start again, for the next question."""
        self.tokens = 0
        self.estimated = False
        self._expected = 0

    def attach(self, model: BaseChatModel) -> BaseChatModel:
        """Return a copy of a model whose calls are counted here."""
        return model.model_copy(update={"callbacks": [self]})

    def on_chat_model_start(
        self, serialized: dict[str, Any], messages: list[list[BaseMessage]], **_: Any
    ) -> None:
        """Count a call by its messages, until its server has said better."""
        texts = [message.text for batch in messages for message in batch]
        self._expected = sum(tokens.count(text).tokens for text in texts)
        self.tokens += self._expected
        self.estimated = True

    def on_llm_end(self, response: LLMResult, **_: Any) -> None:
        """Put what the server counted in place of the estimate."""
        for generation in (one for batch in response.generations for one in batch):
            message = generation.message if isinstance(generation, ChatGeneration) else None
            used = message.usage_metadata if isinstance(message, AIMessage) else None
            if used and used["input_tokens"]:
                self.tokens += used["input_tokens"] - self._expected
                self.estimated = False


def _answer(question: Question, assistant: Assistant, begun: float) -> tuple[Answer, float]:
    """Return the whole answer, and after how many seconds its first words were there."""
    first = None
    for answer in assistant.stream(question.text, question.history):
        if first is None and (answer.text or answer.refused):
            first = time.perf_counter() - begun
    return answer, first if first is not None else time.perf_counter() - begun


def _is_exact(citation: Citation, assistant: Assistant) -> bool:
    try:
        text = assistant.document(citation.document).text
    except DocumentNotFound:
        return False
    return text[citation.start : citation.end] == citation.quote


def _evidence(question: Question, assistant: Assistant) -> Iterator[Quote]:
    for gold in question.gold:
        try:
            yield from _quotes(gold, assistant)
        except DocumentNotFound:
            yield Quote(gold.document, None, "")


def _quotes(gold: Gold, assistant: Assistant) -> Iterator[Quote]:
    document = assistant.document(gold.document)
    for start, end in gold.spans:
        last = min(end, start + _LONGEST_QUOTE)
        before = document.text[max(0, start - _AROUND) : start]
        after = document.text[last : last + _AROUND]
        yield Quote(gold.document, None, document.text[start:last], before, after)
    for page in gold.pages:
        span = document.pages[page - 1] if page <= len(document.pages) else None
        text = document.text[span.start : span.end] if span else ""
        yield Quote(gold.document, page, text[:_LONGEST_QUOTE])
    if not gold.spans and not gold.pages:
        yield Quote(gold.document, None, document.text[:_LONGEST_QUOTE])
