"""The command that adds pages of the web: nothing else reaches out of the machine."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli import progress, show
from assistant.cli.commands import app
from assistant.cli.common import NOTHING, IndexOption, JsonOption, examples, open_index
from assistant.holdings import Outcome


@app.command(
    "add-url",
    epilog=examples(
        "assistant add-url https://example.org/report.pdf",
        "assistant add-url https://example.org/a https://example.org/b --index web",
    ),
)
def add_url(
    context: typer.Context,
    urls: Annotated[list[str], typer.Argument(metavar="URL", help="Addresses of pages or files.")],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add pages and files of the web to an index.

    Only these addresses are read, no links on them; hosts in private networks only with
    ASSISTANT_PRIVATE_URLS=true. Exits with 1 if one failed.
    """
    with open_index(context, index, create=True) as engine, progress.waiting("Reading…"):
        reports = engine.add_urls(urls)
    show.as_json(reports) if as_json else show.reports(reports)
    if any(report.outcome is Outcome.FAILED for report in reports):
        raise typer.Exit(NOTHING)
