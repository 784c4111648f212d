"""Reports and comparisons as pages: one HTML file each, which needs nothing else and no network.

Everything shown from documents, questions and models is escaped, and the page
allows no script but its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assistant import render
from eval import show
from eval.comparing import Comparison
from eval.measures import PER_QUESTION, Figure, Group, find, mean
from eval.metrics.places import of_citations, places, touches
from eval.pages import plots
from eval.reports import Report
from eval.scoring import Became, Scored

REPORT_PAGE = "report.html"
PLOTS = "plots.json"
_HEADLINES = {
    "hit@1": "gold evidence in the first passage",
    "evidence@1000": "gold evidence in the first 1,000 characters",
    "correct": "answers that are right",
    "citation_precision": "citations that touch gold evidence",
    "refused": "refused, of the unanswerable",
    "inexact_quotes": "quotes not exactly in the document",
}
_BY_KIND = ("hit@1", "evidence@1000", "answered", "correct", "citation_precision", "refused")
_TONES = {
    Became.RIGHT: "good",
    Became.RIGHTLY_REFUSED: "good-quiet",
    Became.UNJUDGED: "neutral",
    Became.REFUSED: "bad-quiet",
    Became.WRONG: "bad",
    Became.SHOULD_REFUSE: "bad-strong",
    Became.FAILED: "failed",
}
_TEMPLATES = Path(__file__).parent / "templates"


def write_report(report: Report, folder: Path) -> Path:
    """Write the page of a run into its folder, with its plots beside it; return the page's path."""
    drawn = plots.of_report(report)
    (folder / PLOTS).write_text(json.dumps([plot._asdict() for plot in drawn]), "utf-8")
    known = {figure.measure.name for figure in report.figures}
    return _write(
        folder / REPORT_PAGE,
        "report.html",
        report=report,
        became=show.became(report),
        headlines=[
            (find(report.figures, name), meaning)
            for name, meaning in _HEADLINES.items()
            if name in known
        ],
        groups=[
            (group, chosen)
            for group in Group
            if (chosen := [f for f in report.figures if f.measure.group is group])
        ],
        kinds=_kinds(report.questions),
        by_kind=_BY_KIND,
        plots=drawn,
    )


def write_comparison(comparison: Comparison, path: Path) -> Path:
    """Write the page of a comparison, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return _write(
        path, "compare.html", comparison=comparison, plots=plots.of_comparison(comparison)
    )


def _write(path: Path, template: str, **values: Any) -> Path:
    script = (_TEMPLATES / "page.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    html = (
        _environment()
        .get_template(template)
        .render(
            **values,
            style=Markup((_TEMPLATES / "page.css").read_text("utf-8")),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            script_digest=digest,
        )
    )
    part = path.with_suffix(".part")
    part.write_text(html, "utf-8")
    part.replace(path)
    return path


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": show.number, "interval": show.interval}
    environment.globals |= {"tone": _TONES.__getitem__, "hits_gold": _hits_gold, "Became": Became}
    return environment


def _visible(value: Any) -> Any:
    """Leave out characters that nobody sees and that can turn a line around."""
    return (
        render.plain(value) if isinstance(value, str) and not hasattr(value, "__html__") else value
    )


def _hits_gold(scored: Scored) -> list[bool]:
    """Tell for each citation whether it touches gold evidence."""
    gold = places(scored.question.gold)
    citations = scored.outcome.answer.citations if scored.outcome.answer else ()
    return [any(touches(place, one) for place in gold) for one in of_citations(citations)]


def _kinds(questions: Iterable[Scored]) -> dict[str, dict[str, Figure]]:
    """Return for each kind of question the figures of the main measures."""
    asked = list(questions)
    kinds = sorted({scored.question.kind for scored in asked})
    if len(kinds) < 2:
        return {}
    return {
        kind or "other": {
            name: figure
            for name in _BY_KIND
            if (
                figure := mean(
                    PER_QUESTION[name],
                    (s.scores.get(name) for s in asked if s.question.kind == kind),
                )
            )
        }
        for kind in kinds
    }
