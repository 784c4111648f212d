"""The commands that serve: the chat page, MCP clients, and who may log in."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from typing import Annotated

import typer

from assistant.cli import progress, show
from assistant.cli.commands import app
from assistant.cli.common import (
    INTERRUPTED,
    TERMINATED,
    IndexOption,
    ModelOption,
    chosen_before,
    examples,
    open_index,
)


@app.command(
    epilog=examples(
        "assistant chat",
        "assistant chat --open --port 8080",
        "assistant chat --index reports --model ollama:llama3.2:3b",
        "assistant chat --mcp",
    )
)
def chat(
    context: typer.Context,
    index: IndexOption = None,
    model: ModelOption = None,
    host: Annotated[
        str | None,
        typer.Option(
            "--host", metavar="ADDRESS", help="Where to serve it.", show_default="127.0.0.1"
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            metavar="N",
            help="Its port; 0 picks a free one.",
            show_default="7860",
        ),
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-browser", help="Open the page in the browser.")
    ] = False,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Answer MCP clients as well, at /mcp of its address.")
    ] = False,
) -> None:
    """Open the chat page; Ctrl-C ends it.

    The default index gets the sample documents when the page is first opened on it.
    """
    from assistant.settings import Settings
    from assistant.web import launch

    settings = Settings.load(model=model, host=host, port=port)
    with ExitStack() as until_open:
        on_progress = until_open.enter_context(progress.bars())

        def announce(address: str) -> None:
            until_open.close()
            show.opened(address)

        launch(
            settings,
            index=index or chosen_before(context),
            open_browser=open_browser,
            samples=True,
            mcp=mcp,
            announce=announce,
            on_progress=on_progress,
        )


@app.command(epilog=examples("assistant mcp", "assistant mcp --index reports"))
def mcp(context: typer.Context, index: IndexOption = None, model: ModelOption = None) -> None:
    """Serve an MCP client over standard input and output.

    Its tools are ask, retrieve and list_documents. Clients start this command themselves.
    """
    from assistant import mcp_server

    _end_at_once()
    with open_index(context, index, model=model) as engine:
        mcp_server.run(engine)


@app.command(epilog=examples("assistant password ada >> users.txt"))
def password(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")],
) -> None:
    """Write the line of a user for the users file, ASSISTANT_USERS.

    The password is asked for, or read from standard input where that is no terminal; only its
    hash is written.
    """
    from assistant import passwords

    if sys.stdin.isatty():
        secret = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        secret = sys.stdin.readline().rstrip("\r\n")
    sys.stdout.write(f"{passwords.line(name, secret)}\n")


def _end_at_once() -> None:
    """Have Ctrl-C and SIGTERM end the process: the thread that reads standard input can't be woken.

    Nothing is lost, since nothing is written.
    """
    for number, code in ((signal.SIGINT, INTERRUPTED), (signal.SIGTERM, TERMINATED)):
        signal.signal(number, lambda *_, code=code: os._exit(code))
