"""The commands that move an index between machines, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import progress, said, show
from assistant.cli.commands import app
from assistant.cli.common import IndexOption, JsonOption, chosen_before, examples, open_index

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="The file that holds the index.")
]


@app.command(
    "export",
    epilog=examples("assistant export reports.zip", "assistant export r.zip --index reports"),
)
def export_index(
    context: typer.Context,
    file: FileArgument,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an index to one file, with all it needs but the embedding model.

    Others may go on reading and writing it meanwhile.
    """
    with open_index(context, index) as engine, progress.waiting("Writing…"):
        moved = engine.export(file.absolute())
    show.as_json(moved) if as_json else said.moved("Exported", moved)


@app.command("import", epilog=examples("assistant import reports.zip --index reports"))
def import_index(
    context: typer.Context,
    file: FileArgument,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make an index from a file that was exported; nothing is encoded again.

    The file is checked first. An index of that name must not exist yet.
    """
    from assistant.assistant import Assistant

    with progress.waiting("Checking…"):
        moved = Assistant.imported(file.absolute(), index or chosen_before(context))
    show.as_json(moved) if as_json else said.moved("Imported", moved)
