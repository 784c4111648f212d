"""A question is searched in one reading after another, until one can be answered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.answering.searching import search
from assistant.assistant import Assistant
from assistant.refusal import Judgement
from assistant.retrieval import Found
from assistant.types import Turn
from tests.fakes import FakeEncoder

ASKED = "Who criticized the weir?"
HISTORY = [
    Turn("user", "Who found otters at the weir of Elm County?"),
    Turn("assistant", "Clara Stone found otters. [1]"),
]


@pytest.mark.parametrize(
    ("known", "searched", "answerable"),
    [
        ({ASKED, f"{ASKED} (Elm County)"}, f"{ASKED} (Elm County)", True),
        ({ASKED}, ASKED, True),
        (set(), f"{ASKED} (Elm County)", False),
    ],
)
def test_the_first_reading_that_can_be_answered_is_taken(
    known: set[str], searched: str, answerable: bool
) -> None:
    def judge(found: Found) -> Judgement:
        return Judgement(float(found.question in known), (), 0.5)

    def find(asked: str) -> Found:
        return Found(asked, np.zeros(1, np.float32), {}, (), {}, {})

    found, judgement = search(ASKED, HISTORY, find, judge, None)
    assert (found.question, judgement.answerable) == (searched, answerable)


def test_a_reading_in_which_nothing_is_counted_is_followed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "county.md").write_text("The weir of Elm County has 23 herons.", "utf-8")
    (tmp_path / "weir.md").write_text("An old weir has lost 4 gates of oak.", "utf-8")
    asked = "How many gates has the weir lost?"
    with Assistant.open(tmp_path / "index", encoder=FakeEncoder(dimensions=256)) as assistant:
        assistant.add([tmp_path / "county.md", tmp_path / "weir.md"])

        def find(reading: str) -> Found:
            return assistant._search(reading, 1)

        def judge(found: Found) -> Judgement:
            return Judgement(1.0, ())

        found, judgement = search(asked, HISTORY, find, judge, assistant._align)
        by_a_model, _ = search(asked, HISTORY, find, judge, None)
    assert (found.question, judgement.answerable) == (asked, True)
    assert by_a_model.question == f"{asked} (Elm County)"
