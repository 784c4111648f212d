"""Scanned pages are read where tesseract is installed, and owned up to where it is not."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from assistant.errors import EmptyDocument
from assistant.loading import Limits, ocr, pdf
from assistant.loading.receipts import remarks
from tests.conftest import skip_or_fail
from tests.loading.pdfs import pdf_bytes

SAID = "The river rose for nine days."


def scan(text: str = SAID) -> bytes:
    """Return a PDF of a page with text and a page that is a picture of a text."""
    picture = Image.new("L", (1600, 400), 255)
    font = ImageFont.load_default(80)
    ImageDraw.Draw(picture).text((60, 120), text, fill=0, font=font)
    squeezed = io.BytesIO()
    picture.save(squeezed, "JPEG")
    file = pypdfium2.PdfDocument(pdf_bytes(["A page with text."]))
    page = file.new_page(600, 150)
    image = pypdfium2.PdfImage.new(file)
    image.load_jpeg(squeezed, inline=True)
    image.set_matrix(pypdfium2.PdfMatrix().scale(600, 150))
    page.insert_obj(image)
    page.gen_content()
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_scanned_page_is_read() -> None:
    if ocr.recogniser() is None:
        skip_or_fail("tesseract or pytesseract is missing")
    found = pdf.read_pdf(scan())
    start, end = found.pages[1]
    assert found.text[start:end] == SAID
    assert found.receipt.recognised == (2,)
    assert remarks(found.receipt) == ("1 of 2 pages were read by OCR: 2",)


def test_without_it_the_page_is_owned_up_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_installed", lambda: False)
    found = pdf.read_pdf(scan())
    assert remarks(found.receipt) == ("1 of 2 pages hold no text and may be scans: 2",)
    with pytest.raises(EmptyDocument, match="Install tesseract"):
        pdf.read_pdf(pdf_bytes(["", ""]))


def test_it_can_be_turned_off() -> None:
    assert pdf.read_pdf(scan(), Limits(ocr=False)).receipt.blank == (2,)


def test_what_takes_too_long_is_left_without_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_OCR_SHARE", 0.0)
    assert pdf.read_pdf(scan()).receipt.blank == (2,)
