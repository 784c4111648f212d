"""A document that was removed has left no traces in the files of its index."""

from __future__ import annotations

import json
import random
import sqlite3
import string
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant import health
from assistant.index import Index
from assistant.text import terms
from tests.fakes import FakeEncoder
from tests.indexes import opened, write


def _words(seed: int, letter: str, number: int) -> str:
    """Return words that no other text has, all beginning with a letter."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    made = ("".join(draw.choices(string.ascii_lowercase, k=11)) for _ in range(number))
    sentences = [f"{letter}q{word}zx" for word in made]
    return ". ".join(" ".join(sentences[n : n + 9]) for n in range(0, number, 9)) + "."


FOUND = """
import json, sys
from pathlib import Path
traces = [bytes.fromhex(trace) for trace in json.load(sys.stdin)]
files = [path.read_bytes() for path in Path(sys.argv[1]).rglob("*") if path.is_file()]
json.dump([t.hex() for t in traces if any(t in file for file in files)], sys.stdout)
"""


def _found(traces: set[bytes], folder: Path) -> set[bytes]:
    """Return the traces that are in any file of a folder.

    Another process looks: to open and close a database's file here would take
    SQLite's locks away from the index that is open.
    """
    done = subprocess.run(
        [sys.executable, "-c", FOUND, str(folder)],
        input=json.dumps([trace.hex() for trace in traces]),
        capture_output=True,
        check=True,
        text=True,
    )
    return {bytes.fromhex(trace) for trace in json.loads(done.stdout)}


def _traces(index: Index, name: str) -> set[bytes]:
    """Return what a document leaves: words, stems, and its vectors as both stores keep them."""
    document = index.catalog.document(name)
    traces = {word.encode() for word in document.text.replace(".", " ").split()}
    traces |= {term.encode() for term in terms(document.text)}
    rows = index.catalog.read(
        "SELECT p.vector, p.sentence_vectors FROM passages p JOIN documents d ON d.id = p.document"
        " WHERE d.name = ?",
        (name,),
    )
    for vector, sentences in rows:
        traces |= {vector[:24], sentences[:24]}
    ids = [
        row[0]
        for row in index.catalog.read(
            "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document WHERE d.name = ?",
            (name,),
        )
    ]
    for vector in index.catalog.vectors(ids)[1]:
        traces.add(np.asarray(vector, np.float32).tobytes()[:24])
    return traces | {identity.encode() for identity in ids}


@pytest.mark.parametrize("way", ["remove", "prune"])
def test_no_file_of_the_index_holds_a_trace(tmp_path: Path, encoder: FakeEncoder, way: str) -> None:
    files = tmp_path / "files"
    for number in range(20):
        write(files / f"kept-{number}.txt", _words(number, "k", 300))
    for number in range(4):
        write(files / f"gone-{number}.txt", _words(100 + number, "g", 600))
    with opened(tmp_path / "index", encoder) as index:
        index.add([files])
        kept = _traces(index, "kept-7.txt")
        traces = set().union(*(_traces(index, f"gone-{number}.txt") for number in range(4)))
        assert len(traces) > 2500
        # It would be found: what is looked for is what is there.
        assert len(_found(traces, index.folder)) > 0.9 * len(traces)
        gone = sorted(files.glob("gone-*"))
        if way == "prune":
            for path in gone:
                path.unlink()
            index.add([files], prune=True)
        else:
            index.remove(gone.pop().name)
            for path in gone:
                index.remove(str(path))
        assert _found(traces, index.folder) == set()
        assert len(_found(kept, index.folder)) > 0.9 * len(kept)
        assert health.verify(index).ok
        assert len(index.catalog.documents()) == 20


def test_traces_go_later_where_another_process_reads(
    tmp_path: Path, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "gone.txt", _words(7, "g", 300))
    with opened(tmp_path / "index", encoder) as index:
        index.add([path])
        traces = _traces(index, "gone.txt")
        reader = sqlite3.connect(index.catalog.path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM passages").fetchone()
        index.remove("gone.txt")
        assert index.catalog.meta("erase") == "1"
        assert reader.execute("SELECT count(*) FROM passages").fetchone()[0] > 0
        reader.close()
    with opened(tmp_path / "index", encoder) as index:
        assert "Traces of removed documents were erased." in caplog.text
        assert _found(traces, index.folder) == set()


def test_an_uploaded_file_goes_with_its_document(tmp_path: Path, encoder: FakeEncoder) -> None:
    with opened(tmp_path / "index", encoder) as index:
        uploaded = write(index.folder / "uploads" / "mine.txt", "The heron waits by the weir.")
        index.add([uploaded])
        index.remove("mine.txt")
        assert not uploaded.exists()
        assert _found({b"heron"}, index.folder) == set()
