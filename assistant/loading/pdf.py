"""PDF → text page by page, by PDFium; pages without text by OCR, where there is one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.errors import CorruptDocument, EmptyDocument, EncryptedDocument, LoadError
from assistant.loading import ocr
from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.limits import Limits
from assistant.loading.pdf_blocks import Block, blocks_of, goes_on
from assistant.loading.pdf_furniture import without_furniture
from assistant.loading.pdf_lines import Line, lines_of
from assistant.loading.pdf_words import tidy
from assistant.places import Receipt, Unit
from assistant.types import Span

_OCR_SHARE = 0.8
"""Of the time for a file, this much may go into OCR: what was read must not be lost with it."""
_DEFAULT = Limits()


@dataclass(slots=True)
class _Pages:
    """What was found on the pages, by their numbers."""

    lines: list[list[Line]] = field(default_factory=list)
    scanned: dict[int, str] = field(default_factory=dict)
    unread: list[int] = field(default_factory=list)


def read_pdf(data: bytes, limits: Limits = _DEFAULT) -> Extracted:
    """Read every page; the receipt has those that are blank, damaged or were read by OCR.

    Raises :class:`EncryptedDocument` where a password is needed, and
    :class:`EmptyDocument` where no page holds text, as in a scan.
    """
    with opened(data) as pdf:
        if len(pdf) > limits.pages:
            raise LoadError(
                f"it has {len(pdf):,} pages; the limit is {limits.pages:,}. Split it, or raise "
                "ASSISTANT_MAX_PAGES."
            )
        title = ""
        with suppress(UnicodeDecodeError):
            title = pdf.get_metadata_value("Title") or ""
        found = _read(pdf, limits)
    receipt = _receipt(found)
    if len(receipt.blank) + len(receipt.unread) == receipt.units:
        raise EmptyDocument(
            f"none of its {receipt.units} pages holds text; it may be a scan. {ocr.advice()}"
        )
    return replace(_joined(found).extracted(title, receipt), title=title)


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """Open a PDF while the context lasts; raises :class:`LoadError` where it can't be."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # PDFium's reason may be left over from a file before this one.
        said = str(error).lower()
        if b"/Encrypt" in data and ("password" in said or "security" in said):
            raise EncryptedDocument("it needs a password. Save a copy without one.") from error
        raise CorruptDocument(
            "it is damaged, or no PDF. Open it in a PDF program and save it anew."
        ) from error
    try:
        yield pdf
    finally:
        pdf.close()


def _read(pdf: Any, limits: Limits) -> _Pages:
    import pypdfium2

    until = time.monotonic() + _OCR_SHARE * limits.seconds
    recognise = ocr.recogniser() if limits.ocr else None
    pages = _Pages()
    for number in range(1, len(pdf) + 1):
        pages.lines.append([])
        try:
            page = pdf[number - 1]
            pages.lines[-1] = _page_lines(page)
            left = until - time.monotonic()
            if recognise and left > 0 and not pages.lines[-1]:
                text = recognise(page, left)
                if text.strip():
                    pages.scanned[number] = text
            page.close()
        except pypdfium2.PdfiumError:
            pages.unread.append(number)
    return pages


def _page_lines(page: Any) -> list[Line]:
    textpage = page.get_textpage()
    try:
        return lines_of(textpage)
    finally:
        textpage.close()


def _joined(pages: _Pages) -> Blocks:
    """Put the pages' blocks in order, and remember where each page is."""
    blocks, before = Blocks(), Block("")
    for number, page in enumerate(blocks_of(without_furniture(pages.lines)), start=1):
        first, *others = page or [Block(tidy(pages.scanned.get(number, "")))]
        start = blocks.next
        if goes_on(before, first):
            start = blocks.length + 1
            blocks.add(first.text, goes_on=True)
        else:
            blocks.add(first.text, level=first.level)
        for block in others:
            blocks.add(block.text, level=block.level)
        blocks.pages.append(Span(start, max(start, blocks.length)))
        before = page[-1] if page else before
    return blocks


def _receipt(pages: _Pages) -> Receipt:
    silent = {number for number, lines in enumerate(pages.lines, start=1) if not lines}
    blank = silent - pages.scanned.keys() - set(pages.unread)
    return Receipt(
        Unit.PAGE,
        len(pages.lines),
        blank=tuple(sorted(blank)),
        unread=tuple(pages.unread),
        recognised=tuple(pages.scanned),
    )
