"""Word documents → paragraphs and tables in order, headings noted."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from assistant.errors import CorruptDocument, EncryptedDocument
from assistant.loading.extracted import Blocks, Extracted, sane_title

if TYPE_CHECKING:
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_OLE = b"\xd0\xcf\x11\xe0"
_MOST_UNPACKED = 500_000_000
_MOST_RATIO = 200
_HEADING = re.compile(r"^heading (\d)$", re.IGNORECASE)


def read_docx(data: bytes) -> Extracted:
    """Read a Word document; its title is the one in its properties, else the first heading."""
    _check_archive(data)
    import docx
    from docx.table import Table

    document = docx.Document(io.BytesIO(data))
    blocks = Blocks()
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            _add_table(item, blocks)
        else:
            blocks.add(_text(item), level=_level(item))
    return blocks.extracted(sane_title(document.core_properties.title or ""))


def _text(paragraph: Paragraph) -> str:
    style = (paragraph.style.name or "") if paragraph.style else ""
    return ("- " if style.startswith("List") else "") + paragraph.text.strip()


def _level(paragraph: Paragraph) -> int:
    style = (paragraph.style.name or "") if paragraph.style else ""
    match = _HEADING.match(style)
    return int(match[1]) if match else int(style == "Title")


def _add_table(table: Table, blocks: Blocks) -> None:
    for row in table.rows:
        cells: list[str] = []
        for cell in row.cells:
            text = " ".join(cell.text.split())
            # A merged cell is given once for each column it spans.
            if not cells or cells[-1] != text:
                cells.append(text)
        blocks.add(" | ".join(cells))


def _check_archive(data: bytes) -> None:
    """Refuse what is no Word file, and archives made to fill the memory."""
    if data.startswith(_OLE):
        raise EncryptedDocument(
            "it is encrypted, or in Word's old format. Save it as .docx without a password."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise CorruptDocument("it is no Word document. Check its ending.") from error
    size = sum(entry.file_size for entry in entries)
    if size > _MOST_UNPACKED or size > _MOST_RATIO * max(len(data), 1):
        raise CorruptDocument(
            f"it would unpack to {size / 1e6:.0f} MB from {len(data) / 1e6:.2f} MB, which no real "
            "document does."
        )
