"""A text collection of any size, made by recombining the sentences of real documents."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.loading import find_files, load
from assistant.text import sentence_spans
from eval.errors import RunError

PASSAGE_SENTENCES = 5
DOCUMENT_PASSAGES = 25
_LARGE_PASSAGE_SENTENCES = 7
WORD = re.compile(r"\S+")
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


def write(
    sentences: Sequence[str],
    folder: Path,
    first: int,
    passages: int,
    *,
    each: int = DOCUMENT_PASSAGES,
) -> None:
    """Write so many passages more into a folder, from the document of a number on.

    A document has ``each`` paragraphs, each of which becomes a passage:
    sentences drawn at random, the same for the same number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, size in enumerate(_sizes(passages, each), start=first):
        draw = random.Random(number)  # noqa: S311 - not for secrets
        paragraphs = (" ".join(draw.sample(sentences, PASSAGE_SENTENCES)) for _ in range(size))
        (folder / f"{number:06}.txt").write_text("\n\n".join(paragraphs), "utf-8")


def write_large(sentences: Sequence[str], path: Path, seed: int, megabytes: int) -> None:
    """Write a document of a size, of paragraphs that all differ and are passages of some length."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    with path.open("w", encoding="utf-8") as file:
        number = 0
        while file.tell() < megabytes * 1_000_000:
            number += 1
            paragraph = " ".join(draw.sample(sentences, _LARGE_PASSAGE_SENTENCES))
            file.write(f"Paragraph {seed}.{number} follows. {paragraph}\n\n")


def _sizes(passages: int, each: int) -> Iterator[int]:
    while passages > 0:
        yield min(passages, each)
        passages -= each
