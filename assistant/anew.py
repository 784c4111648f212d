"""Makes Chroma anew in a process of its own, which never saw what was removed.

Chroma writes memory to its files that it has reserved and not used yet. In a
process that read a document, that may be the document's text: so the index
runs this, as ``python -m assistant.anew FOLDER``, under its writer's lock.
"""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial
from pathlib import Path

from assistant.catalog import Catalog
from assistant.encoder import load_encoder
from assistant.index import CATALOG, Index


def make_anew(folder: Path) -> None:
    """Make the Chroma of the index in a folder anew from its catalog."""
    with closing(Catalog(folder / CATALOG)) as catalog:
        encoder = catalog.meta("encoder") or ""
    with closing(Index(folder, encoder, partial(load_encoder, encoder))) as index:
        index.dense.rebuild()


if __name__ == "__main__":
    make_anew(Path(sys.argv[1]))
