"""An answer while it is being written: text that only grows, with its claims and citations."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.chunking import place_of
from assistant.citations import Check, Support
from assistant.errors import DocumentChanged, DocumentNotFound
from assistant.retrieval import Found
from assistant.types import Answer, Citation, Claim, Passage, Quoted, Span, Verdict

Quote = Callable[[str, int, int], Quoted]
"""Reads ``document.text[start:end]`` and its sides from the catalog, given the document's name."""

_LOOKS_LIKE_A_MARK = re.compile(r"\[(\d+)\]")


class Draft:
    """Collects sentences and numbers their citations in order of appearance."""

    def __init__(
        self, question: str, found: Found | None, confidence: float, read: Quote, model: str
    ) -> None:
        """Start an empty answer to a question, from what was found where anything was searched."""
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
        short: Span | None = None,
        strength: float = 1.0,
    ) -> None:
        """Append a sentence and the marks of the citations it stands on.

        ``short`` is the span, within the sentence, of what answers the question.

        Raises :class:`DocumentChanged` where a document is no longer what was searched.
        """
        marks = tuple(
            dict.fromkeys(self._mark(passage, span, verdict) for passage, span in supports)
        )
        # Only the draft writes marks: a number in brackets within a sentence must not pass for one.
        sentence = _LOOKS_LIKE_A_MARK.sub(r"(\1)", sentence)
        self.tail(separator if self.text else separator.lstrip())
        start = len(self.text)
        self.text += sentence
        within = Span(start + short.start, start + short.end) if short else None
        claim = Claim(sentence, start, len(self.text), marks, verdict, missing, within, strength)
        self._claims.append(claim)
        if marks:
            self.text += " " + "".join(f"[{mark}]" for mark in marks)

    def add_checked(
        self, separator: str, sentence: str, checks: Sequence[Check], *, remove: bool = False
    ) -> bool:
        """Append a sentence with what its checks found: all of one verdict, or the best one.

        Returns whether it was appended: with ``remove`` an unsupported one is not.
        """
        verdict, strength = checks[0].verdict, checks[0].strength
        if remove and verdict is Verdict.UNSUPPORTED:
            return False
        supports: list[Support] = []
        if verdict is not Verdict.UNSUPPORTED:
            supports = [support for check in checks for support in check.supports]
        missing = () if verdict is Verdict.SUPPORTED else checks[0].missing
        self.add(separator, sentence, supports, verdict, missing, strength=strength)
        return True

    def tail(self, text: str) -> None:
        """Append what is no claim, such as what stands between two of them."""
        self.text += _LOOKS_LIKE_A_MARK.sub(r"(\1)", text)

    def answer(self, *, refused: bool = False, reason: str = "") -> Answer:
        """Return what has been written so far."""
        return Answer(
            question=self._question,
            standalone=self._found.question if self._found else self._question,
            text=self.text,
            claims=tuple(self._claims),
            citations=tuple(self._citations.values()),
            hits=self._found.hits if self._found else (),
            refused=refused,
            reason=reason,
            model=self._model,
            confidence=self._confidence,
            supported=_share_supported(self._claims),
            within=self._found.within if self._found else (),
        )

    def _mark(self, passage: Passage, span: Span, verdict: Verdict) -> int:
        key = (passage.document, span)
        if key not in self._citations:
            quoted = self._quoted(passage, span)
            self._citations[key] = Citation(
                mark=len(self._citations) + 1,
                document=passage.document,
                title=passage.title,
                page=passage.page,
                start=span.start,
                end=span.end,
                quote=quoted.text,
                verdict=verdict,
                place=place_of(passage, *span),
                checksum=quoted.checksum,
                prefix=quoted.prefix,
                suffix=quoted.suffix,
            )
        return self._citations[key].mark

    def _quoted(self, passage: Passage, span: Span) -> Quoted:
        """Read a quote from the document itself: a citation never quotes a copy."""
        said = passage.text[span.start - passage.start : span.end - passage.start]
        try:
            quoted = self._read(passage.document, span.start, span.end)
        except DocumentNotFound:
            quoted = None
        if quoted is None or quoted.text != said:
            raise DocumentChanged(
                f"The document {passage.document!r} changed while the answer was written. "
                "Ask again."
            )
        return quoted


def _share_supported(claims: Sequence[Claim]) -> float:
    supported = sum(claim.verdict is Verdict.SUPPORTED for claim in claims)
    return supported / len(claims) if claims else 0.0
