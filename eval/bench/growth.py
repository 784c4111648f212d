"""How search time, memory and disk grow with an index: workers, one process a step.

``python -m eval.bench.growth build FOLDER FIRST PASSAGES SENTENCES`` adds passages to
the index in a folder; ``… ask FOLDER QUESTIONS`` searches it. Each writes one JSON object.

Encoding a hundred thousand passages takes half an hour, so each sentence of the
collection is encoded once, by the model, and a passage's vector is the mean of its
sentences'. All else is as it always is.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant import Assistant
from assistant.encoder import load_encoder
from assistant.pooling import unit
from assistant.settings import Settings
from assistant.types import Encoder, Matrix, Span, Vector
from eval import provenance
from eval.bench import texts


class SentenceMeans:
    """Gives passages the mean of their sentences' vectors, each sentence encoded once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vector] = {}
        self.name, self.precision = encoder.name, encoder.precision
        self.dimensions, self.window = encoder.dimensions, encoder.window
        self.count_tokens, self.token_spans = encoder.count_tokens, encoder.token_spans
        self.encode_question = encoder.encode_question

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[Vector, Matrix]]:
        """Yield for each text its vector and one vector for each of its sentences' spans."""
        for text, spans in zip(texts, sentences, strict=True):
            rows = np.array([self._vector(text[start:end]) for start, end in spans])
            yield unit(rows.mean(axis=0)), rows

    def _vector(self, sentence: str) -> Vector:
        if sentence not in self._known:
            self._known[sentence] = self._encoder.encode_question(sentence)
        return self._known[sentence]


def build(folder: Path, first: int, passages: int, sentences: Path) -> dict[str, float]:
    """Add passages to the index in a folder, and return what it took and what it came to."""
    written = folder / "documents" / f"{first}"
    texts.write(json.loads(sentences.read_text("utf-8")), written, first, passages)
    encoder = SentenceMeans(load_encoder())
    with Assistant.open(folder / "index", settings=Settings.load(), encoder=encoder) as assistant:
        begun = time.perf_counter()
        assistant.add([written])
        seconds = time.perf_counter() - begun
        state = assistant.status()
    return {
        "passages": state.passages,
        "build_seconds": seconds,
        "disk_bytes": state.disk_bytes,
        "build_memory_mb": provenance.peak_memory_mb(),
    }


def ask(folder: Path, questions: Path) -> dict[str, float]:
    """Search an index with each question, and return how long searches took, in milliseconds."""
    took = []
    with Assistant.open(folder / "index", settings=Settings.load(), create=False) as assistant:
        assistant.warm_up()
        for question in json.loads(questions.read_text("utf-8")):
            begun = time.perf_counter()
            assistant.retrieve(question)
            took.append(1000 * (time.perf_counter() - begun))
    return {
        "p50_ms": float(np.percentile(took, 50)),
        "p95_ms": float(np.percentile(took, 95)),
        "ask_memory_mb": provenance.peak_memory_mb(),
    }


if __name__ == "__main__":
    stage, place, *rest = sys.argv[1:]
    if stage == "build":
        result = build(Path(place), int(rest[0]), int(rest[1]), Path(rest[2]))
    else:
        result = ask(Path(place), Path(rest[0]))
    sys.stdout.write(json.dumps(result) + "\n")
