"""Which sentences say something on their own, and which documents are least like the others."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from assistant.text import FUNCTION_WORDS, content_terms, fold, sentence_spans
from assistant.types import Document, Span

SHORTEST, LONGEST = 8, 40
"""Words in a sentence that a question is made of."""
_FEWEST_HOLDABLE = 5
_LEANING = frozenset(
    """
    he she it they this that these those such his her their its here there then thus hence however
    but and so also moreover furthermore yet both neither other others another i we you my our
    today yesterday tomorrow now later meanwhile nor or because which who what if as after before
    """.split()
)
_ODD = re.compile(r"https?:|www\.|[|•@#{}<>\[\]=_]|\.\.|…|\d\.\d+\.\d|\t")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")


def tellings(document: Document) -> Iterator[tuple[Span, str]]:
    """Yield the sentences that can be understood alone: their span, and their text on one line."""
    headings = {(heading.start, heading.start + len(heading.text)) for heading in document.headings}
    for span in sentence_spans(document.text):
        raw = document.text[span.start : span.end]
        if tuple(span) not in headings and "\n\n" not in raw:
            text = " ".join(raw.split())
            if _tells(text):
                yield span, text


def names_in(texts: Iterable[str]) -> Callable[[str], bool]:
    """Return what tells whether a capitalised word is a name: it is never written small here."""
    small = set(_LEANING | FUNCTION_WORDS)
    for text in texts:
        small.update(fold(word) for word in _WORD.findall(text) if word[0].islower())

    def is_name(word: str) -> bool:
        plain = fold(word)
        return word[:1].isupper() and len(word) > 1 and plain not in small

    return is_name


def held_out(documents: Mapping[str, Sequence[str]], wanted: int) -> list[str]:
    """Choose documents to leave out, given each one's sentences: at most a fifth of them.

    Those with enough sentences whose words are rarest in the others come
    first; fewer than five documents lose none.
    """
    if len(documents) < _FEWEST_HOLDABLE or not wanted:
        return []
    words = {name: set(content_terms(" ".join(texts))) for name, texts in documents.items()}
    holding = Counter(word for held in words.values() for word in held)

    def strangeness(name: str) -> float:
        rarities = [math.log(len(documents) / holding[word]) for word in words[name]]
        return sum(rarities) / len(rarities)

    enough = [name for name, texts in documents.items() if len(texts) >= _FEWEST_HOLDABLE]
    most = max(1, len(documents) // 10)
    return sorted(enough, key=strangeness, reverse=True)[:most]


def _tells(text: str) -> bool:
    words = text.split()
    if not SHORTEST <= len(words) <= LONGEST or text[-1] != "." or _ODD.search(text):
        return False
    if not (text[0].isupper() or text[0].isdigit()) or text.isupper():
        return False
    if {fold(word.strip(",")) for word in words[:4]} & _LEANING:
        return False
    if text.count('"') % 2 or text.count("(") != text.count(")"):
        return False
    if text.count("“") != text.count("”"):
        return False
    small = sum(word[0].islower() for word in words)
    return small >= len(words) / 2
