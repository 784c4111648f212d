"""What the processes of the fault tests do: real ones, with an index and a cheap encoder.

They are forked from a server that has imported everything already, so that one
costs milliseconds. Each writes what it found to a file, as JSON.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import assistant.index
from assistant import chroma_folder, dense, health, query, retrieval
from assistant.assistant import Assistant
from assistant.catalog import Catalog
from assistant.errors import AssistantError, DocumentNotFound
from assistant.index import Index
from assistant.probe import probe
from assistant.settings import Settings
from assistant.types import Matrix, Span, Vector
from eval.asking import ask
from eval.questions import Question
from tests.fakes import FakeEncoder

SYNCED = 40
"""Passages after which Chroma writes its graph: few, so that it often does."""
QUESTIONS = ("the heron by the weir", "crate 7 of report3", "paid in plum 11", "nobody wrote this")


@dataclass(frozen=True, slots=True)
class Place:
    """An index, and the file that every text which is encoded for it is written to."""

    index: Path
    log: Path
    chroma_url: str = ""


class WritingEncoder(FakeEncoder):
    """Writes down each text before it encodes it, and takes its time."""

    def __init__(self, log: Path, seconds: float = 0.0) -> None:
        super().__init__()
        self._log = log
        self._seconds = seconds

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[Vector, Matrix]]:
        for text, spans in zip(texts, sentences, strict=True):
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(text) + "\n")
            time.sleep(self._seconds)
            yield from super().encode_passages([text], [spans])


def opened(place: Place, seconds: float = 0.0, step: int = SYNCED) -> Index:
    """Open the index as all processes here do: Chroma asked always, and told at every step."""
    dense.SCANNED = 0
    chroma_folder.SYNCED = SYNCED
    assistant.index._CHROMA_STEP = step
    encoder = WritingEncoder(place.log, seconds)
    return Index(
        place.index, encoder.name, lambda _: encoder, create=True, chroma_url=place.chroma_url
    )


def add(place: Place, folder: Path, seconds: float = 0.0, graceful: bool = False) -> None:
    """Add a folder; where that is graceful, SIGTERM ends it as Ctrl-C does."""
    if graceful:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with closing(opened(place, seconds)) as index:
        index.add([folder])


def sync(place: Place, folder: Path, seconds: float = 0.0) -> None:
    """Make the index hold what a folder holds; a group of its own can be ended as a whole."""
    os.setpgid(0, 0)
    with closing(opened(place, seconds)) as index:
        index.sync([folder])


def add_when_told(place: Place, folder: Path, ready: Any, go: Any) -> None:
    """Open the index, say so, and add a folder once that was heard."""
    with closing(opened(place)) as index:
        ready.set()
        go.wait(30)
        index.add([folder])


def listen(heard: Callable[[str], None]) -> None:
    """Have each warning of the program told."""
    handler = logging.Handler()
    handler.emit = lambda record: heard(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("assistant").addHandler(handler)


def look(place: Place, found: Path, repair: bool = False) -> None:
    """Open the index, which repairs it, then verify it, and ask it all questions."""
    said: list[str] = []
    listen(said.append)
    # This process may crash: there is no need for a further one to ask Chroma.
    health._probed = _probed
    answers: object
    with closing(opened(place)) as index:
        try:
            answers = answered(index)
        except AssistantError as error:
            answers = str(error)
        result = health.verify(index, repair=repair)
        what = {
            "documents": [document.name for document in index.catalog.documents()],
            "passages": index.catalog.size,
            "answers": answers,
            "state": index.dense.state().value,
            "problems": result.problems,
            "repaired": result.repaired,
            "said": said,
        }
    found.write_text(json.dumps(what), "utf-8")


def ask_chroma_alone(place: Place, copied: Path, found: Path) -> None:
    """Note what Chroma makes by itself of a store that a process was killed over."""
    import chromadb

    found.write_text(json.dumps("crashed"), "utf-8")
    catalog = Catalog(place.index / assistant.index.CATALOG)
    vectors = dict(zip(*catalog.vectors(), strict=True))
    try:
        collection = chromadb.PersistentClient(str(copied)).get_collection("passages")
        ids = [identity for identity in collection.get(include=[])["ids"] if identity in vectors]
        nearest = collection.query(query_embeddings=[vectors[i] for i in ids], n_results=3)["ids"]
        whole = all(identity in some for identity, some in zip(ids, nearest, strict=True))
        said = "answered" if whole else "lost passages"
    except Exception:  # noqa: BLE001 - that is what is looked for
        said = "failed"
    found.write_text(json.dumps(said), "utf-8")


def answered(index: Index) -> list[list[tuple[str, float, str]]]:
    """Return ids, scores and texts of what is found for each question."""
    hits = []
    for question in QUESTIONS:
        vector = index.encoder.encode_question(question)
        found = retrieval.search(index.catalog, index.dense, query.parse(question), vector, 5)
        hits.append([(h.passage.id, round(h.score, 5), h.passage.text) for h in found.hits])
    return hits


def _probed(index: Index) -> list[str]:
    try:
        found = probe(index.folder, index.chroma_url)
    except Exception as error:  # noqa: BLE001 - any of them ends the process that asks otherwise
        return [f"Chroma's store is damaged: {error}"]
    assert found is not None, "nobody else writes here"
    return [f"{what}: {ids}" for what, ids in found.items() if ids]


def saying(work: Callable[..., None], found: Path, *arguments: Any) -> None:
    """Do some work, and write down the error that a user would see, or nothing."""
    said = ""
    try:
        work(*arguments)
    except AssistantError as error:
        said = str(error)
    found.write_text(json.dumps(said), "utf-8")


def filling(place: Place, folder: Path, disk: Path) -> None:
    """Add a folder to an index whose disk is full by the time that Chroma is told."""
    tell = dense.DenseIndex.update

    def update(self: dense.DenseIndex) -> int:
        if any(self._catalog.pending()):
            fill(disk)
        return tell(self)

    dense.DenseIndex.update = update  # type: ignore[method-assign]
    with closing(opened(place, step=1_000_000)) as index:
        index.add([folder])


def fill(disk: Path, spare: int = 0) -> None:
    """Leave no more than so many bytes free on a disk."""
    free = os.statvfs(disk)
    size = free.f_bavail * free.f_frsize - spare
    with (disk / "ballast").open("ab") as file:
        if size > 0:
            os.posix_fallocate(file.fileno(), file.tell(), size)


def limited(place: Place, folder: Path, most: int) -> None:
    """Add a folder where no file may grow past a size."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    add(place, folder)


