"""A text collection of any size, made by recombining the sentences of real documents."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.loading import find_files, load
from assistant.text import sentence_spans
from eval.errors import RunError

PASSAGE_SENTENCES = 5
DOCUMENT_PASSAGES = 25
_SHORTEST, _LONGEST = 60, 400
_FEWEST = 50


def sentences(folder: Path) -> list[str]:
    """Return the different sentences of a folder's documents that are of common length."""
    found: dict[str, None] = {}
    for path, name in find_files([folder]).files:
        text = load(path, name).text
        for start, end in sentence_spans(text):
            sentence = " ".join(text[start:end].split())
            if _SHORTEST <= len(sentence) <= _LONGEST and sentence[-1] in ".!?":
                found[sentence] = None
    if len(found) < _FEWEST:
        raise RunError(f"{folder} holds too few sentences to recombine. Name a folder with more.")
    return list(found)


def write(sentences: Sequence[str], folder: Path, first: int, passages: int) -> None:
    """Write so many passages more into a folder, from the document of a number on.

    A document has ``DOCUMENT_PASSAGES`` paragraphs, each of which becomes a
    passage: sentences drawn at random, the same for the same number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, size in enumerate(_sizes(passages), start=first):
        draw = random.Random(number)  # noqa: S311 - not for secrets
        paragraphs = (" ".join(draw.sample(sentences, PASSAGE_SENTENCES)) for _ in range(size))
        (folder / f"{number:06}.txt").write_text("\n\n".join(paragraphs), "utf-8")


def _sizes(passages: int) -> Iterator[int]:
    while passages > 0:
        yield min(passages, DOCUMENT_PASSAGES)
        passages -= DOCUMENT_PASSAGES
