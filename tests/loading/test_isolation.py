"""A file that crashes, hangs or swells takes nothing along: it is named, and the next is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import CorruptDocument, LoadError
from assistant.loading import Limits, isolation
from assistant.loading.isolation import Worker
from tests.loading import files
from tests.loading.pdfs import pdf_bytes

TASK = {"task": "read", "suffix": ".pdf"}
GOOD = pdf_bytes(["It rained."])
# Lines that markdown's parser needs seconds for.
SLOW = b"[" * 60_000 + b"](" * 60_000


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


def pid(worker: Worker) -> int:
    assert worker._process is not None
    return worker._process.pid


def test_a_process_is_used_again(worker: Worker) -> None:
    assert b"It rained." in worker.ask(TASK, GOOD, Limits())
    first = pid(worker)
    with pytest.raises(LoadError, match="no PDF"):
        worker.ask(TASK, b"no pdf", Limits())
    assert b"It rained." in worker.ask(TASK, GOOD, Limits())
    assert pid(worker) == first


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_is_one_files_fault(worker: Worker, number: signal.Signals) -> None:
    worker.ask(TASK, GOOD, Limits())
    timer = threading.Timer(0.5, os.kill, (pid(worker), number))
    timer.start()
    with pytest.raises(CorruptDocument, match=f"crashed \\({number.name}\\)"):
        worker.ask({"task": "read", "suffix": ".md"}, SLOW, Limits())
    assert b"It rained." in worker.ask(TASK, GOOD, Limits())


def test_a_hang_is_cut_short(worker: Worker) -> None:
    start = time.perf_counter()
    with pytest.raises(CorruptDocument, match=r"more than 0\.8 seconds"):
        worker.ask({"task": "read", "suffix": ".md"}, SLOW, Limits(seconds=0.8))
    assert time.perf_counter() - start < 10
    assert b"It rained." in worker.ask(TASK, GOOD, Limits())


@pytest.mark.skipif(sys.platform != "linux", reason="only there is memory surely limited")
def test_memory_is_bounded(worker: Worker) -> None:
    rows = b"<row><c><v>" + b"1" * 200 + b"</v></c></row>"
    name = "xl/worksheets/sheet1.xml"
    book = files.xlsx_bytes({"A": [["x"]]})
    xml = files.member(book, name).replace(b"</sheetData>", rows * 400_000 + b"</sheetData>")
    big = files.with_members(book, {name: xml})
    limits = Limits(memory_bytes=300_000_000, expansion=1000)
    with pytest.raises(LoadError, match=r"more than 300 MB of memory|crashed"):
        worker.ask({"task": "read", "suffix": ".xlsx"}, big, limits)
    assert b"It rained." in worker.ask(TASK, GOOD, limits)


def test_it_ends_with_the_program_that_started_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(GOOD)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from assistant.loading import isolation, load\n"
        f"load(Path({str(tmp_path / 'a.pdf')!r}))\n"
        "print(isolation._WORKER._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    for _ in range(100):
        if not _runs(int(done.stdout)):
            break
        time.sleep(0.05)
    assert not _runs(int(done.stdout))


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    # A process that has ended stays listed until someone asks for its end.
    state = Path(f"/proc/{number}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_nothing_heavy_is_loaded_to_read_a_file() -> None:
    script = (
        "import sys; import assistant.loading.worker\n"
        "heavy = {'torch', 'chromadb', 'numpy', 'langchain_core', 'openpyxl', 'pptx', 'docx'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_module_shares_one_process() -> None:
    assert isolation.read(".pdf", GOOD, Limits()).text == "It rained."
    isolation.close()
    assert isolation.read(".pdf", GOOD, Limits()).text == "It rained."
