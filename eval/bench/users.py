"""Many people asking the chat page at once: errors, how long they wait, memory of the server.

``python -m eval.bench.users`` serves the sample documents on loopback, in a
process of its own, and asks as the page does in a browser: each user opens the
page, then joins its queue and reads its events. Run by hand; the machine is
busy with it for a minute.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import httpx
import numpy as np
import typer

from assistant import resources
from eval.bench.commands import python
from eval.errors import RunError
from eval.formats import load_set
from eval.peers.isolation import environment
from eval.provenance import commit, machine

_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one user: seconds until its turn came and to the end, or what went wrong."""

    waited: float
    whole: float
    problem: str = ""


class Event(NamedTuple):
    """The page's own event behind the button Ask.

    Besides the question it takes what the server keeps of a session, and what
    the browser remembers: ``remembered`` says of each which of the two.
    """

    number: int
    remembered: tuple[bool, ...]


def main(
    users: Annotated[int, typer.Option(min=1, max=64, help="How many ask at the same time.")] = 50,
    asks: Annotated[int, typer.Option(min=1, help="Questions that each of them asks.")] = 3,
) -> None:
    """Ask the chat page as many users at once, and show what came of it."""
    questions = [question.text for question in load_set("merida").questions]
    with tempfile.TemporaryDirectory(prefix="users-") as place, _page(Path(place)) as served:
        address, process = served
        asyncio.run(_all(address, 1, 2, questions))  # what is loaded only once
        before = _memory(process.pid)
        begun = time.perf_counter()
        asked = asyncio.run(_all(address, users, asks, questions))
        seconds = time.perf_counter() - begun
        after, peak = _memory(process.pid), _memory(process.pid, "VmHWM")
    problems = [one.problem for one in asked if one.problem]
    lines = [
        f"{users} users, {asks} questions each, at commit {commit()} on {machine()}",
        f"errors      {len(problems)} of {len(asked)} {'; '.join(sorted(set(problems)))}",
        f"answered    {_spread([one.whole for one in asked])}",
        f"waited      {_spread([one.waited for one in asked])} of that, until their turn came",
        f"throughput  {len(asked) / seconds:.1f} answers a second",
        f"memory      {before:.0f} MB before, {after:.0f} MB after, {peak:.0f} MB at most",
    ]
    sys.stdout.write("\n".join(line.rstrip() for line in lines) + "\n")
    if problems:
        raise typer.Exit(1)


@contextmanager
def _page(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve the samples; yields the address and the process."""
    python(["-m", "assistant", "add", str(resources.samples_folder()), "-i", "./index"], folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "chat", "-i", "./index", "--port", "0"],
        env=environment(os.environ, folder),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        said = process.stdout.readline() if process.stdout else ""
        address = re.search(r"http://\S+/", said)
        if not address:
            raise RunError(f"The page did not start: it said {said!r}.")
        yield address[0], process
    finally:
        process.terminate()
        process.wait(timeout=30)


async def _all(address: str, users: int, asks: int, questions: list[str]) -> list[Asked]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=_PATIENCE, limits=limits) as client:
        event = _event((await client.get("config")).raise_for_status().json())
        everyone = [
            _user(client, event, secrets.token_urlsafe(24), asks, questions[number:])
            for number in range(users)
        ]
        return [asked for one in await asyncio.gather(*everyone) for asked in one]


def _event(config: dict[str, Any]) -> Event:
    parts = {part["id"]: part for part in config["components"]}
    box = next(key for key, part in parts.items() if part["props"].get("elem_id") == "question")
    for event in config["dependencies"]:
        if [box, "submit"] in [list(target) for target in event["targets"]]:
            besides = [parts[key]["type"] for key in event["inputs"] if key != box]
            return Event(event["id"], tuple(kind == "textbox" for kind in besides))
    raise RunError("The page has no event behind its question; this benchmark is out of date.")


async def _user(
    client: httpx.AsyncClient, event: Event, session: str, asks: int, questions: list[str]
) -> list[Asked]:
    """Open the page, then ask one question after another in the same conversation."""
    (await client.get("")).raise_for_status()
    asked = []
    for number in range(asks):
        try:
            question = questions[number % len(questions)]
            asked.append(await _ask(client, event, session, question, number + 1))
        except (httpx.HTTPError, KeyError, ValueError) as error:
            asked.append(Asked(0.0, 0.0, f"{type(error).__name__}: {error}"))
    return asked


async def _ask(
    client: httpx.AsyncClient, event: Event, session: str, question: str, number: int
) -> Asked:
    begun = time.perf_counter()
    besides = [session if remembered else None for remembered in event.remembered]
    body = {"data": [question, *besides], "fn_index": event.number, "session_hash": session}
    (await client.post("gradio_api/queue/join", json=body)).raise_for_status()
    waited = 0.0
    where = f"gradio_api/queue/data?session_hash={session}"
    async with client.stream("GET", where) as stream:
        async for line in stream.aiter_lines():
            message = json.loads(line.removeprefix("data: ")) if line else {"msg": ""}
            if message["msg"] == "process_starts":
                waited = time.perf_counter() - begun
            if message["msg"] == "process_completed":
                return Asked(waited, time.perf_counter() - begun, _problem(message, number))
    raise ValueError("the events ended before the answer did")


def _problem(message: dict[str, Any], number: int) -> str:
    """Return what is wrong with the page that is shown after a user's n-th question."""
    if not message["success"]:
        return f"failed: {message['output'].get('error')}"
    values = [value for value in message["output"]["data"] if isinstance(value, str)]
    said = next((value for value in values if 'class="exchange"' in value), "")
    if said.count('aria-busy="false"') != number or 'class="problem"' in said:
        return "not all questions are answered"
    shown = said.rpartition('class="exchange"')[2]
    answered = 'class="answer"' in shown or 'class="refusal"' in shown
    return "" if answered else "no answer is shown"


def _spread(seconds: list[float]) -> str:
    p50, p95 = np.percentile(seconds, [50, 95])
    return f"p50 {p50:.2f} s, p95 {p95:.2f} s, longest {max(seconds):.2f} s"


def _memory(pid: int, what: str = "VmRSS") -> float:
    """Return megabytes that a process uses, as Linux counts them; elsewhere 0."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    found = re.search(rf"^{what}:\s+(\d+) kB", status.read_text(), re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    typer.run(main)
