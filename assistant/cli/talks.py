"""The commands for what was asked on the chat page: conversations, and feedback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli import said, show
from assistant.cli.commands import app
from assistant.cli.common import IndexOption, JsonOption, examples, open_index

if TYPE_CHECKING:
    from assistant.conversations import Conversations


@app.command(
    epilog=examples(
        "assistant conversations",
        'assistant conversations --search "merida army" --index reports',
        "assistant conversations 9f2c61d07ab84e35 > talk.md",
        "assistant conversations 9f2c61d07ab84e35 --out talk.docx",
        "assistant conversations 9f2c61d07ab84e35 --json | assistant check-citations /dev/stdin",
    )
)
def conversations(
    context: typer.Context,
    conversation: Annotated[
        str, typer.Argument(metavar="[ID]", help="One of them, to be written as Markdown.")
    ] = "",
    index: IndexOption = None,
    search: Annotated[
        str, typer.Option("--search", metavar="WORDS", help="List those that hold these words.")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write it as .md, .json, .docx or .pdf."),
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List, save or delete what everybody asked on the chat page.

    The list has id, time (UTC), number of questions and title between tabs. Exits with 1 if there
    is none of this id.
    """
    if not conversation and (out or delete):
        raise typer.BadParameter("name the conversation, by its id")
    with open_index(context, index) as engine:
        kept = engine.conversations
        if not conversation:
            found = kept.listed(None, search, most=sys.maxsize)
            show.as_json(found) if as_json else said.conversations(found)
        elif delete:
            kept.delete(None, conversation)
            said.deleted(conversation)
        else:
            _write(kept, conversation, out, "json" if as_json else "md")


@app.command(epilog=examples("assistant feedback --out feedback-set --index reports"))
def feedback(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="A new folder for the set.")
    ],
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a question set of the answers that people called good or bad on the chat page.

    `python -m eval run --set FOLDER --index NAME` asks them; the folder's README says how those
    with a thumbs-down are filled in.
    """
    from assistant.feedback import write

    with open_index(context, index) as engine:
        written = write(engine, out)
    show.as_json(written) if as_json else said.feedback(written)


def _write(kept: Conversations, conversation: str, out: Path | None, ending: str) -> None:
    from assistant.errors import StoreError
    from assistant.exporting import export

    ending = out.suffix.lower().lstrip(".") if out else ending
    file = export(kept.get(None, conversation), ending)
    if not out:
        sys.stdout.write(file.decode())
        return
    try:
        out.write_bytes(file)
    except OSError as error:
        raise StoreError(f"{out} can't be written: {error.strerror or error}.") from error
    said.wrote(out)
