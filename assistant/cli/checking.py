"""The command that tells whether saved answers still hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import progress, show
from assistant.cli.commands import app
from assistant.cli.common import NOTHING, IndexOption, JsonOption, examples, open_index


@app.command(
    "check-citations",
    epilog=examples(
        "assistant check-citations answers.jsonl",
        "assistant check-citations answer.json --json | jq '.[] | select(.state == \"gone\")'",
    ),
)
def check_citations(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Answers as `assistant ask --json` writes them: one, or many."
        ),
    ],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the citations of saved answers against the documents as they are now.

    Each is valid, moved to another place, changed in its words, or gone. Exits with 1 if any is
    neither valid nor moved.
    """
    from assistant import durable
    from assistant.saved import read_citations

    cited = read_citations(file)
    with open_index(context, index) as engine, progress.waiting("Checking…"):
        checked = [durable.check(engine.index.catalog, citation) for citation in cited]
    show.as_json(checked) if as_json else show.checked(checked)
    if not all(one.holds for one in checked):
        raise typer.Exit(NOTHING)
