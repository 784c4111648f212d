"""Erases what removed documents left in the files, in a process of its own.

Chroma writes memory to its files that it has reserved and not used yet. In a
process that read a document, that may be the document's text: so the index has
it made anew by ``python -m assistant.erasing FOLDER URL``, which never saw it.
"""

from __future__ import annotations

import sys
from contextlib import closing, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.catalog import Catalog
from assistant.dense import DenseIndex
from assistant.errors import AssistantError
from assistant.index import CATALOG, LOCK, home_of


def erase(folder: Path, chroma_url: str) -> None:
    """Write the catalog of the index in a folder without traces, and make Chroma anew from it.

    Does nothing while another process writes: that one comes to it in the end.
    """
    with (
        suppress(Timeout),
        FileLock(folder / LOCK, timeout=0),
        closing(Catalog(folder / CATALOG)) as catalog,
        closing(DenseIndex(catalog, home_of(folder, chroma_url))) as dense,
    ):
        if catalog.has_traces:
            through = catalog.erase()
            dense.rebuild()
            if through:
                catalog.set_meta(erase="0")


if __name__ == "__main__":
    try:
        erase(Path(sys.argv[1]), sys.argv[2])
    except AssistantError as error:
        sys.exit(str(error))
