"""Makes Chroma anew in a process of its own, which never saw what was removed.

Chroma writes memory to its files that it has reserved and not used yet. In a
process that read a document, that may be the document's text: so this one,
run as ``python -m assistant.anew CATALOG CHROMA``, only knows what the catalog holds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assistant.catalog import Catalog
from assistant.dense import DenseIndex
from assistant.errors import StoreError
from assistant.vectors import VectorStore


def make_anew(catalog: Path, chroma: Path) -> None:
    """Make the Chroma in a folder anew from a catalog, under the writer's lock.

    Raises :class:`StoreError` where that fails; the next start tries again.
    """
    # The command is this Python and a module of this package.
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "assistant.anew", str(catalog), str(chroma)],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise StoreError(
            f"The vector index {chroma} could not be made anew: {last or done.returncode}. "
            "Run `assistant verify --repair`."
        )


if __name__ == "__main__":
    DenseIndex(Catalog(Path(sys.argv[1])), VectorStore(Path(sys.argv[2]))).rebuild()
