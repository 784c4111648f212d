"""What all commands share: options, exit codes, the shape of their help, opening an index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from assistant.assistant import Assistant

OK, NOTHING, USAGE, FAILED, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143
EXIT_CODES = """\b
Exit codes:
  0    it worked
  1    the answer is no: refused, nothing found, no such document,
       a file that could not be read, an index that does not hold together
  2    the command line can't be understood
  3    any other error, such as a missing index
  130  interrupted with Ctrl-C
  143  terminated"""


@dataclass
class Common:
    """What was said before the command's name, and what to say should the command break off."""

    index: str | None = None
    debug: bool = False
    terminated: bool = False
    kept: str = ""


IndexOption = Annotated[
    str | None,
    typer.Option(
        "--index", "-i", metavar="NAME", help="The index to use: a name, or the path of its folder."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        "-m",
        metavar="PROVIDER:MODEL",
        help="The language model that writes, such as ollama:llama3.2:3b; '' for none.",
    ),
]
PassagesOption = Annotated[
    int | None,
    typer.Option(
        "--k",
        "-k",
        min=1,
        max=100,
        metavar="N",
        help="How many passages to find.",
        show_default="8",
    ),
]
WithinOption = Annotated[
    list[str] | None,
    typer.Option(
        "--within",
        "-w",
        metavar="NAME",
        help="Look only in this document, by its name as listed; may be given again.",
    ),
]
Question = Annotated[
    list[str],
    typer.Argument(
        metavar="QUESTION",
        help="The question, best in quotes. It may hold limits:"
        ' "exact words" -word document:NAME folder:NAME type:pdf date:2009..2011 page:3-5',
    ),
]


def examples(*lines: str) -> str:
    """Return the examples of a command, to stand below its help."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


def open_index(
    context: typer.Context, index: str | None, *, create: bool = False, **settings: Any
) -> Assistant:
    """Open the index named after or before the command; settings that are None stay as they are."""
    # The engine takes a second to import; help must not wait for it.
    from assistant.assistant import Assistant
    from assistant.settings import Settings

    chosen = index or chosen_before(context)
    return Assistant.open(chosen, settings=Settings.load(**settings), create=create)


def chosen_before(context: typer.Context) -> str | None:
    """Return the index that was named before the command."""
    common = context.obj
    return common.index if isinstance(common, Common) else None
