"""Whether a sentence says by itself whom it speaks of."""

from __future__ import annotations

import pytest

from assistant.references import first_in_reach, leaves_open
from assistant.text import sentence_spans
from assistant.types import Passage


@pytest.mark.parametrize(
    ("sentence", "open_"),
    [
        ("He built the mill.", True),
        ("This mill burned.", True),
        ("There Ada Brown built a mill.", True),
        ("All of this set the stage for Elm County.", True),
        ("The mill of Elm uses this kind of wheel.", True),
        ("When the mill burned, this was told in Elm.", False),
        ("There were too few smiths in Elm County.", False),
        ("There remain two bridges in Elm County.", False),
        ("There are 12 of them.", True),
        ("Sales rose by 5 percent this year.", False),
        ("The mayor said in May that he would come.", True),
        ("The smith met Ada before she left.", False),
        ("Ada Brown said that she would come.", False),
        ("Óscar Arias wrote that he would come.", False),
        ("Once the painter Émile had left, his mill burned.", False),
    ],
)
def test_what_leaves_open_whom_it_speaks_of(sentence: str, open_: bool) -> None:
    assert leaves_open(sentence) is open_


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Ada fought the Mill Wars until dawn. The wars ended with the Pact of Elm.", 0),
        ("Ada fought the Mill Wars until dawn. The last wars ended with the Pact of Elm.", 0),
        ("Ada fought the Mill Wars until dawn. The bell of Elm rang.", 1),
        ("Ada fought the Mill Wars until dawn. Wars ended with the Pact of Elm.", 1),
    ],
)
def test_what_is_spoken_of_again_was_told_before(text: str, first: int) -> None:
    spans = tuple(sentence_spans(text))
    passage = Passage("1", "a.txt", "", text, 0, len(text), None, "", spans)
    assert first_in_reach(passage, 1) == first
