"""The command for the indexes themselves: listed, renamed, deleted."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.cli import said, show
from assistant.cli.commands import app
from assistant.cli.common import JsonOption, examples


@app.command(
    epilog=examples(
        "assistant indexes",
        "assistant indexes --json | jq '.[].name'",
        'assistant indexes reports --rename "Reports 2009"',
        "assistant indexes reports --delete",
    )
)
def indexes(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="One of them, to be renamed or deleted.")
    ] = "",
    rename: Annotated[
        str, typer.Option("--rename", metavar="NEW", help="Give it another name.")
    ] = "",
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete it, with all that was asked of it.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Delete it without asking for its name again.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the indexes, rename one, or delete one for good.

    The list has name, documents and bytes between tabs. An index is made by `assistant add`, and
    renamed or deleted only while no other program has it open.
    """
    from assistant import folders
    from assistant.settings import Settings, index_folder

    settings = Settings.load()
    if bool(name) != bool(rename or delete) or (rename and delete):
        raise typer.BadParameter("name an index, and one of --rename and --delete")
    if not name:
        found = [
            folders.measured(settings.indexes / one) for one in folders.names(settings.indexes)
        ]
        show.as_json(found) if as_json else said.indexes(found)
        return
    folder = index_folder(name, settings)
    if rename:
        said.renamed(name, folders.rename(folder, rename).name)
        return
    if not yes and not _meant(folder.name):
        raise typer.BadParameter("the name was not typed again, and nothing was deleted; or --yes")
    folders.delete(folder)
    said.deleted(folder.name)


def _meant(name: str) -> bool:
    """Ask for the name of an index, where there is somebody to ask."""
    if not sys.stdin.isatty():
        return False
    typed: str = typer.prompt(f"This deletes {name!r} for good. Type its name", err=True)
    return typed.strip() == name
