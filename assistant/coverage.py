"""How much of the documents was read: what a refusal has to own up to."""

from __future__ import annotations

from assistant.catalog import Catalog
from assistant.places import Unit

_MAY_BE_PICTURES = (Unit.PAGE.value, Unit.SLIDE.value)
"""Of these, what holds no text may hold a picture of it; an empty sheet is just empty."""


def unread(catalog: Catalog) -> str:
    """Say how much of the index could not be read, or nothing where all of it was."""
    parts = [
        f"{missing:,} of {units:,} {unit}s"
        for unit, missing, units in catalog.read(
            "SELECT json_extract(receipt, '$.unit') AS unit,"
            " sum(json_array_length(receipt, '$.unread') + iif("
            "  json_extract(receipt, '$.unit') IN (?, ?),"
            "  json_array_length(receipt, '$.blank'), 0)) AS missing,"
            " sum(json_extract(receipt, '$.units'))"
            " FROM documents WHERE unit IS NOT NULL GROUP BY unit HAVING missing ORDER BY unit",
            _MAY_BE_PICTURES,
        )
    ]
    return f"{' and '.join(parts)} in the index could not be read." if parts else ""
