"""The commands that bring files into an index: once, or again and again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import progress, said, show
from assistant.cli.commands import app
from assistant.cli.common import NOTHING, Common, IndexOption, JsonOption, examples, open_index
from assistant.holdings import FileReport, Outcome

_NO_NEWS = {Outcome.UNCHANGED, Outcome.SKIPPED}


@app.command(
    epilog=examples(
        "assistant add report.pdf notes.md",
        "assistant add ~/reports --index reports",
        "assistant add ~/reports --prune",
        "assistant add ~/reports --json | jq '.[] | select(.outcome == \"failed\")'",
    )
)
def add(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Files, and whole folders.")],
    index: IndexOption = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Take out what is gone from these folders.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Add files and folders to an index.

    The index is made where it is missing. Files that did not change since they were added are
    not even read; of those that did, only what changed is worked on. Interrupted, it keeps every
    document that was finished: run it again to go on. Exits with 1 if a file failed.
    """
    with (
        open_index(context, index, create=True) as engine,
        progress.counted(context.ensure_object(Common)) as on_progress,
    ):
        reports = engine.add(paths, prune=prune, on_progress=on_progress)
    _show(reports, as_json)


@app.command(
    epilog=examples(
        "assistant sync ~/reports",
        "assistant sync",
        "assistant sync --watch",
        "assistant sync --forget ~/reports",
    )
)
def sync(
    context: typer.Context,
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FOLDER", help="Folders; without any, all that were synced before."),
    ] = None,
    index: IndexOption = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and follow what changes, until Ctrl-C.")
    ] = False,
    even_empty: Annotated[
        bool,
        typer.Option("--even-empty", help="Take out the files of a folder that is empty now, too."),
    ] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Don't keep these folders in sync any more.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make an index hold what folders hold, no more and no less, and remember the folders.

    A folder that is missing or empty, as when its disk is not mounted, takes nothing out. Exits
    with 1 if a file or a folder failed.
    """
    if watch and (forget or as_json):
        raise typer.BadParameter("--watch goes with neither --forget nor --json")
    with open_index(context, index, create=bool(folders)) as engine:
        chosen = [folder.absolute() for folder in folders or engine.index.kept()]
        if forget:
            said.forgotten([folder for folder in chosen if engine.index.forget(folder)])
            return
        if not chosen:
            raise typer.BadParameter("no folder is kept in sync yet; name one")

        def synced(some: Sequence[Path]) -> list[FileReport]:
            with progress.counted(context.ensure_object(Common)) as on_progress:
                return engine.sync(some, even_empty=even_empty, on_progress=on_progress)

        if watch:
            from assistant.watching import follow

            said.following(chosen)
            for reports in follow(chosen, synced, apart_from=engine.folder.absolute()):
                if any(report.outcome not in _NO_NEWS for report in reports):
                    show.reports(reports)
        reports = synced(chosen)
    _show(reports, as_json)


def _show(reports: Sequence[FileReport], as_json: bool) -> None:
    show.as_json(reports) if as_json else show.reports(reports)
    if not reports or any(report.outcome is Outcome.FAILED for report in reports):
        raise typer.Exit(NOTHING)
