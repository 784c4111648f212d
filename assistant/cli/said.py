"""What commands say they did, in a line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import render

if TYPE_CHECKING:
    from assistant.archive import Moved
    from assistant.exchanges import Listed
    from assistant.feedback import Written
    from assistant.folders import Measured


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


def conversations(found: Sequence[Listed]) -> None:
    """List conversations: a line each, its fields between tabs."""
    for one in found:
        fields = (one.id, one.changed[:16], str(one.questions), render.line(one.title))
        sys.stdout.write("\t".join(fields) + "\n")


def indexes(found: Sequence[Measured]) -> None:
    """List indexes: a line each, its fields between tabs."""
    for one in found:
        fields = (render.line(one.name), str(one.documents), str(one.disk_bytes))
        sys.stdout.write("\t".join((*fields, *filter(None, [render.line(one.problem)]))) + "\n")


def renamed(name: str, now: str) -> None:
    """Say what an index is called now."""
    sys.stdout.write(f"{render.line(name)} is now {render.line(now)}.\n")


def feedback(written: Written) -> None:
    """Say what question set was made of feedback."""
    questions = render.plural(written.complete + written.to_fill, "question")
    rest = f", {written.to_fill} to be filled in" if written.to_fill else ""
    sys.stdout.write(f"Wrote {render.line(str(written.folder))}: {questions}{rest}.\n")


def wrote(file: Path) -> None:
    """Say which file was written."""
    sys.stdout.write(f"Wrote {render.line(str(file))}.\n")


def deleted(what: str) -> None:
    """Say that a conversation, or an index, was deleted."""
    sys.stdout.write(f"Deleted {render.line(what)}.\n")
