"""Stand-ins for the two models: a deterministic encoder, and a chat model with queued replies."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from assistant import rows
from assistant.rows import StoredPassage
from assistant.types import Matrix, Passage, Span, Vector

_TOKEN = re.compile(r"\w{1,12}|[^\w\s]")


class FakeEncoder:
    """Hashes each word to a fixed direction; texts that share words are near each other."""

    def __init__(self, name: str = "fake", window: int = 64, dimensions: int = 64) -> None:
        self.name = name
        self.window = window
        self.dimensions = dimensions
        self.precision = "f32"
        self.encoded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return len(self.token_spans(text))

    def token_spans(self, text: str) -> Sequence[Span]:
        return [Span(*match.span()) for match in _TOKEN.finditer(text)]

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[Vector, Matrix]]:
        for text, spans in zip(texts, sentences, strict=True):
            assert self.count_tokens(text) <= self.window - 2, "a passage longer than the window"
            self.encoded.append(text)
            rows = [self._vector(text[start:end]) for start, end in spans]
            yield self._vector(text), np.array(rows, dtype=np.float32).reshape(-1, self.dimensions)

    def encode_question(self, text: str) -> Vector:
        return self._vector(text)

    def _vector(self, text: str) -> Vector:
        total = np.zeros(self.dimensions, dtype=np.float32)
        for word in _TOKEN.findall(text.casefold()):
            total += _direction(word, self.dimensions)
        if not total.any():
            total[0] = 1.0
        return total / np.linalg.norm(total)


@lru_cache(maxsize=10_000)
def _direction(word: str, dimensions: int) -> Vector:
    seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:8])
    return np.random.default_rng(seed).standard_normal(dimensions, dtype=np.float32)


def stored(passage: Passage, vector: Vector, sentence_vectors: Matrix) -> StoredPassage:
    """Return a passage with its vectors and terms, as a catalog would."""
    _, body, context = rows.search_row(None, passage)
    terms = tuple(str(body).split("\n"))
    return StoredPassage(passage, vector, sentence_vectors, terms, str(context))


class FakeChatModel(BaseChatModel):
    """Answers with the queued replies in turn, word by word; an exception in the queue is raised.

    ``seen`` keeps the messages of every call.
    """

    replies: list[str | Exception] = Field(default_factory=list)
    seen: list[list[BaseMessage]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _next(self, messages: list[BaseMessage]) -> str:
        self.seen.append(messages)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        message = AIMessage(content=self._next(messages))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for piece in re.findall(r"\s*\S{1,5}", self._next(messages)) or [""]:
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
