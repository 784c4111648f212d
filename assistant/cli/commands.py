"""The commands. Each parses, calls the engine once and shows what came of it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assistant.cli import progress, show
from assistant.cli.common import (
    EXIT_CODES,
    NOTHING,
    Common,
    IndexOption,
    JsonOption,
    ModelOption,
    PassagesOption,
    Question,
    WithinOption,
    examples,
    open_index,
)
from assistant.types import Excerpt, Hit

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        sys.stdout.write(f"assistant {version('cited-assistant')}\n")
        raise typer.Exit


@app.callback(
    epilog="\n\n".join(
        [
            examples(
                "assistant add ~/reports",
                'assistant ask "Who criticized the Mérida Initiative?"',
                "assistant chat",
            ),
            EXIT_CODES,
        ]
    )
)
def assistant(
    context: typer.Context,
    index: IndexOption = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an unexpected error came from.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Answer questions from your own documents, with the passages that prove each answer."""
    common = context.ensure_object(Common)
    common.index, common.debug = index, debug


@app.command(
    epilog=examples(
        'assistant ask "Who criticized the Mérida Initiative?"',
        'assistant ask "How much did it cost?" --index reports --k 12',
        "assistant ask 'Who paid for \"the helicopters\"? type:pdf -Colombia'",
        'assistant ask "How much did it cost?" --within budget.pdf --within plan.docx',
        'assistant ask "Why?" --model ollama:llama3.2:3b --json | jq .citations',
        'assistant ask "Who was in charge?" --markdown > answer.md',
    )
)
def ask(
    context: typer.Context,
    question: Question,
    index: IndexOption = None,
    k: PassagesOption = None,
    within: WithinOption = None,
    model: ModelOption = None,
    as_json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Write it as Markdown.")] = False,
) -> None:
    """Answer a question from the documents.

    Each sentence has its numbered sources: document, page and quote.
    Exits with 1 if the documents don't answer it.
    """
    if as_json and markdown:
        raise typer.BadParameter("choose one of --json and --markdown")
    with open_index(context, index, model=model, passages=k) as engine:
        asked, names = " ".join(question), within or ()
        if as_json:
            answer = engine.ask(asked, within=names)
            show.as_json(answer)
        elif markdown:
            answer = engine.ask(asked, within=names)
            show.markdown(answer)
        else:
            growing = engine.stream(asked, within=names)
            answer = show.answer(progress.until_first("Searching…", growing))
    if answer.refused:
        raise typer.Exit(NOTHING)


@app.command(
    epilog=examples(
        'assistant search "training of the federal police"',
        'assistant search "helicopters" --k 3 --json | jq ".[].passage.document"',
        'assistant search "Who paid for the helicopters?" --evidence 500',
    )
)
def search(
    context: typer.Context,
    question: Question,
    index: IndexOption = None,
    k: PassagesOption = None,
    within: WithinOption = None,
    evidence: Annotated[
        int | None,
        typer.Option(
            "--evidence",
            min=1,
            metavar="CHARACTERS",
            help="Show the strongest sentences, so many characters of them, not whole passages.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Find the passages that bear most on a question, best first.

    Exits with 1 if there are none.
    """
    found: list[Hit] | list[Excerpt]
    with open_index(context, index, passages=k) as engine, progress.waiting("Searching…"):
        asked, wanted, names = " ".join(question), engine.settings.passages, within or ()
        if evidence:
            found = engine.retrieve(
                asked, wanted, view="evidence", characters=evidence, within=names
            )
        else:
            found = engine.retrieve(asked, wanted, within=names)
    show.as_json(found) if as_json else show.found(found)
    if not found:
        raise typer.Exit(NOTHING)


@app.command(
    "list",
    epilog=examples("assistant list", "assistant list --index reports --json | jq '.[].name'"),
)
def list_documents(
    context: typer.Context, index: IndexOption = None, as_json: JsonOption = False
) -> None:
    """List the documents of an index.

    Where its output is no terminal, it writes name, pages, passages and title between tabs.
    """
    with open_index(context, index) as engine:
        documents = engine.documents()
    show.as_json(documents) if as_json else show.documents(documents)


@app.command(
    epilog=examples("assistant remove report.pdf", "assistant remove ~/old/notes.md -i reports")
)
def remove(
    context: typer.Context,
    document: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT",
            help="Its name, as `assistant list` shows it, or the path of one of its files.",
        ),
    ],
    index: IndexOption = None,
) -> None:
    """Remove a document from an index, with every trace of it; the file itself stays.

    Given the path of one of several files with the same content, the document stays as the
    others'. Exits with 1 if the index holds no such document.
    """
    with open_index(context, index) as engine:
        engine.remove(document)
    show.removed(document)


@app.command(epilog=examples("assistant status", "assistant status --index reports --json"))
def status(context: typer.Context, index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Show the size and the state of an index, and what was read of each file."""
    with open_index(context, index) as engine:
        state = engine.status()
    show.as_json(state) if as_json else show.status(state)


@app.command(epilog=examples("assistant verify", "assistant verify --repair --index reports"))
def verify(
    context: typer.Context,
    index: IndexOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what follows from the documents.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check that an index holds together.

    Every passage must match its document and be found by its own vector. Exits with 1 if
    problems are left.
    """
    with open_index(context, index) as engine, progress.waiting("Checking…"):
        found = engine.verify(repair=repair)
    show.as_json(found) if as_json else show.verification(found)
    if not found.ok:
        raise typer.Exit(NOTHING)
