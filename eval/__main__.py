"""``python -m eval run --set NAME``: ask every question of a set, and say how the answers did."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import mean, median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant import Assistant, AssistantError
from assistant.settings import Settings
from assistant.types import to_json
from eval import metrics
from eval.questions import Question, QuestionSet, load_set

app = typer.Typer(add_completion=False, help="Measure the answers on a question set.")


@app.callback()
def main() -> None:
    """Measure the answers on a question set."""


@app.command()
def run(
    set_: Annotated[str, typer.Option("--set", help="Name or folder of the set.")] = "merida",
    limit: Annotated[int, typer.Option(help="Ask only the first N questions; 0 asks all.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write every score as JSON.")] = None,
) -> None:
    """Index a set's documents, ask its questions, and print a table of scores.

    Example: python -m eval run --set merida --out report.json
    """
    console = Console()
    try:
        questions = load_set(set_)
        rows = list(_rows(questions, limit, console))
    except AssistantError as error:
        Console(stderr=True).print(str(error), markup=False, style="red")
        raise typer.Exit(3) from None
    summary = summarise(rows)
    table = Table("measure", "value", title=f"{questions.name}: {len(rows)} questions")
    for name, value in summary.items():
        table.add_row(name, f"{value:.3f}")
    console.print(table)
    if out:
        report = {"set": questions.name, "summary": summary, "questions": rows}
        out.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def _rows(questions: QuestionSet, limit: int, console: Console) -> Iterator[dict[str, Any]]:
    asked = questions.questions[: limit or None]
    with Assistant.open(f"eval-{questions.name}", settings=Settings.load()) as assistant:
        assistant.add([questions.documents])
        for question in track(asked, "Asking", console=console, transient=True):
            yield score(question, assistant)


def score(question: Question, assistant: Assistant) -> dict[str, Any]:
    """Ask one question, and return its answer with every score; a failure is a score as well."""
    begun = time.perf_counter()
    row: dict[str, Any] = {"id": question.id, "kind": question.kind, "question": question.text}
    row["answerable"] = question.answerable
    try:
        answer = assistant.ask(question.text, question.history)
    except AssistantError as error:
        return {**row, "failed": str(error), "refused": True, "seconds": 0.0}
    row |= {"refused": answer.refused, "seconds": time.perf_counter() - begun}
    row["exact"] = all(
        assistant.document(c.document).text[c.start : c.end] == c.quote for c in answer.citations
    )
    if question.answerable:
        row["rank"] = metrics.first_relevant(question.gold, answer.hits)
        row["citations"] = metrics.citation_precision(question.gold, answer.citations)
        row["contains"] = metrics.contains_answer(answer.text, question.answers)
    return {**row, "answer": to_json(answer)}


def summarise(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return the mean of each score over the questions it applies to."""
    good = [row for row in rows if row["answerable"]]
    bad = [row for row in rows if not row["answerable"]]
    ranks = [row.get("rank") or 0 for row in good]
    summary = {f"hit rate @{k}": _mean([0 < rank <= k for rank in ranks]) for k in (1, 3, 5, 8)}
    summary["MRR"] = _mean([1 / rank if rank else 0.0 for rank in ranks])
    summary["answered, of answerable"] = _mean([not row["refused"] for row in good])
    summary["answer holds gold answer"] = _mean([row.get("contains", False) for row in good])
    summary["a citation touches gold"] = _mean([row.get("citations", 0) > 0 for row in good])
    summary["citation precision"] = _mean([row.get("citations", 0.0) for row in good])
    summary["refused, of unanswerable"] = _mean([row["refused"] for row in bad])
    for kind in sorted({row["kind"] for row in bad if row["kind"]}):
        chosen = [row["refused"] for row in bad if row["kind"] == kind]
        summary[f"refused, of unanswerable ({kind})"] = _mean(chosen)
    summary["quotes not exact"] = _mean([not row.get("exact", True) for row in rows])
    summary["failed"] = _mean(["failed" in row for row in rows])
    summary["median seconds"] = median(row["seconds"] for row in rows) if rows else 0.0
    return summary


def _mean(values: list[Any]) -> float:
    return mean(map(float, values)) if values else 0.0


if __name__ == "__main__":
    app()
