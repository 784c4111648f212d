"""Rich Text → its plain text."""

from __future__ import annotations

from assistant.errors import CorruptDocument
from assistant.loading.extracted import Blocks, Extracted, joined_pairs


def read_rtf(data: bytes) -> Extracted:
    """Read a Rich Text file; a paragraph a block, the cells of a row behind each other."""
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise CorruptDocument("it is no Rich Text. Check its ending.")
    # All but ASCII is escaped in it; what is not, its readers take for Windows' Latin.
    text = str(rtf_to_text(data.decode("cp1252", "replace"), errors="ignore"))  # type: ignore[no-untyped-call]
    blocks = Blocks()
    # Its signs beyond the first plane are written as two.
    for line in joined_pairs(text).replace("\x00", "").split("\n"):
        cells = [cell.strip() for cell in line.split("|")]
        blocks.add(" | ".join(cells).strip(" |") if len(cells) > 2 else line)
    return blocks.extracted("")
