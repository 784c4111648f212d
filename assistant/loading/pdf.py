"""PDF → text page by page, by PDFium."""

from __future__ import annotations

import re

from assistant.errors import CorruptDocument, EmptyDocument, EncryptedDocument
from assistant.loading.extracted import Extracted
from assistant.types import Span

_HYPHENATED = re.compile(r"(?<=[^\W\d_])(?:\ufffe|\x02|[-\u2010\u00ad]\n)(?=[a-zà-ÿ])")
_BLANK = re.compile(r"\n\n+")
_ENDS = (".", "!", "?", ":", ".”", '."', ".)", "…")
_SHORT = 0.75
_NAMED = 10


def read_pdf(data: bytes) -> Extracted:
    """Read the text of every page; pages without text are named in the notes.

    Raises :class:`EncryptedDocument` where a password is needed, and
    :class:`EmptyDocument` where no page holds text, as in a scan.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedDocument("it needs a password. Save a copy without one.") from error
        raise CorruptDocument(
            "it is damaged, or no PDF. Open it in a PDF program and save it anew."
        ) from error
    try:
        title = pdf.get_metadata_value("Title") or ""
        texts = [_page_text(pdf[number]) for number in range(len(pdf))]
    finally:
        pdf.close()
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
    return Extracted("\n\n".join(texts), title, tuple(pages), notes=_notes(blank, len(texts)))


def _notes(blank: list[int], total: int) -> tuple[str, ...]:
    if not blank:
        return ()
    named = ", ".join(map(str, blank[:_NAMED])) + (" …" if len(blank) > _NAMED else "")
    return (f"{len(blank)} of {total} pages hold no text and may be scans: {named}",)


def _page_text(page: object) -> str:
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    try:
        raw = textpage.get_text_bounded()
    finally:
        textpage.close()
        page.close()  # type: ignore[attr-defined]
    return tidy(raw)


def tidy(raw: str) -> str:
    """Return a page's text with words cut at a line's end made whole, and blocks set apart.

    A line that is clearly shorter than the page's long ones ends a block where
    a sentence ends with it, or where the next line begins like a new one: so
    paragraphs, headings and the rows of tables come apart.
    """
    text = raw.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _HYPHENATED.sub("", text).replace("\ufffe", "-")
    lines = [line.strip() for line in text.split("\n")]
    lengths = sorted(len(line) for line in lines if line)
    full = _SHORT * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    parts = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        ends = len(line) < full and (line.endswith(_ENDS) or not following[:1].islower())
        parts.append(line + ("\n\n" if ends else "\n"))
    return _BLANK.sub("\n\n", "".join(parts)).strip()
