"""The commands that check a written text, and what saved answers cite, against the documents."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import progress, show
from assistant.cli.commands import app
from assistant.cli.common import NOTHING, IndexOption, JsonOption, examples, open_index
from assistant.types import Verdict


@app.command(
    epilog=examples(
        "assistant check summary.md --index reports",
        "pandoc essay.odt -t plain | assistant check -",
        "assistant check draft.docx --json | jq '.claims[] | select(.verdict != \"supported\")'",
    )
)
def check(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The text to check; - reads standard input.")
    ],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a written text against the documents, sentence by sentence.

    Each sentence, list item and table cell gets the sources that support it, or is marked with
    the words that they don't have. Exits with 1 unless all are supported.
    """
    text = _read(file)
    with open_index(context, index) as engine, progress.waiting("Checking…"):
        checked = engine.check(text)
    show.as_json(checked) if as_json else show.checked(checked)
    if any(claim.verdict is not Verdict.SUPPORTED for claim in checked.claims):
        raise typer.Exit(NOTHING)


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
    from assistant.saved import read_citations

    cited = read_citations(file)
    with open_index(context, index) as engine, progress.waiting("Checking…"):
        checked = engine.check_citations(cited)
    show.as_json(checked) if as_json else show.citations(checked)
    if not all(one.holds for one in checked):
        raise typer.Exit(NOTHING)


def _read(file: str) -> str:
    if file == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    from assistant import loading
    from assistant.loading.plain import read_plain

    path = Path(file)
    if path.suffix.lower() in {".md", ".markdown"}:
        # Read as it is written: its marks tell headings, items and cells from sentences.
        return read_plain(loading.read_file(path)).text
    return loading.load(path).text