def yesterday(place: Place, folder: Path) -> None:
    """Add a folder by a clock that runs backwards, from a day ago."""
    began, now = time.time(), time.time

    def backwards() -> float:
        return began - 86_400 - (now() - began)

    time.time = backwards
    add(place, folder)


def add_one_by_one(place: Place, files: list[Path], notes: Path, ready: Any) -> None:
    """Add files one at a time, take one in ten out again; note when each was done."""
    with closing(opened(place)) as index:
        ready.wait(60)
        for number, path in enumerate(files):
            index.add([path])
            note(notes, "added", path.name)
            if number % 10 == 9:
                index.remove(path.name)
                note(notes, "removed", path.name)
    note(notes, "ended", "")


def ask_all_the_time(place: Place, how: str, notes: Path, ready: Any) -> None:
    """Ask until the writer has ended; note each document when it is first found, and faults.

    That Chroma is not trusted would be one: nothing happened to it.
    """
    listen(lambda said: note(notes, "fault", f"{how}: {said}"))
    encoder = WritingEncoder(place.log)
    dense.SCANNED = 0
    chroma_folder.SYNCED = SYNCED
    settings = Settings.load(indexes=place.index.parent)
    seen: set[str] = set()
    with Assistant.open(place.index, settings=settings, encoder=encoder) as engine:
        ready.wait(60)
        ended = False
        while not ended:
            # The last round begins after the writer's end.
            ended = "ended" in notes.read_text("utf-8")
            for name, fault in _asked(engine, how):
                if fault:
                    note(notes, "fault", f"{how}: {fault}")
                if name not in seen:
                    seen.add(name)
                    note(notes, "seen", f"{how} {name}")


def _asked(engine: Assistant, how: str) -> Iterator[tuple[str, str]]:
    """Ask once; yield the name of each document there is, and what is wrong with it, if anything.

    A document that is removed while it is asked about is no fault: that is said.
    """
    names = [document.name for document in engine.documents()]
    yield from ((name, "") for name in names)
    for name in names[-2:]:
        question = f"In crate 1 of {Path(name).stem} edition 0"
        if how == "evaluation":
            outcome = ask(Question("1", question, answerable=True), engine)
            removed = set(names) - {document.name for document in engine.documents()}
            gone = removed or "holds no document" in outcome.failure
            if (outcome.inexact or outcome.failure) and not gone:
                yield name, f"{outcome.failure} {outcome.inexact} inexact"
        with suppress(DocumentNotFound):
            for document, start, end, quote in _quoted(engine, how, question):
                if engine.document(document).text[start:end] != quote:
                    yield document, f"torn: {quote!r} is not at {start}"


def _quoted(engine: Assistant, how: str, question: str) -> list[tuple[str, int, int, str]]:
    if how == "page":
        return [(c.document, c.start, c.end, c.quote) for c in engine.ask(question).citations]
    passages = [hit.passage for hit in engine.retrieve(question, 4)]
    return [(p.document, p.start, p.end, p.text) for p in passages]


def note(notes: Path, what: str, about: str) -> None:
    """Add a line to a file that several processes write to: time, what, about what."""
    with notes.open("a", encoding="utf-8") as file:
        file.write(json.dumps([time.monotonic(), what, about]) + "\n")
