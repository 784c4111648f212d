"""A conversation as a Word file."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from types import MappingProxyType

from assistant.exchanges import Conversation
from assistant.exporting.paragraphs import Part, paragraphs

_STYLES: Mapping[Part, str] = MappingProxyType(
    {
        Part.TITLE: "Title",
        Part.HEADING: "Heading 1",
        Part.SUBHEADING: "Heading 2",
        Part.ITEM: "List Bullet",
        Part.QUOTE: "Quote",
    }
)
_NOT_IN_XML = re.compile("[\ue000\ufffe\uffff]")


def to_word(conversation: Conversation) -> bytes:
    """Return a conversation as a Word file."""
    import docx

    word = docx.Document()
    properties = word.core_properties
    properties.author = properties.comments = ""
    for number, said in enumerate(paragraphs(conversation)):
        if not number:
            properties.title = _storable(said.text)
        paragraph = word.add_paragraph(style=_STYLES.get(said.part))
        for run in said.runs:
            added = paragraph.add_run(_storable(run.text))
            added.bold = run.bold or None
            added.italic = said.part is Part.REMARK or None
            added.font.superscript = run.raised or None
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def _storable(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
