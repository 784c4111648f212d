"""PDF → text page by page, by PDFium."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from assistant.errors import CorruptDocument, EmptyDocument, EncryptedDocument
from assistant.loading.extracted import Extracted
from assistant.types import Span

_MARK = "[\x02\ufffe]\n?"
"""What PDFium puts in the place of a hyphen at the end of a line."""
_SPLIT = re.compile(rf"([^\W\d_]+)(?:{_MARK}|[-\u2010]\n|\u00ad\n?)(?=([^\W\d_]+))")
_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"[^\W\d_]+(?=-([^\W\d_]+))")
_LEFT_OVER = re.compile(_MARK)
_BLANK = re.compile(r"\n\n+")
_ENDS = (".", "!", "?", ":", ".”", '."', ".)", "…")
_SHORT = 0.75
_NAMED = 10
_ONE_AT_A_TIME = threading.Lock()


def read_pdf(data: bytes) -> Extracted:
    """Read the text of every page; pages without text are named in the notes.

    Raises :class:`EncryptedDocument` where a password is needed, and
    :class:`EmptyDocument` where no page holds text, as in a scan.
    """
    with _ONE_AT_A_TIME:  # PDFium is not made for threads.
        title, raws, unread = _raw(data)
    words = Vocabulary.of(raws)
    texts = [tidy(raw, words) for raw in raws]
    blank = [number for number, text in enumerate(texts, start=1) if not text.strip()]
    if len(blank) == len(texts):
        raise EmptyDocument(
            f"none of its {len(texts)} pages holds text; it may be a scan. Make its text "
            "searchable first (OCR)."
        )
    pages, position = [], 0
    for text in texts:
        pages.append(Span(position, position + len(text)))
        position += len(text) + 2
    return Extracted(
        "\n\n".join(texts), title, tuple(pages), notes=_notes(blank, unread, len(texts))
    )


def _raw(data: bytes) -> tuple[str, list[str], list[int]]:
    """Return the title, the text of each page, and the pages that could not be read."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise EncryptedDocument("it needs a password. Save a copy without one.") from error
        raise CorruptDocument(
            "it is damaged, or no PDF. Open it in a PDF program and save it anew."
        ) from error
    title, texts, unread = "", [], []
    try:
        with suppress(UnicodeDecodeError):
            title = pdf.get_metadata_value("Title") or ""
        for number in range(len(pdf)):
            try:
                texts.append(_page_text(pdf[number]))
            except pypdfium2.PdfiumError:
                texts.append("")
                unread.append(number + 1)
    finally:
        pdf.close()
    return title, texts, unread


def _notes(blank: list[int], unread: list[int], total: int) -> tuple[str, ...]:
    blank = [number for number in blank if number not in set(unread)]
    notes = []
    if blank:
        notes.append(f"{len(blank)} of {total} pages hold no text and may be scans: {_few(blank)}")
    if unread:
        notes.append(f"{len(unread)} of {total} pages are damaged: {_few(unread)}")
    return tuple(notes)


def _few(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:_NAMED])) + (" …" if len(numbers) > _NAMED else "")


def _page_text(page: object) -> str:
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    try:
        raw = str(textpage.get_text_bounded())
    finally:
        textpage.close()
        page.close()  # type: ignore[attr-defined]
    text = raw.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and the hyphenated pairs that stand whole in a document, in lower case."""

    words: frozenset[str] = frozenset()
    compounds: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Sequence[str]) -> Vocabulary:
        """Gather them; the halves of words cut at a line's end don't count."""
        words: set[str] = set()
        compounds: set[str] = set()
        for text in texts:
            whole = _SPLIT.sub(" ", text).lower()
            words.update(_WORD.findall(whole))
            compounds.update(f"{m[0]}-{m[1]}" for m in _COMPOUND.finditer(whole))
        return cls(frozenset(words), frozenset(compounds))

    def joined(self, split: re.Match[str]) -> str:
        """Return the first half of a cut word, with its hyphen where that belongs to the word."""
        left, right = split[1], split[2]
        mark = split[0][len(left) :]
        if mark[0] == "\u00ad":
            return left
        if not right[0].islower():
            # A name or the like: the hyphen stays, and so does a line break that may be one.
            return left + (mark if mark[0] in "-\u2010" else "-")
        low, high = left.lower(), _WORD.match(right.lower())
        second = high[0] if high else right
        if f"{low}-{second}" in self.compounds:
            return f"{left}-"
        if low + second in self.words:
            return left
        both = low in self.words and second in self.words
        return f"{left}-" if both else left


_NO_WORDS = Vocabulary()


def tidy(text: str, words: Vocabulary = _NO_WORDS) -> str:
    """Return a page's text with words cut at a line's end made whole, and blocks set apart.

    A line that is clearly shorter than the page's long ones ends a block where
    a sentence ends with it, or where the next line begins like a new one: so
    paragraphs, headings and the rows of tables come apart.
    """
    text = _LEFT_OVER.sub("-", _SPLIT.sub(words.joined, text))
    lines = [line.strip() for line in text.split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    full = _SHORT * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    parts = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        ends = len(line) < full and (line.endswith(_ENDS) or not following[:1].islower())
        parts.append(line + ("\n\n" if ends else "\n"))
    return _BLANK.sub("\n\n", "".join(parts)).strip()
