"""Makes Chroma anew in a process of its own, which never saw what was removed.

Chroma writes memory to its files that it has reserved and not used yet. In a
process that read a document, that may be the document's text: so the index
runs this, as ``python -m assistant.anew FOLDER URL``, under its writer's lock.
"""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from assistant.catalog import Catalog
from assistant.dense import DenseIndex
from assistant.errors import AssistantError
from assistant.index import CATALOG, home_of


def make_anew(folder: Path, chroma_url: str) -> None:
    """Make the Chroma of the index in a folder anew from its catalog."""
    with closing(Catalog(folder / CATALOG)) as catalog:
        dense = DenseIndex(catalog, home_of(folder, chroma_url))
        with closing(dense):
            dense.rebuild()


if __name__ == "__main__":
    try:
        make_anew(Path(sys.argv[1]), sys.argv[2])
    except AssistantError as error:
        sys.exit(str(error))
