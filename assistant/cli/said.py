"""What commands say they did, in a line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import render

if TYPE_CHECKING:
    from assistant.archive import Moved


def moved(done: str, what: Moved) -> None:
    """Say what was exported or imported."""
    documents, passages = (
        render.plural(count, noun)
        for count, noun in ((what.documents, "document"), (what.passages, "passage"))
    )
    sys.stdout.write(
        f"{done} {render.line(what.index)}: {documents}, {passages}, {what.bytes / 1e6:,.1f} MB "
        f"({render.line(str(what.file))}).\n"
    )


def following(folders: Sequence[Path]) -> None:
    """Say which folders are followed."""
    names = ", ".join(render.line(str(folder)) for folder in folders)
    sys.stdout.write(f"Following {names} - Ctrl-C ends it.\n")
    sys.stdout.flush()


def forgotten(folders: Sequence[Path]) -> None:
    """Say which folders are not kept in sync any more."""
    names = ", ".join(render.line(str(folder)) for folder in folders)
    sys.stdout.write(f"Not kept in sync any more: {names or 'none was'}.\n")
