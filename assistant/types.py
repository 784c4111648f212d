"""The values that travel from a file to an answer.

All are frozen, hold no behaviour beyond what is read off them, and can be
written as JSON by :func:`to_json`. Offsets count characters (Unicode code
points) of a document's extracted text and follow Python's slices: for every
passage, sentence and citation, ``document.text[start:end]`` is exactly its
text. Pages are counted from 1.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

from assistant.places import NOTHING_SAID, Place, Receipt
from assistant.places import Heading as Heading  # noqa: PLC0414
from assistant.places import Span as Span  # noqa: PLC0414

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Vector: TypeAlias = "NDArray[np.float32]"
"""One unit vector, shape (dimensions,)."""
Matrix: TypeAlias = "NDArray[np.float32]"
"""Unit vectors as rows, shape (rows, dimensions)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """A file as text, with what is needed to cite it.

    ``name`` is the file's name or path as shown, unique in an index, ``checksum``
    the SHA-256 of its bytes, ``modified`` the day of its last change (UTC, ISO
    8601). ``pages`` has the span of each page or slide, ``places`` names finer
    stretches. ``receipt`` says what was read, ``notes`` in words what was not.
    """

    name: str
    title: str
    text: str
    source: str
    checksum: str
    pages: tuple[Span, ...] = ()
    headings: tuple[Heading, ...] = ()
    notes: tuple[str, ...] = ()
    modified: str = ""
    places: tuple[Place, ...] = ()
    receipt: Receipt = NOTHING_SAID


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """Some whole sentences of a document, short enough for the encoder.

    ``document`` is the document's name, ``heading`` the headings above the
    passage ("Results › Costs"), ``sentences`` their spans in the document.
    ``place`` is where it stands, as shown ("p. 12"), worked out from ``places``.
    """

    id: str
    document: str
    title: str
    text: str
    start: int
    end: int
    page: int | None
    heading: str
    sentences: tuple[Span, ...]
    place: str = ""
    places: tuple[Place, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a passage that bears on the question, and how strongly (0 to 1)."""

    start: int
    end: int
    text: str
    score: float


@dataclasses.dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; ``evidence`` has its sentences, strongest first.

    ``also`` has the passages that say the same in nearly the same words.
    """

    passage: Passage
    score: float
    evidence: tuple[Evidence, ...]
    also: tuple[Passage, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Excerpt:
    """Sentences that follow each other, found for a question.

    ``score`` (0 to 1) is the strongest's, and compares within one question only.
    """

    document: str
    title: str
    page: int | None
    heading: str
    start: int
    end: int
    text: str
    score: float
    place: str = ""


class Verdict(StrEnum):
    """What the check of a claim against the documents came to."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


@dataclasses.dataclass(frozen=True, slots=True)
class Citation:
    """A numbered mark in an answer, and the exact characters it stands on.

    ``quote`` is ``document.text[start:end]``, checked when the answer was made;
    ``place`` is where that stands, as shown ("p. 12", "Q3!A1:D9"). ``checksum``
    is the document's then, ``prefix`` and ``suffix`` the text on both sides of
    the quote (as in the W3C Web Annotation's TextQuoteSelector): by them the
    quote is found again after the document changed.
    """

    mark: int
    document: str
    title: str
    page: int | None
    start: int
    end: int
    quote: str
    verdict: Verdict
    place: str = ""
    checksum: str = ""
    prefix: str = ""
    suffix: str = ""


class Quoted(NamedTuple):
    """Some characters of a document, what stands before and after them, and its checksum."""

    text: str
    prefix: str
    suffix: str
    checksum: str


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer: its span in ``Answer.text``, its marks, its verdict.

    ``missing`` lists the words that the cited evidence does not cover. ``short``
    is the span in ``Answer.text`` of what answers the question in a word or a
    few, where it can be told apart. ``strength`` (0 to 1) says how strongly it
    is supported, and compares within one verdict.
    """

    text: str
    start: int
    end: int
    marks: tuple[int, ...]
    verdict: Verdict
    missing: tuple[str, ...] = ()
    short: Span | None = None
    strength: float = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """An answer and everything it stands on.

    ``text`` carries marks such as [1]; ``citations`` has one entry a mark, in
    order. ``standalone`` is the question as searched. Where ``refused`` is
    true, ``reason`` says why and ``hits`` holds the nearest passages, which
    are not an answer; otherwise ``reason`` holds a remark for the reader, or
    nothing. ``model`` names what wrote the text. ``confidence`` says how likely
    it is (0 to 1) that the passages hold the answer, judged before anything was
    written. ``supported`` is the share of its claims that the documents support.
    ``within`` names the documents that alone were searched; empty, all were.
    """

    question: str
    standalone: str
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    refused: bool
    reason: str
    model: str
    confidence: float
    supported: float = 0.0
    within: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


class Encoder(Protocol):
    """Turns text into unit vectors: the seam where another model is put in."""

    @property
    def name(self) -> str:
        """Names the model; an index refuses vectors of another name."""
        ...

    @property
    def precision(self) -> str:
        """Names the numbers it computes in ("f32", "bf16"); an index records them."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    @property
    def window(self) -> int:
        """Most tokens the model reads of one text, its own special tokens included."""
        ...

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a text, special tokens left out."""
        ...

    def token_spans(self, text: str) -> Sequence[Span]:
        """Return the span of characters of each token, special tokens left out."""
        ...

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[Vector, Matrix]]:
        """Yield for each text its vector and one vector for each of its sentences' spans."""
        ...

    def encode_question(self, text: str) -> Vector:
        """Return the vector of a question."""
        ...


def to_json(value: Any) -> Any:
    """Turn any value of this module into plain dicts, lists, strings and numbers."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    return value
