"""The same questions through what a user would otherwise write, each pipeline measured alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from eval.errors import RunError
from eval.peers.pipeline import Cost, PeerResult, Progress, Searched

if TYPE_CHECKING:
    from eval.peers.corpus import Corpus
    from eval.questions import Question, QuestionSet

__all__ = ["PEERS", "Cost", "OnProgress", "PeerResult", "Progress", "Searched", "measure"]

PEERS = ("assistant", "langchain", "llamaindex", "txtai")
"""The pipelines there are: Assistant itself, then the others by name."""
OnProgress: TypeAlias = "Callable[[Progress], None]"


def measure(
    questions: QuestionSet,
    names: Sequence[str] = PEERS,
    limit: int = 0,
    on_progress: OnProgress | None = None,
) -> list[PeerResult]:
    """Measure pipelines over a question set, one after another, and return a result of each.

    Asked are the answerable questions that have gold evidence, with a
    ``limit`` the first of them. All pipelines read the same documents from
    disk and use the same model. One that fails is a result with the reason,
    and the others go on. Raises :class:`RunError` where there is nothing to
    measure, and :class:`EncoderError` where the bundled model can't be loaded.
    """
    # Imported here, so that a worker, which imports this package, has none of it in memory.
    from assistant.encoder import load_encoder
    from assistant.settings import BUNDLED_ENCODER
    from eval.peers import corpus, running, scoring

    unknown = [name for name in names if name not in PEERS]
    if unknown:
        raise RunError(f"There is no pipeline {unknown[0]!r}. Choose among {', '.join(PEERS)}.")
    if questions.documents is None:
        raise RunError(
            f"The question set {questions.name!r} has no documents. "
            "Name their folder (--documents): every pipeline indexes them anew."
        )
    folder = questions.documents.resolve()
    documents = corpus.read(folder)
    asked = _scorable(questions, documents)[: limit or None]
    # Exported once for a machine, which is not to be part of Assistant's figures.
    load_encoder(BUNDLED_ENCODER)
    results = []
    for name in dict.fromkeys(names):
        try:
            measured = running.run(name, folder, asked, on_progress)
        except RunError as error:
            results.append(PeerResult(name, failure=str(error)))
        else:
            results.append(scoring.result(name, measured, asked, documents))
    return results


def _scorable(questions: QuestionSet, documents: Corpus) -> list[Question]:
    """Return the questions whose gold evidence is known, or say why there are none."""
    from eval.indexing import pointed

    found = [
        question
        for question in pointed(questions.questions, documents.twins)
        if question.answerable and question.gold
    ]
    if not found:
        raise RunError(
            f"No question of {questions.name!r} says where its answer stands. "
            "Choose a set with documents and spans or pages."
        )
    named = {gold.document for question in found for gold in question.gold}
    if not named & {document.name for document in documents.documents}:
        raise RunError(
            f"{questions.documents} holds none of the documents that the questions name, such as "
            f"{min(named)!r}. Name the folder that does (--documents)."
        )
    return found
