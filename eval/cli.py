"""The command ``python -m eval``: parses, calls once, shows what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant import AssistantError
from assistant.cli.common import JsonOption, examples
from assistant.settings import Settings
from eval.options import (
    FAILED,
    INTERRUPTED,
    MISSED,
    OK,
    DocumentsOption,
    LimitOption,
    OutOption,
    ProgressOption,
    SetOption,
    Told,
    show_all,
    show_json,
    show_wide,
)
from eval.parts import parts
from eval.progress import stages, watching

EXIT_CODES = """\b
Exit codes:
  0    it worked
  1    a floor was missed, or a measure is worse than in the other run
  2    the command line can't be understood
  3    any other error
  130  interrupted; the same command goes on where it stopped"""

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Measure how good the answers are, on any question set.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
)

app.add_typer(parts)


@app.command(
    epilog=examples(
        "python -m eval run --set merida",
        "python -m eval run --set dev-v2.0.json --limit 500",
        "python -m eval run --set questions.csv --index reports --model ollama:llama3.2:3b",
        "python -m eval run --fail-under correct=0.75 --no-worse-than eval/runs/before",
    )
)
def run(
    set_: SetOption = "merida",
    documents: DocumentsOption = None,
    index: Annotated[
        str, typer.Option("--index", "-i", help="Ask this index as it is, and add nothing to it.")
    ] = "",
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The language model that answers.")
    ] = None,
    k: Annotated[int | None, typer.Option("-k", "--k", help="Passages an answer draws on.")] = None,
    limit: LimitOption = 0,
    judge: Annotated[str, typer.Option(help="A language model to judge the answers.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write the run into this folder.")] = None,
    runs_in: Annotated[
        Path | None, typer.Option("--runs", help="Keep runs in this folder, not in eval/runs.")
    ] = None,
    progress: ProgressOption = Told.BARS,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Begin anew where a run was stopped.")
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Index the documents anew.")] = False,
    fail_under: Annotated[
        list[str] | None, typer.Option(metavar="MEASURE=VALUE", help="Exit with 1 if worse.")
    ] = None,
    no_worse_than: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Exit with 1 if worse than that run.")
    ] = None,
) -> None:
    """Index a set's documents, ask its questions, and write report.json and report.html."""
    from eval import gates, pages, reports, runs, show
    from eval.comparing import compare as compared
    from eval.formats import load_set

    settings = Settings.load(model=model, passages=k)
    floors = [gates.parse_floor(text) for text in fail_under or ()]
    earlier = reports.load(no_worse_than) if no_worse_than else None
    unpacked: dict[str, Any] = {"work": runs_in} if runs_in else {}
    questions = load_set(set_, documents=documents, **unpacked)
    options = runs.Options(index, limit, out, rebuild=rebuild, fresh=fresh, judge=judge)
    place: dict[str, Any] = {"runs": runs_in} if runs_in else {}
    with watching(progress) as (on_index, on_question):
        watch = runs.Watch(on_index, on_question)
        report, folder = runs.run(questions, settings, options, watch=watch, **place)
    page = pages.write_report(report, folder)
    show_all(show.report(report), f"\nThe report is in {page}")
    missed = gates.below(report, floors)
    if earlier:
        comparison = compared(earlier, report)
        show_all(show.comparison(comparison))
        missed += gates.worse(comparison)
    for sentence in missed:
        _complain(sentence)
    if missed:
        raise typer.Exit(MISSED)


@app.command(epilog=examples("python -m eval compare eval/runs/before eval/runs/after"))
def compare(
    before: Annotated[Path, typer.Argument(metavar="RUN_A", help="The folder of a run.")],
    after: Annotated[Path, typer.Argument(metavar="RUN_B", help="The folder of a later run.")],
    out: Annotated[
        Path | None, typer.Option(help="Write the page here, not into RUN_B's folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two runs question by question, with intervals and a permutation test."""
    from eval import pages, reports, show
    from eval.comparing import compare as compared
    from eval.comparing import facts
    from eval.pages import plots

    comparison = compared(reports.load(before), reports.load(after))
    if as_json:
        pictures = [picture._asdict() for picture in plots.of_comparison(comparison)]
        show_json({**facts(comparison), "plots": pictures})
        return
    page = pages.write_comparison(comparison, out or after / "compare.html")
    show_all(show.comparison(comparison), f"\nThe page is in {page}")


@app.command(
    epilog=examples(
        "python -m eval peers --set merida",
        "python -m eval peers --set dev-v2.0.json --limit 400 --only assistant --only txtai",
    )
)
def peers(
    set_: SetOption = "merida",
    documents: DocumentsOption = None,
    limit: LimitOption = 0,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Measure this pipeline; repeatable.")
    ] = None,
    out: OutOption = None,
) -> None:
    """Ask the same questions of what one would otherwise write: LangChain, LlamaIndex, txtai.

    All run on this machine, one after another, each in a process of its own,
    with the same model. Only retrieval is measured.
    """
    from eval.formats import load_set
    from eval.peers import PEERS, measure
    from eval.peers.show import table

    questions = load_set(set_, documents=documents)
    with stages() as on_progress:
        results = measure(questions, only or PEERS, limit, on_progress)
    show_wide(table(results), results, out)
    if all(result.failure for result in results):
        raise typer.Exit(FAILED)


@app.command(epilog=examples("python -m eval draft --index reports --out my-questions"))
def draft(
    index: Annotated[str, typer.Option("--index", "-i", help="The index to make questions of.")],
    out: Annotated[Path, typer.Option(help="The folder to write, which must not exist.")],
    questions: Annotated[int, typer.Option(min=1, help="How many to make at most.")] = 60,
    negatives: Annotated[
        int, typer.Option(min=0, help="How many of a document that is left out, at most.")
    ] = 15,
    seed: Annotated[int, typer.Option(help="Another seed makes other questions.")] = 0,
) -> None:
    """Make a first question set of your own documents, by rule, to be edited by hand."""
    from assistant import Assistant
    from eval.drafting import draft as drafted
    from eval.drafting import show

    with Assistant.open(index, settings=Settings.load(), create=False) as assistant:
        report = drafted(assistant, out, questions=questions, negatives=negatives, seed=seed)
    show_all(show.drafts(report))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, and return its exit code."""
    try:
        app(args=arguments, prog_name="python -m eval")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else OK
    except AssistantError as error:
        code = _explain(str(error))
    except ModuleNotFoundError as error:
        code = _explain(
            f"The evaluation needs the package {error.name!r}, which is not installed. "
            "Run `pip install -e '.[eval]' -c constraints.txt`."
        )
    else:
        code = OK
    if code == INTERRUPTED:
        _complain("Interrupted. The same command goes on where this one stopped.")
    return code


def _explain(text: str) -> int:
    _complain(f"Error: {text}")
    return FAILED


def _complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
