"""Presentations → the text of each slide: its title, its shapes, its tables, its notes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.loading import tables
from assistant.loading.extracted import Blocks, Extracted
from assistant.places import Place, Receipt, Unit
from assistant.types import Span

if TYPE_CHECKING:
    from pptx.slide import Slide

_DEEPEST = 20


def read_slides(data: bytes) -> Extracted:
    """Read a presentation; its slides are its pages, and their titles its headings."""
    from pptx import Presentation

    show = Presentation(io.BytesIO(data))
    blocks = Blocks()
    blank = []
    for number, slide in enumerate(show.slides, start=1):
        start = blocks.next
        _add_slide(blocks, slide)
        end = max(start, blocks.length)
        blocks.pages.append(Span(start, end))
        if end > start:
            blocks.places.append(Place(start, end, Unit.SLIDE, number))
        else:
            blank.append(number)
    receipt = Receipt(Unit.SLIDE, len(blocks.pages), blank=tuple(blank))
    title = show.core_properties.title or ""
    return blocks.extracted(title, receipt)


def _add_slide(blocks: Blocks, slide: Slide) -> None:
    title = slide.shapes.title
    if title is not None:
        blocks.add(" ".join(title.text_frame.text.split()), level=1)
    for shape in _shapes(slide.shapes, 0):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if getattr(shape, "has_table", False):
            _add_table(blocks, shape.table)
        elif shape.has_text_frame:
            _add_text(blocks, shape.text_frame)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        said = slide.notes_slide.notes_text_frame.text.strip()
        blocks.add(f"Notes: {said}" if said else "")


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """Yield the shapes, those within groups among them, as they are read: from top to bottom."""
    for shape in sorted(shapes, key=lambda one: (one.top or 0, one.left or 0)):
        if hasattr(shape, "shapes") and depth < _DEEPEST:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _add_text(blocks: Blocks, frame: Any) -> None:
    for paragraph in frame.paragraphs:
        text = paragraph.text.replace("\v", "\n").strip()
        blocks.add(f"- {text}" if text and len(frame.paragraphs) > 1 else text)


def _add_table(blocks: Blocks, table: Any) -> None:
    rows = [
        tables.Row(number, [cell.text for cell in row.cells])
        for number, row in enumerate(table.rows, start=1)
    ]
    # Programs mark the first row of every new table, so that this is not sure.
    for _, text in tables.lines(tables.by_custom(rows) if table.first_row else rows):
        blocks.add(text)
