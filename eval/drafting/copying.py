"""Copies of what an index was made from, which are read again as the same text."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant import Assistant
from assistant.errors import LoadError
from assistant.holdings import DocumentInfo
from assistant.loading import load
from assistant.types import Document


def copies(
    assistant: Assistant, infos: Sequence[DocumentInfo], folder: Path
) -> tuple[dict[str, str], list[str]]:
    """Copy what was indexed; return the name of each copy, and what could not be copied."""
    names: dict[str, str] = {}
    left_out = []
    for info in infos:
        document = assistant.document(info.name)
        name = next((n for n in _written(document, folder) if _loads(folder / n, document)), "")
        if name:
            names[info.name] = name
        else:
            left_out.append(f"{info.name}: neither its file nor its text can be read again")
    return names, left_out


def _written(document: Document, folder: Path) -> Iterator[str]:
    """Write a copy of a document's file, and if that won't do its text; yield their names."""
    relative = Path(*(part for part in Path(document.name).parts if part not in {"..", "/"}))
    place = folder / relative
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copyfile(document.source, place)
    except OSError:
        place.unlink(missing_ok=True)
    else:
        yield relative.as_posix()
        place.unlink()
    text = place.with_name(f"{place.name}.txt")
    text.write_bytes(document.text.encode("utf-8"))
    yield text.relative_to(folder).as_posix()
    text.unlink()


def _loads(path: Path, document: Document) -> bool:
    """Tell whether a copy, in a folder, is read as the same text."""
    try:
        return load(path).text == document.text
    except LoadError:
        return False
