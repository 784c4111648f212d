"""Documents that differ in a date, a number or a name are both shown, and it is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.types import Answer
from tests.fakes import FakeEncoder


def asked(folder: Path, question: str, *texts: str) -> Answer:
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    with Assistant.open(folder / "index", encoder=FakeEncoder(dimensions=256)) as assistant:
        assistant.add(sorted(folder.glob("*.txt")))
        return assistant.ask(question)


@pytest.mark.parametrize(
    ("question", "one", "other", "values"),
    [
        (
            "When did the old mill of Elm burn down?",
            "The old mill of Elm burned down in 1904.",
            "The old mill of Elm burned down in 1907, they say.",
            ["1904", "1907"],
        ),
        (
            "How many maps does the library of Elm hold?",
            "The library of Elm does hold 40 maps.",
            "The library of Elm does hold 60 maps in all.",
            ["40 maps", "60 maps"],
        ),
        (
            "Who built the old mill of Elm?",
            "The old mill of Elm was built by Clara Stone.",
            "The old mill of Elm was built by Tom Reed.",
            ["Clara Stone", "Tom Reed"],
        ),
        (
            "Where did the old mill stand?",
            "The old mill did stand in Fern Valley.",
            "The old mill did stand in Elm.",
            ["Fern Valley", "Elm"],
        ),
    ],
)
def test_both_are_shown_and_who_says_which(
    tmp_path: Path, question: str, one: str, other: str, values: list[str]
) -> None:
    answer = asked(tmp_path, question, one, other)
    assert answer.reason.startswith("The documents differ: ")
    for value in values:
        assert f"“{value.split()[0]}" in answer.reason
    assert {citation.document for citation in answer.citations} == {"0.txt", "1.txt"}


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        # Many may criticize a thing, and a name may be given in short.
        (
            "Who criticized the old mill of Elm?",
            "The old mill of Elm was criticized by Clara Stone.",
            "The old mill of Elm was criticized by Tom Reed.",
        ),
        (
            "Who built the old mill of Elm?",
            "The old mill of Elm was built by Clara Stone.",
            "The old mill of Elm was built by Stone.",
        ),
        (
            "Who built the old mill of Elm?",
            "The old mill of Elm was built by Clara Stone.",
            "Tom Reed walked past the old mill of Elm that she had built.",
        ),
        (
            "When did the old mill of Elm burn down?",
            "The old mill of Elm burned down on 3 May 1904.",
            "The old mill of Elm burned down in 1904.",
        ),
    ],
)
def test_what_may_be_one_is_no_disagreement(
    tmp_path: Path, question: str, one: str, other: str
) -> None:
    assert asked(tmp_path, question, one, other).reason == ""
