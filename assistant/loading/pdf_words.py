"""Lines of running text → paragraphs: cut words made whole, blocks set apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = "[\x02\ufffe]\n?"
"""What PDFium puts in the place of a hyphen at the end of a line."""
_SPLIT = re.compile(rf"([^\W\d_]+)(?:{_MARK}|[-\u2010]\n|\u00ad\n?)(?=([^\W\d_]+))")
_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"[^\W\d_]+(?=-([^\W\d_]+))")
_LEFT_OVER = re.compile(_MARK)
_BLANK = re.compile(r"\n\n+")
_ENDS = (".", "!", "?", ":", ".”", '."', ".)", "…")
_SHORT = 0.75


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words and the hyphenated pairs that stand whole in a document, in lower case."""

    words: frozenset[str] = frozenset()
    compounds: frozenset[str] = frozenset()

    @classmethod
    def of(cls, texts: Sequence[str]) -> Vocabulary:
        """Gather them; the halves of words cut at a line's end don't count."""
        words: set[str] = set()
        compounds: set[str] = set()
        for text in texts:
            whole = _SPLIT.sub(" ", text).lower()
            words.update(_WORD.findall(whole))
            compounds.update(f"{m[0]}-{m[1]}" for m in _COMPOUND.finditer(whole))
        return cls(frozenset(words), frozenset(compounds))

    def joined(self, split: re.Match[str]) -> str:
        """Return the first half of a cut word, with its hyphen where that belongs to the word."""
        left, right = split[1], split[2]
        mark = split[0][len(left) :]
        if mark[0] == "\u00ad":
            return left
        if not right[0].islower():
            # A name or the like: the hyphen stays, and so does a line break that may be one.
            return left + (mark if mark[0] in "-\u2010" else "-")
        low, high = left.lower(), _WORD.match(right.lower())
        second = high[0] if high else right
        if f"{low}-{second}" in self.compounds:
            return f"{left}-"
        if low + second in self.words:
            return left
        both = low in self.words and second in self.words
        return f"{left}-" if both else left


_NO_WORDS = Vocabulary()


def usual_length(lines: Sequence[str]) -> int:
    """Return the length of a page's long lines: nine of ten are no longer."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def tidy(text: str, words: Vocabulary = _NO_WORDS, usual: int | None = None) -> str:
    """Return a text with words cut at a line's end made whole, and blocks set apart.

    A line that is clearly shorter than the ``usual`` one of its page ends a
    block where a sentence ends with it, or where the next line begins like a
    new one: so paragraphs and the items of lists come apart.
    """
    text = _LEFT_OVER.sub("-", _SPLIT.sub(words.joined, text))
    lines = [line.strip() for line in text.split("\n")]
    full = _SHORT * (usual_length(lines) if usual is None else usual)
    parts = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        ends = len(line) < full and (line.endswith(_ENDS) or not following[:1].islower())
        parts.append(line + ("\n\n" if ends else "\n"))
    return _BLANK.sub("\n\n", "".join(parts)).strip()
