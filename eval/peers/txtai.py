"""txtai's hybrid index: paragraphs, MiniLM with Faiss and BM25, joined by txtai itself.

txtai's documentation splits a document into paragraphs before indexing
(``Textractor(paragraphs=True)``). Textractor is its Segmentation pipeline
after a conversion to Markdown, which the documents here, being text, don't
need; the conversion of PDF and Word would need Java or further packages.
A document without blank lines is one paragraph, of which the model reads its
first 256 tokens and BM25 the whole.
"""

from __future__ import annotations

from pathlib import Path

from eval.metrics.places import Stretch
from eval.peers import corpus

_K = 10


class TxtaiPipeline:
    """``Embeddings(hybrid=True, content=True)`` over paragraphs."""

    description = f"Segmentation(paragraphs=True), Embeddings(hybrid=True), limit = {_K}"
    packages: tuple[str, ...] = ("txtai", "faiss-cpu", "transformers")

    def __init__(self, work: Path) -> None:
        """Load the model; the index itself is kept in memory and in a temporary database."""
        from txtai import Embeddings
        from txtai.pipeline import Segmentation

        from assistant.onnx_encoder import bundled_folder

        self._segment = Segmentation(paragraphs=True)
        self._embeddings = Embeddings(path=str(bundled_folder()), hybrid=True, content=True)
        self._stretches: list[Stretch] = []

    def build(self, folder: Path) -> int:
        """Split the documents into paragraphs and index them.

        Their places are looked up here, since txtai keeps no offsets; it takes
        a hundredth of the time.
        """
        chunks: list[str] = []
        for document in corpus.read(folder).documents:
            paragraphs = self._segment(document.text)
            self._stretches += corpus.locate(document, paragraphs)
            chunks += paragraphs
        self._embeddings.index((number, text, None) for number, text in enumerate(chunks))
        return len(chunks)

    def search(self, question: str) -> list[Stretch]:
        """Return where the paragraphs found stand."""
        return [self._stretches[int(row["id"])] for row in self._embeddings.search(question, _K)]
