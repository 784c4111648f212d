"""What the commands of the evaluation share: their options, and how they print."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.cli.show import terminal
from assistant.types import to_json

OK, MISSED, FAILED, INTERRUPTED = 0, 1, 3, 130
_WIDE = 140

SetOption = Annotated[
    str,
    typer.Option(
        "--set",
        "-s",
        metavar="PATH|NAME",
        help="The question set: a folder of ours, SQuAD JSON, a BEIR folder, a CSV, or a name.",
    ),
]
LimitOption = Annotated[int, typer.Option(min=0, help="Ask only the first N; 0 asks all.")]
DocumentsOption = Annotated[
    Path | None, typer.Option(help="The documents' folder, where the set has none of its own.")
]


class Told(StrEnum):
    """How progress is told: as bars on a terminal, or as a line of JSON for each step."""

    BARS = "bars"
    JSON = "json"


ProgressOption = Annotated[
    Told,
    typer.Option(
        help="How progress is shown: bars on a terminal; or json, an object a line on standard"
        " error, until standard input is closed, which ends the run."
    ),
]
OutOption = Annotated[Path | None, typer.Option(help="Write everything measured as JSON.")]


def show_all(*what: Any) -> None:
    """Print results, one below the other."""
    console = terminal()
    for one in what:
        console.print(one)


def show_json(made: Any) -> None:
    """Print a result as JSON."""
    sys.stdout.write(json.dumps(to_json(made), ensure_ascii=False) + "\n")


def show_wide(table: Any, made: Any, out: Path | None) -> None:
    """Print a wide table, and write what it was made of."""
    console = terminal()
    console.width = max(console.width, _WIDE)
    console.print(table)
    if out:
        write(made, out)


def write(made: Any, out: Path) -> None:
    """Write what was measured as JSON."""
    out.write_text(json.dumps(to_json(made), ensure_ascii=False, indent=1), "utf-8")
