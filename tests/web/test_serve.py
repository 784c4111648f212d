"""Serving: the samples once, a taken port in words, the address announced."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from assistant import resources
from assistant.assistant import Assistant
from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.web import add_samples
from assistant.web.serve import serve
from tests.fakes import FakeEncoder


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "one.txt").write_text("It rained on Monday. The river rose by a metre.")
    (folder / "two.txt").write_text("Nobody was hurt. The bridge was closed for a week.")
    monkeypatch.setattr(resources, "samples_folder", lambda: folder)
    return folder


def names(assistant: Assistant) -> list[str]:
    return [document.name for document in assistant.documents()]


def test_samples_are_added_to_a_new_index_once(samples: Path, encoder: FakeEncoder) -> None:
    with Assistant.open(encoder=encoder) as assistant:
        assert add_samples(assistant)
        assert names(assistant) == ["one.txt", "two.txt"]
        assert not add_samples(assistant)


def test_an_emptied_index_stays_empty(samples: Path, encoder: FakeEncoder) -> None:
    with Assistant.open(encoder=encoder) as assistant:
        add_samples(assistant)
        for name in names(assistant):
            assistant.remove(name)
    with Assistant.open(encoder=encoder) as assistant:
        assert not add_samples(assistant)
        assert names(assistant) == []


def test_interrupted_samples_are_finished_at_the_next_start(
    samples: Path, encoder: FakeEncoder
) -> None:
    def interrupt(step: object) -> None:
        if names(assistant):
            raise KeyboardInterrupt

    with Assistant.open(encoder=encoder) as assistant:
        with pytest.raises(KeyboardInterrupt):
            add_samples(assistant, on_progress=interrupt)
        assert names(assistant) == ["one.txt"]
    with Assistant.open(encoder=encoder) as assistant:
        assert add_samples(assistant)
        assert names(assistant) == ["one.txt", "two.txt"]
        assert not add_samples(assistant)


def test_a_taken_port_is_named(encoder: FakeEncoder) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings.load(port=port)
        with (
            Assistant.open(settings=settings, encoder=encoder) as assistant,
            pytest.raises(SettingsError, match=f"port {port}.*0 picks a free one"),
            serve(assistant),
        ):
            pass


@pytest.mark.model
def test_the_program_starts_answers_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "ASSISTANT_INDEXES": str(tmp_path / "indexes"),
        "ASSISTANT_PORT": "0",
    }
    app = Path(__file__).parents[2] / "app.py"
    with subprocess.Popen(
        [sys.executable, str(app)], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr
            lines = iter(process.stderr.readline, "")
            address = next(line.strip() for line in lines if line.startswith("http"))
            response = httpx.get(address)
            assert response.status_code == 200
            assert "gradio_config" in response.text
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 0
            assert "Traceback" not in process.stderr.read()
        finally:
            process.kill()
