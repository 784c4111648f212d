"""A conversation as a PDF, in a font that comes along: Latin, Greek and Cyrillic letters.

What the font has no shape for is never left out in silence: a sign stands in
its place, and the first page says so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from assistant.exchanges import Conversation
from assistant.exporting.paragraphs import Paragraph, Part, Run, paragraphs

if TYPE_CHECKING:
    from fpdf import FPDF
    from fpdf.fonts import TTFFont

_FAMILY = "Fira Sans"
_FACES = (("", 400, "normal"), ("B", 700, "normal"), ("I", 400, "italic"))
_MISSING = "◊"
_OWNED_UP = (
    f"{_MISSING} stands for what this file’s font has no shape for. Saved as Word or Markdown, the"
    " conversation has every character."
)
_MARGIN = 22
_LINE = 1.4
_INK, _QUIET = 30, 95
_ROOM = 30
"""Millimetres that have to be left on a page below a heading."""


class _Look(NamedTuple):
    """How a part looks: points, face and grey of its letters; millimetres above and at its left."""

    size: float = 11
    face: str = ""
    grey: int = _INK
    above: float = 2.5
    indent: float = 0
    bullet: str = ""


_LOOKS: Mapping[Part, _Look] = MappingProxyType(
    {
        Part.TITLE: _Look(20, "B", above=0),
        Part.HEADING: _Look(14, "B", above=8),
        Part.SUBHEADING: _Look(11, "B", above=5),
        Part.TEXT: _Look(),
        Part.ITEM: _Look(indent=6, above=1.5, bullet="•"),
        Part.REMARK: _Look(face="I", grey=_QUIET),
        Part.QUOTE: _Look(10, grey=_QUIET, above=0.5, indent=6),
    }
)


def to_pdf(conversation: Conversation) -> bytes:
    """Return a conversation as a PDF file."""
    pdf = _blank()
    said = list(paragraphs(conversation))
    shapes = cast("TTFFont", pdf.fonts[pdf.font_family]).cmap
    shown = [_with_shapes(paragraph, shapes) for paragraph in said]
    pdf.set_title(shown[0].text)
    if _missing(shown) > _missing(said):
        shown.insert(2, Paragraph(Part.REMARK, (Run(_OWNED_UP),)))
    for paragraph in shown:
        _write(pdf, paragraph)
    return bytes(pdf.output())


def _blank() -> FPDF:
    import fontpkg
    from fpdf import FPDF

    class Pages(FPDF):
        """Pages with their numbers."""

        def footer(self) -> None:
            self.set_y(-15)
            self.set_font(size=9)
            self.set_text_color(_QUIET)
            self.cell(w=0, text=str(self.page_no()), align="C")

    pdf = Pages(format="A4")
    pdf.alias_nb_pages(None)  # type: ignore[arg-type]  # or "{nb}" in a document becomes a number
    pdf.set_margins(_MARGIN, _MARGIN, _MARGIN)
    pdf.set_auto_page_break(auto=True, margin=_MARGIN)
    for face, weight, style in _FACES:
        pdf.add_font(_FAMILY, face, fontpkg.path(_FAMILY, weight, style))
    pdf.set_font(_FAMILY)
    pdf.add_page()
    return pdf


def _write(pdf: FPDF, paragraph: Paragraph) -> None:
    look = _LOOKS[paragraph.part]
    pdf.ln(look.above)
    heading = paragraph.part in {Part.HEADING, Part.SUBHEADING}
    if heading and pdf.will_page_break(_ROOM):
        pdf.add_page()
    if paragraph.part is Part.HEADING:
        pdf.start_section(paragraph.text)
    pdf.set_text_color(look.grey)
    pdf.set_font(style=look.face, size=look.size)
    with (
        pdf.text_columns(line_height=_LINE) as column,
        column.paragraph(indent=look.indent, bullet_string=look.bullet) as written,
    ):
        for run in paragraph.runs:
            pdf.set_font(style="B" if run.bold else look.face, size=look.size)
            pdf.char_vpos = "SUP" if run.raised else "LINE"
            written.write(run.text)
    pdf.char_vpos = "LINE"


def _missing(said: Iterable[Paragraph]) -> int:
    return sum(paragraph.text.count(_MISSING) for paragraph in said)


def _with_shapes(paragraph: Paragraph, shapes: Container[int]) -> Paragraph:
    runs = tuple(run._replace(text=_shown(run.text, shapes)) for run in paragraph.runs)
    return paragraph._replace(runs=runs)


def _shown(text: str, shapes: Container[int]) -> str:
    """Return a text in characters that have shapes, or in signs where they have none."""
    return "".join(_shape(char, shapes) for char in unicodedata.normalize("NFC", text))


def _shape(char: str, shapes: Container[int]) -> str:
    """Return a character, one that reads the same, or the sign for one that is missing."""
    if char.isspace():
        return " "
    if ord(char) in shapes:
        return char
    if unicodedata.category(char) == "Cf":  # joiners and the like, which have no shape
        return ""
    alike = unicodedata.normalize("NFKC", char)
    return alike if all(ord(one) in shapes for one in alike) else _MISSING
