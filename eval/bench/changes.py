"""What keeping an index up to date costs: workers, each in a process of its own.

``python -m eval.bench.changes STAGE FOLDER SENTENCES SIZE`` writes one JSON object:

- ``unchanged``  the seconds of a first indexing of so many files, and of a second
- ``paragraph``  the passages encoded after a paragraph of so many was changed
- ``rebuild``    the seconds that Chroma for so many passages takes, and texts encoded for it
- ``memory``     the peak memory of indexing so many megabytes, each passage of which
  gets an arbitrary vector: encoding them would take hours, and no more memory
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant import Assistant
from assistant.encoder import load_encoder
from assistant.settings import Settings
from assistant.types import Encoder, Matrix, Span, Vector
from eval import provenance
from eval.bench import texts
from eval.bench.growth import SentenceMeans

_FILE_MB = 100
_MAX_FILE_MB = 200


class Counting:
    """An encoder that counts the passages it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.encoded = 0
        self.name, self.precision = encoder.name, encoder.precision
        self.dimensions, self.window = encoder.dimensions, encoder.window
        self.count_tokens, self.token_spans = encoder.count_tokens, encoder.token_spans
        self.encode_question = encoder.encode_question

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[Vector, Matrix]]:
        """Yield what the encoder yields."""
        self.encoded += len(texts)
        return self._encoder.encode_passages(texts, sentences)


class Arbitrary:
    """Gives every text some vector of the usual length, and takes words for tokens."""

    name, precision, dimensions, window = "arbitrary", "f32", 384, 256

    def __init__(self) -> None:
        self._draw = np.random.default_rng(0)

    def count_tokens(self, text: str) -> int:
        """Count the words of a text."""
        return len(text.split())

    def token_spans(self, text: str) -> Sequence[Span]:
        """Return the span of each word."""
        return [Span(*match.span()) for match in texts.WORD.finditer(text)]

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[Vector, Matrix]]:
        """Yield vectors for each text and its sentences."""
        for spans in sentences:
            rows = self._draw.standard_normal((1 + len(spans), self.dimensions), np.float32)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            yield rows[0], rows[1:]

    def encode_question(self, text: str) -> Vector:
        """Return some vector."""
        return next(self.encode_passages([text], [[]]))[0]


def unchanged(folder: Path, sentences: Sequence[str], files: int) -> dict[str, float]:
    """Index files of two passages, and once more; the first sync only settles what it saw."""
    documents = folder / "documents"
    texts.write(sentences, documents, 0, 2 * files, each=2)
    with _opened(folder, load_encoder()) as assistant:
        assistant.retrieve("warm up")
        first = _seconds(lambda: assistant.sync([documents]))
        time.sleep(2.5)  # the files last written are settled then
        assistant.sync()
        second = min(_seconds(assistant.sync) for _ in range(3))
    return {"files": files, "first": first, "second": second}


def paragraph(folder: Path, sentences: Sequence[str], passages: int) -> dict[str, float]:
    """Index a long document, change a paragraph in its middle, and index it again."""
    documents = folder / "documents"
    texts.write(sentences, documents, 0, passages, each=passages)
    [path] = documents.iterdir()
    counting = Counting(load_encoder())
    with _opened(folder, counting) as assistant:
        first = _seconds(lambda: assistant.add([path]))
        counting.encoded = 0
        paragraphs = path.read_text("utf-8").split("\n\n")
        middle = len(paragraphs) // 2
        paragraphs[middle] = "A sentence of another kind. " + paragraphs[middle]
        path.write_text("\n\n".join(paragraphs), "utf-8")
        second = _seconds(lambda: assistant.add([path]))
        held = assistant.status().passages
    return {"passages": held, "encoded": counting.encoded, "first": first, "second": second}


def rebuild(folder: Path, sentences: Sequence[str], passages: int) -> dict[str, float]:
    """Index passages, and make Chroma anew."""
    texts.write(sentences, folder / "documents", 0, passages)
    counting = Counting(SentenceMeans(load_encoder()))
    with _opened(folder, counting) as assistant:
        assistant.add([folder / "documents"])
        counting.encoded = 0
        seconds = _seconds(assistant.index.repair)
        held = assistant.status().passages
    return {"passages": held, "encoded": counting.encoded, "seconds": seconds}


def memory(folder: Path, sentences: Sequence[str], megabytes: int) -> dict[str, float]:
    """Index that much text, in files of 100 MB at most."""
    documents = folder / "documents"
    documents.mkdir(parents=True)
    for number in range(-(-megabytes // _FILE_MB)):
        size = min(_FILE_MB, megabytes - number * _FILE_MB)
        texts.write_large(sentences, documents / f"{number}.txt", number, size)
    with _opened(folder, Arbitrary()) as assistant:
        seconds = _seconds(lambda: assistant.add([documents]))
        held = assistant.status()
    return {
        "megabytes": sum(path.stat().st_size for path in documents.iterdir()) / 1e6,
        "passages": held.passages,
        "seconds": seconds,
        "memory_mb": provenance.peak_memory_mb(),
    }


def _opened(folder: Path, encoder: Encoder) -> Assistant:
    return Assistant.open(
        folder / "index", settings=Settings.load(max_file_mb=_MAX_FILE_MB), encoder=encoder
    )


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


STAGES = {one.__name__: one for one in (unchanged, paragraph, rebuild, memory)}

if __name__ == "__main__":
    stage, place, drawn, size = sys.argv[1:]
    made = STAGES[stage](Path(place), json.loads(Path(drawn).read_text("utf-8")), int(size))
    sys.stdout.write(json.dumps(made) + "\n")
