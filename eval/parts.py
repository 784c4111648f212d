"""The commands that measure one part: ranking, speed, the check of claims, refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.common import examples
from assistant.cli.progress import bars
from assistant.cli.show import terminal
from assistant.settings import Settings
from eval.options import (
    FAILED,
    DocumentsOption,
    LimitOption,
    OutOption,
    SetOption,
    show_all,
    show_wide,
    write,
)
from eval.progress import asking

parts = typer.Typer()


@parts.command(epilog=examples("python -m eval ablation --set dev-v2.0.json --limit 400"))
def ablation(
    set_: SetOption = "merida",
    documents: DocumentsOption = None,
    limit: LimitOption = 0,
    out: OutOption = None,
) -> None:
    """Measure what each part of the ranking and of the evidence view is worth on a set."""
    from eval.ablation import ablate, show
    from eval.formats import load_set

    questions = load_set(set_, documents=documents)
    with bars() as on_index, asking() as on_question:
        made = ablate(questions, Settings.load(), limit, on_index, on_question)
    show_wide(show.table(made), made, out)


@parts.command(epilog=examples("python -m eval bench --quick", "python -m eval bench --out before"))
def bench(
    set_: SetOption = "merida",
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer turns and a smaller index: under two minutes.")
    ] = False,
    megabytes: Annotated[
        int, typer.Option(min=0, help="Index so much text, too: 500 take half an hour.")
    ] = 0,
    out: Annotated[Path, typer.Option(help="The folder for bench.json and growth.svg.")] = Path(
        "eval/runs/bench"
    ),
) -> None:
    """Measure start, indexing, search and growth, as ratios within one run.

    Beside a short script, LangChain's tutorial pipeline and txtai's, on texts
    recombined from the sentences of a set's documents.
    """
    from eval.bench import bench as measured
    from eval.bench import show
    from eval.formats import load_set

    console = terminal(error=True)
    made = measured(
        load_set(set_),
        lambda part: console.print(f"{part} …"),
        quick=quick,
        megabytes=megabytes,
    )
    show.write(made, out)
    show_all(show.table(made), f"Written to {out}.")
    if made.failures:
        raise typer.Exit(FAILED)


@parts.command(
    epilog=examples("python -m eval claims", "python -m eval claims --half held-out --failures")
)
def claims(
    set_: Annotated[
        Path | None, typer.Option("--set", "-s", help="A claims.jsonl; ours if none is named.")
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="The documents' folder; the samples if none is named.")
    ] = None,
    half: Annotated[str, typer.Option(help="Only this half: tuning or held-out.")] = "",
    failures: Annotated[bool, typer.Option(help="List the claims judged wrongly.")] = False,
    out: OutOption = None,
) -> None:
    """Measure the check of claims: what it lets pass, and what it catches, by kind."""
    from eval import gate
    from eval.show import gated

    with asking("Checking") as on_claim:
        made = gate.measure(set_, documents, Settings.load(), half, on_claim)
    show_all(gated(made, failures=failures))
    if out:
        write(made, out)


@parts.command(epilog=examples("python -m eval refusal --set merida --set dev-v2.0.json"))
def refusal(
    sets: Annotated[
        list[str], typer.Option("--set", "-s", metavar="PATH|NAME", help="A set; repeatable.")
    ],
    out: OutOption = None,
) -> None:
    """Measure how well questions without an answer are told, and fit the weights for it."""
    from eval.formats import load_set
    from eval.refusal import measure, show

    with bars() as on_index, asking() as on_question:
        made = measure([load_set(name) for name in sets], Settings.load(), on_index, on_question)
    show_wide(show.table(made), made, out)
