"""The chat page, `assistant add`, an evaluation and Python, all at one index at the same time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant import resources
from assistant.assistant import Assistant
from eval.formats import SETS
from tests.web.server import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]
QUESTION = "Who was the sharpest critic of the Mérida Initiative in the cables?"


def started(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def output(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=200)
    assert process.returncode == 0, said
    return said


def test_four_programs_at_one_index(browser: Browser, tmp_path: Path) -> None:
    place, run = tmp_path / "default", tmp_path / "run"
    first = resources.samples_folder() / "ambassador-and-president.docx"
    with running(tmp_path, first) as address, browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(address)
        page.wait_for_selector(".welcome")
        add = started("assistant", "add", str(resources.samples_folder()), "--index", str(place))
        evaluation = started(
            *("eval", "run", "--set", str(SETS / "merida"), "--index", str(place)),
            *("--limit", "30", "--out", str(run)),
        )
        sizes, asked = [1], 0
        with Assistant.open(place, create=False) as engine:
            while add.poll() is None:
                sizes.append(len(engine.documents()))
                for hit in engine.retrieve(QUESTION, 5):
                    passage = hit.passage
                    text = engine.document(passage.document).text
                    assert text[passage.start : passage.end] == passage.text
                asked += 1
                page.get_by_label("Your question").fill(QUESTION)
                page.keyboard.press("Enter")
                page.wait_for_selector(f'.exchange:nth-child({asked})[aria-busy="false"]')
            assert "11 added" in output(add)
            assert sizes == sorted(sizes)
            assert "inside-the-cables.md" in {
                hit.passage.document for hit in engine.retrieve(QUESTION, 3)
            }
            page.get_by_label("Your question").fill(QUESTION)
            page.keyboard.press("Enter")
            page.wait_for_selector(f'.exchange:nth-child({asked + 1})[aria-busy="false"]')
            assert "Gutiérrez" in page.locator(".answer").last.inner_text()
            output(evaluation)
            assert engine.verify().problems == ()
    report = json.loads((run / "report.json").read_text("utf-8"))
    measured = {figure["measure"]["name"]: figure["value"] for figure in report["figures"]}
    assert (measured["failed"], measured["inexact_quotes"]) == (0.0, 0.0)
