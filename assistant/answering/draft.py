"""An answer while it is being written: text that only grows, with its claims and citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.errors import StoreError
from assistant.retrieval import Found
from assistant.types import Answer, Citation, Claim, Passage, Quoted, Span, Verdict

Quote = Callable[[str, int, int], Quoted]
"""Reads ``document.text[start:end]`` and its sides from the catalog, given the document's name."""

_LOOKS_LIKE_A_MARK = re.compile(r"\[(\d+)\]")


class Draft:
    """Collects sentences and numbers their citations in order of appearance."""

    def __init__(
        self, question: str, found: Found, confidence: float, read: Quote, model: str
    ) -> None:
        """Start an empty answer to a question from what was found for it."""
        self._question, self._found, self._confidence = question, found, confidence
        self._read, self._model = read, model
        self._claims: list[Claim] = []
        self._citations: dict[tuple[str, Span], Citation] = {}
        self.text = ""

    def add(
        self,
        separator: str,
        sentence: str,
        supports: Sequence[tuple[Passage, Span]],
        verdict: Verdict,
        missing: tuple[str, ...] = (),
    ) -> None:
        """Append a sentence and the marks of the citations it stands on.

        Raises :class:`StoreError` where a document is no longer what was searched.
        """
        marks = tuple(
            dict.fromkeys(self._mark(passage, span, verdict) for passage, span in supports)
        )
        # Only the draft writes marks: a number in brackets within a sentence must not pass for one.
        sentence = _LOOKS_LIKE_A_MARK.sub(r"(\1)", sentence)
        self.text += separator if self.text else separator.lstrip()
        start = len(self.text)
        self.text += sentence
        self._claims.append(Claim(sentence, start, len(self.text), marks, verdict, missing))
        if marks:
            self.text += " " + "".join(f"[{mark}]" for mark in marks)

    def answer(self, *, refused: bool = False, reason: str = "") -> Answer:
        """Return what has been written so far."""
        return Answer(
            question=self._question,
            standalone=self._found.question,
            text=self.text,
            claims=tuple(self._claims),
            citations=tuple(self._citations.values()),
            hits=self._found.hits,
            refused=refused,
            reason=reason,
            model=self._model,
            confidence=self._confidence,
        )

    def _mark(self, passage: Passage, span: Span, verdict: Verdict) -> int:
        key = (passage.document, span)
        if key not in self._citations:
            # Read from the document itself: a citation never quotes a copy.
            quoted = self._read(passage.document, span.start, span.end)
            if quoted.text != passage.text[span.start - passage.start : span.end - passage.start]:
                raise StoreError(
                    f"The document {passage.document!r} changed while the answer was written. "
                    "Ask again."
                )
            self._citations[key] = Citation(
                mark=len(self._citations) + 1,
                document=passage.document,
                title=passage.title,
                page=passage.page,
                start=span.start,
                end=span.end,
                quote=quoted.text,
                verdict=verdict,
                checksum=quoted.checksum,
                prefix=quoted.prefix,
                suffix=quoted.suffix,
            )
        return self._citations[key].mark
