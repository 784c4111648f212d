"""A run: every question of a set asked and scored."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from langchain_core.language_models import BaseChatModel

from assistant import Assistant
from assistant.holdings import OnProgress
from assistant.models import load_chat_model
from assistant.settings import Settings
from assistant.types import Encoder, to_json
from eval import folders, indexing, outcomes, provenance, reports
from eval.asking import TokenMeter, ask
from eval.judging import Judge
from eval.outcomes import Outcome
from eval.questions import RUNS, Question, QuestionSet
from eval.reports import Identity, Indexing, Report, Setting
from eval.scoring import score

OnQuestion = Callable[[int, int], None]
"""Told how many questions are done, of how many."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to run. Zero and empty leave things as the settings have them.

    ``out`` is the run's folder; without it a new one is made in ``eval/runs``,
    or a stopped run of the same questions, settings and code goes on.
    """

    index: str = ""
    limit: int = 0
    out: Path | None = None
    rebuild: bool = False
    fresh: bool = False
    judge: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """Callbacks of whoever watches a run."""

    on_index: OnProgress | None = None
    on_question: OnQuestion | None = None


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a run, where others than the settings name are to be used."""

    encoder: Encoder | None = None
    chat: BaseChatModel | None = None
    judge: BaseChatModel | None = None


def run(
    questions: QuestionSet,
    settings: Settings,
    options: Options,
    *,
    watch: Watch | None = None,
    models: Models | None = None,
    runs: Path = RUNS,
) -> tuple[Report, Path]:
    """Ask every question of a set, and return the report and the folder it was written to.

    Raises :class:`EvaluationError` where the run can't be started. A question that
    fails is counted as failed. What was asked before an interruption is kept,
    and not asked again.
    """
    watch, models = watch or Watch(), models or Models()
    name = indexing.index_name(questions, options.index, settings)
    questions = replace(questions, questions=questions.questions[: options.limit or None])
    identity = _identity(questions, settings, options, name)
    judge = Judge.load(options.judge, settings, models.judge)
    with folders.taken(identity, runs, options.out, fresh=options.fresh) as (folder, begun):
        with _opened(name, questions, settings, options, watch, models) as opened:
            done = _ask_all(opened, judge, folder / folders.OUTCOMES, watch.on_question)
        setting = Setting(
            started=begun.started,
            finished=folders.now(),
            resumed=begun.resumed,
            machine=provenance.machine(),
            versions=provenance.versions(),
            indexing=opened.indexing,
            start_seconds=opened.start_seconds,
            peak_memory_mb=provenance.peak_memory_mb(),
        )
        scored = tuple(score(question, done[question.id]) for question in opened.questions)
        report = reports.make(identity, setting, scored)
        reports.save(report, folder)
    return report, folder


@dataclass(frozen=True, slots=True)
class _Opened:
    assistant: Assistant
    meter: TokenMeter
    questions: tuple[Question, ...]
    indexing: Indexing
    start_seconds: float


@contextmanager
def _opened(
    name: str,
    questions: QuestionSet,
    settings: Settings,
    options: Options,
    watch: Watch,
    models: Models,
) -> Iterator[_Opened]:
    if options.rebuild and not options.index:
        indexing.delete(name, settings)
    meter = TokenMeter()
    chat = models.chat or (load_chat_model(settings) if settings.model else None)
    begun = time.perf_counter()
    with Assistant.open(
        name,
        settings=settings,
        encoder=models.encoder,
        chat_model=meter.attach(chat) if chat else None,
        create=not options.index,
    ) as assistant:
        assistant.retrieve("Which models are loaded before the first question?", 1)
        start_seconds = time.perf_counter() - begun
        filled = indexing.Filled()
        if questions.documents and not options.index:
            filled = indexing.fill(assistant, questions.documents, watch.on_index)
        pointed = indexing.pointed(questions.questions, filled.twins)
        held = indexing.check(assistant, pointed, filled)
        yield _Opened(assistant, meter, pointed, held, start_seconds)


def _ask_all(
    opened: _Opened,
    judge: Judge | None,
    path: Path,
    on_question: OnQuestion | None,
) -> Mapping[str, Outcome]:
    asked = opened.questions
    done = outcomes.read(path)
    with outcomes.appending(path) as append:
        for number, question in enumerate(asked):
            if on_question:
                on_question(number, len(asked))
            if question.id in done:
                continue
            outcome = ask(question, opened.assistant, opened.meter)
            if judge:
                outcome = judge.judge(question, outcome)
            append(outcome)
            done[question.id] = outcome
        if on_question:
            on_question(len(asked), len(asked))
    return done


def _identity(questions: QuestionSet, settings: Settings, options: Options, index: str) -> Identity:
    content = json.dumps(to_json(questions.questions), ensure_ascii=True)
    return Identity(
        set=questions.name,
        source=str(questions.source),
        digest=hashlib.sha256(content.encode()).hexdigest()[:16],
        limit=options.limit,
        index=index,
        encoder=settings.encoder,
        model=settings.model,
        judge=options.judge,
        k=settings.passages,
        commit=provenance.commit(),
    )
