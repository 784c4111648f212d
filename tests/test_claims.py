"""Written text → claims: sentences, items and cells, and nothing lost between them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.claims import statements
from tests.strategies import nasty_text

ESSAY = """# The library

Ada bought maps. [3] Nobody
minded (it was 1931).

- a bell
  of bronze
- two clocks

| Year | Maps | Visitors |
| --- | ---: | ---: |
| 1931 | 40 | about 300 |
| 1932 |  | 280 [2] |

> Quoted words count, too.
"""


def test_sentences_items_and_cells_are_claims() -> None:
    found = statements(ESSAY)
    assert [ESSAY[start:end] for (start, end), _ in found] == [
        "Ada bought maps. [3]",
        "Nobody\nminded (it was 1931).",
        "a bell\n  of bronze",
        "two clocks",
        "40",
        "about 300",
        "280 [2]",
        "Quoted words count, too.",
    ]
    assert found[0].checked == "Ada bought maps."
    assert [one.checked for one in found[4:7]] == [
        "1931, Maps: 40",
        "1931, Visitors: about 300",
        "1932, Visitors: 280",
    ]


@pytest.mark.parametrize("nothing", ["", "\n \n", "# Only a heading", "---", "***", "The of and"])
def test_what_says_nothing_is_no_claim(nothing: str) -> None:
    assert statements(nothing) == []


@given(
    st.lists(
        st.one_of(nasty_text, st.sampled_from(["| a | b |\n", "|---|\n", "- x\n", "# h\n", "\n"])),
        max_size=12,
    ).map("".join)
)
def test_claims_stand_in_order_and_apart(text: str) -> None:
    at = 0
    for (start, end), said in statements(text):
        assert at <= start < end <= len(text)
        assert not text[start].isspace()
        assert said.strip()
        at = end
