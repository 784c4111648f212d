"""The retriever and the chain as LangChain runnables, for people's own LangChain programs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.messages import BaseMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.runnables.config import run_in_executor
from langchain_core.runnables.utils import AddableDict
from pydantic import ConfigDict

from assistant.assistant import Assistant
from assistant.types import Answer, Encoder, Hit, Turn, to_json


class PassageRetriever(BaseRetriever):
    """Retrieves an index's passages as LangChain documents.

    The metadata hold source, title, heading, page, start, end and score, and
    the evidence: spans of the sentences that bear on the question, strongest
    first.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [as_document(hit) for hit in self.assistant.retrieve(query, self.k)]


class PassageEmbeddings(Embeddings):
    """The index's encoder, as LangChain's vector stores want it."""

    def __init__(self, encoder: Encoder) -> None:
        """Wrap an encoder."""
        self._encoder = encoder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of passages; a text beyond the encoder's window is cut off."""
        vectors = self._encoder.encode_passages(texts, [[] for _ in texts])
        return [vector.tolist() for vector, _ in vectors]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a question."""
        vector: list[float] = self._encoder.encode_question(text).tolist()
        return vector


def chain(assistant: Assistant) -> Runnable[Any, Any]:
    """Return the whole way from question to cited answer as one runnable.

    Takes a question, or a dict with ``question`` and ``history`` (messages or
    turns). Gives a dict: ``context`` (documents), ``answer`` (text with
    marks), ``citations`` and ``refused``. Streaming yields ``context`` first,
    then pieces of ``answer``, then the rest.
    """

    def answer(given: Any) -> Iterator[AddableDict]:
        question, history = _question_and_history(given)
        shown: Answer | None = None
        for current in assistant.stream(question, history):
            if shown is None:
                yield AddableDict(context=[as_document(hit) for hit in current.hits], answer="")
            yield AddableDict(answer=current.text[len(shown.text) if shown else 0 :])
            shown = current
        if shown:
            yield AddableDict(
                citations=[to_json(citation) for citation in shown.citations],
                refused=shown.refused,
                reason=shown.reason,
            )

    async def answer_async(given: Any) -> AsyncIterator[AddableDict]:
        pieces = answer(given)
        while (piece := await run_in_executor(None, next, pieces, None)) is not None:
            yield piece

    return RunnableLambda(answer, answer_async).with_config(run_name="cited_answer")


def as_document(hit: Hit) -> Document:
    """Return a hit as a LangChain document."""
    passage = hit.passage
    metadata = {
        "source": passage.document,
        "title": passage.title,
        "heading": passage.heading,
        "page": passage.page,
        "place": passage.place,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "evidence": [(sentence.start, sentence.end) for sentence in hit.evidence],
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)


def _question_and_history(given: Any) -> tuple[str, list[Turn]]:
    if isinstance(given, str):
        return given, []
    return str(given["question"]), list(map(_turn, filter(_said, given.get("history") or ())))


def _said(entry: Any) -> bool:
    """Tell what was said from a program's own messages, which are no part of a conversation."""
    role = entry.type if isinstance(entry, BaseMessage) else None
    return role not in {"system", "tool", "function", "remove"}


def _turn(entry: Any) -> Turn:
    if isinstance(entry, Turn):
        return entry
    if isinstance(entry, BaseMessage):
        return Turn("assistant" if entry.type == "ai" else "user", str(entry.text))
    role, text = entry
    return Turn("assistant" if role in {"ai", "assistant"} else "user", str(text))
