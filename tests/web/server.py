"""The real page as a process of its own, for tests with a browser and for the screenshots.

``python -m tests.web.server FOLDER [SAMPLES] [--model] [--fake] [--mcp]`` makes
an index in FOLDER with the bundled encoder, adds SAMPLES, prints the address
and serves. With ``--model`` a slow stand-in for a language model writes
TEST_REPLY, or a reply of its own, with ``--fake`` a stand-in for the encoder
saves time, with ``--mcp`` MCP clients are answered, too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk

from tests.fakes import FakeChatModel, FakeEncoder

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
REPLY = (
    "**Gerónimo Gutiérrez** was the sharpest critic of the Mérida Initiative in the cables. [1] "
    "Gutiérrez called it ![x](http://evil.example/a.png) <img src=http://evil.example/b> a waste of"
    " 900 billion euros. [1] "
    "Penguins <script>alert(1)</script> were consulted in Antarctica. [2] "
    "The army is slow and averse to risk. [3] "
)


HOLD = "hold"
"""The file in the server's folder that has the stand-in for a language model wait."""
_ENDS: Counter[str] = Counter()
"""How often a server ended at an address, or is about to."""


class SlowChatModel(FakeChatModel):
    """Writes the same reply to every question, a few characters at a time.

    It does not begin while there is a file ``hold``, for a minute at most.
    """

    reply: str = REPLY
    hold: Path | None = None

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        for _ in range(600 if self.hold else 0):
            if self.hold and not self.hold.exists():
                break
            time.sleep(0.1)
        step = max(4, len(self.reply) // 120)
        for start in range(0, len(self.reply), step):
            time.sleep(0.03)
            piece = self.reply[start : start + step]
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))


@contextmanager
def running(
    folder: Path,
    documents: Path | None = None,
    *options: str,
    model: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Start the page as a process; yields its address, and ends the process.

    ``settings`` are passed on as ASSISTANT_* in its environment.
    """
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.web.server", str(folder)]
    command += [str(documents)] if documents else []
    command += ["--model"] if model else []
    command += options
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTANT_")}
    environment = {
        **inherited,
        "HOME": str(folder),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "GRADIO_TEMP_DIR": str(folder / "cache"),
        **{f"ASSISTANT_{name.upper()}": value for name, value in (settings or {}).items()},
    }
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            assert process.stderr
            address = process.stdout.readline().strip()
            if not address:
                raise RuntimeError(f"The page did not start: {process.stderr.read()}")
            # Somebody must read on, or the process stops when the pipe is full.
            threading.Thread(target=process.stderr.read, daemon=True).start()
            try:
                yield address
            finally:
                _ENDS[address] += 1
        finally:
            process.terminate()
            process.wait(timeout=30)


def ends(address: str) -> int:
    """Return how often a server ended at an address, or is about to."""
    return _ENDS[address]


def main(arguments: list[str]) -> None:
    from assistant.assistant import Assistant
    from assistant.settings import Settings
    from assistant.web.serve import serve

    folder, *documents = [Path(a) for a in arguments if not a.startswith("--")]
    port = int(os.environ.get("ASSISTANT_PORT", "0"))
    settings = Settings.load(port=port, max_file_mb=1.0, indexes=folder)
    reply = os.environ.get("TEST_REPLY", REPLY)
    stand_ins: dict[str, Any] = {
        "chat_model": SlowChatModel(reply=reply, hold=folder / HOLD)
        if "--model" in arguments
        else None,
        "encoder": FakeEncoder() if "--fake" in arguments else None,
    }
    with Assistant.open(folder / "default", settings=settings, **stand_ins) as assistant:
        assistant.add(documents)
        with serve(assistant, mcp="--mcp" in arguments) as address:
            sys.stdout.write(f"{address}\n")
            sys.stdout.flush()
            threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
