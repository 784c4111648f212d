"""Runs of the evaluation, made with a stand-in for the encoder."""

from __future__ import annotations

from pathlib import Path

from assistant.settings import Settings
from assistant.types import Span
from eval import pages, runs
from eval.questions import Gold, Question, QuestionSet
from eval.runs import Models, Options
from tests.fakes import FakeEncoder
from tests.web.samples import HOSTILE

HERONS = "The grey heron waits in the shallow water of the river for hours before it strikes.\n"
WRONG = f"Where does the northern pike hide {HOSTILE}?"


def made(place: Path, folder: Path, *, passages: int = 8, name: str = "birds") -> Path:
    """Make a run in a folder of runs, of three questions about two documents."""
    documents = place / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    (documents / "herons.txt").write_text(HERONS, "utf-8")
    (documents / "pikes.txt").write_text(f"The northern pike hides in the lake. {HOSTILE}", "utf-8")
    questions = QuestionSet(
        name,
        place,
        documents,
        (
            Question(
                "waits",
                "Where does the grey heron wait?",
                answerable=True,
                answers=("shallow water",),
                gold=(Gold("herons.txt", (Span(0, 83),)),),
            ),
            Question("pike", WRONG, answerable=True, answers=(HOSTILE[:20],), kind=HOSTILE[:30]),
            Question("mona", "Where does the heron wait for hours?", answerable=False),
        ),
    )
    report, made_in = runs.run(
        questions,
        Settings.load(passages=passages, indexes=place / "indexes"),
        Options(),
        models=Models(encoder=FakeEncoder()),
        runs=folder,
    )
    pages.write_report(report, made_in)
    return made_in
