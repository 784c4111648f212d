"""Nasty text for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

_PIECES = [
    "a", "Word", "The cat sat. ", "Dr. No ", "1.4 billion ", "U.S. ", "p. 5 ", ". ", "! ", "? ",
    " ",
    "\n", "\n\n", "\n \n", "\t", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\xa0", "\u2028", "\u3000",
    "\u200b", "\ufeff", "é", "e\u0301", "İ", "ß", "ﬁ", "中文。", "क्षि ", "אבג ", "؟ ", "\u202e",
    "😀", "👨‍👩‍👧 ", "\U0010ffff", "“", "”", "- ", "1. ", "(a) ", "[1] ", "…", "x" * 300, "…",
]  # fmt: skip

nasty_text = st.lists(
    st.one_of(
        st.sampled_from(_PIECES), st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    ),
    max_size=60,
).map("".join)
