"""Documents, processes and their deaths: what the fault tests are made of."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from filelock import FileLock

from assistant.index import LOCK
from tests.faults import driver
from tests.faults.driver import Place

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["chromadb", "chromadb.api.rust", "tests.faults.driver"])
_SECONDS = 60.0
_NOUNS = ("crate", "heron", "plum", "ledger", "weir", "copper", "lantern", "ferry")


def write_document(folder: Path, number: int, paragraphs: int, edition: int = 0) -> Path:
    """Write a document of so many passages, each of which no other document or edition has."""
    folder.mkdir(exist_ok=True)
    said = (
        " ".join(
            f"In {_NOUNS[(n + number) % 8]} {n} of report{number} edition {edition} the {noun} was"
            f" {_NOUNS[(n * 3 + number) % 8]} {n % 12}."
            for noun in (_NOUNS[n % 8], _NOUNS[(n + 5) % 8], _NOUNS[(n * 7 + 1) % 8])
        )
        for n in range(paragraphs)
    )
    path = folder / f"report{number}.txt"
    path.write_text("\n\n".join(said), "utf-8")
    return path


@dataclass(frozen=True)
class Found:
    """What a process found that opened an index and looked at everything."""

    documents: list[str]
    passages: int
    answers: Any
    state: str
    problems: list[str]
    repaired: list[str]
    said: list[str]


class Scene:
    """An index in a folder, and the processes that come and go."""

    def __init__(self, folder: Path, chroma_url: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.place = Place(folder / "index", folder / "encoded.jsonl", chroma_url)
        self.found = folder / "found.json"

    def start(self, work: Callable[..., None], *arguments: Any) -> BaseProcess:
        """Start a process at this index."""
        process = PROCESSES.Process(target=work, args=(self.place, *arguments))
        process.start()
        return process

    def run(self, work: Callable[..., None], *arguments: Any) -> None:
        """Run a process at this index to its end."""
        finish(self.start(work, *arguments))

    def saying(self, work: Callable[..., None], *arguments: Any) -> str:
        """Run a process at this index, and return the error that its user would see, if any."""
        process = PROCESSES.Process(
            target=driver.saying, args=(work, self.found, self.place, *arguments)
        )
        process.start()
        finish(process)
        return str(json.loads(self.found.read_text("utf-8")))

    def look(self, *, repair: bool = False) -> Found:
        """Have a process open, verify and ask the index."""
        self.run(driver.look, self.found, repair)
        return self.read(self.found)

    @staticmethod
    def read(found: Path) -> Found:
        """Return what a process wrote down."""
        return Found(**json.loads(found.read_text("utf-8")))

    def chroma_alone(self) -> str:
        """Return what Chroma makes of its store as it is now, without this program's care."""
        copied = self.place.index.with_name("copied")
        shutil.copytree(self.place.index / "chroma", copied)
        self.start(driver.ask_chroma_alone, copied, self.found).join(_SECONDS)
        shutil.rmtree(copied)
        return str(json.loads(self.found.read_text("utf-8")))

    def encoded(self) -> list[str]:
        """Return all texts that were ever encoded for the index, in order."""
        if not self.place.log.exists():
            return []
        # A process that was killed may have left half a line.
        lines = self.place.log.read_text("utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def writing(self) -> bool:
        """Tell whether the catalog says that Chroma is being written."""
        return self._read("SELECT value FROM meta WHERE key = 'vectors_writing'") == ["1"]

    def quiet(self) -> None:
        """Wait until nobody writes: what is killed while its disk writes dies a little later."""
        with FileLock(self.place.index / LOCK, timeout=_SECONDS):
            pass

    def held(self) -> set[str]:
        """Return the texts of all passages that the catalog holds."""
        return set(self._read("SELECT text FROM passages"))

    def _read(self, query: str) -> list[str]:
        with closing(sqlite3.connect(self.place.index / "catalog.sqlite3")) as connection:
            return [value for (value,) in connection.execute(query)]

    def clear(self) -> None:
        """Begin anew."""
        shutil.rmtree(self.place.index)
        self.place.log.unlink()


def finish(process: BaseProcess) -> None:
    """Wait for a process that has to end well."""
    process.join(_SECONDS)
    assert process.exitcode == 0, f"a process ended with {process.exitcode}"


def kill(process: BaseProcess, how: signal.Signals) -> None:
    """End a process, or find it ended."""
    if process.is_alive():
        os.kill(process.pid or 0, how)
    process.join(_SECONDS)
    assert not process.is_alive()


def kill_all(process: BaseProcess, how: signal.Signals) -> None:
    """End a process and those that it started, all of one group, or find them ended."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid or 0, how)
    process.join(_SECONDS)
    assert not process.is_alive()


def graph(index: Path) -> dict[str, tuple[int, int, int]]:
    """Return what tells whether the files of Chroma's graph were touched."""
    stats = {}
    for path in index.glob("chroma/*/*"):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        stats[str(path)] = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
    return stats


def wait_for_change(before: object, look: Callable[[], object], process: BaseProcess) -> bool:
    """Wait, without a pause, until something looks different; False if the process ended."""
    deadline = time.monotonic() + _SECONDS
    while look() == before:
        if not process.is_alive():
            return False
        assert time.monotonic() < deadline, "nothing changed"
    return True


def texts_of(encoded: Iterable[str], documents: Collection[str]) -> set[str]:
    """Return those of the encoded texts that are of these documents, by their titles."""
    return {text for text in encoded if f"{text.split(chr(10))[0].lower()}.txt" in documents}


def twice(encoded: Iterable[str]) -> int:
    """Return how many texts were encoded more than once."""
    return sum(count > 1 for count in Counter(encoded).values())


def flip(path: Path, place: float) -> None:
    """Flip a bit of a file, at so much of its length."""
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * place))
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0x10]))


def truncate(path: Path, share: float = 0.5) -> None:
    """Cut a file to a share of its length."""
    os.truncate(path, int(path.stat().st_size * share))
