"""How an answer's text compares with the accepted ones: EM, F1, containment, ROUGE-L."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

from rapidfuzz.distance import LCSseq

from assistant.text import fold, words
from assistant.types import Answer, Claim

SHORT_WORDS = 10
"""An accepted answer of at most so many words is short: a text can be asked to hold it."""
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WIDE = unicodedata.east_asian_width
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def short_answers(answers: Sequence[str]) -> tuple[str, ...]:
    """Return the accepted answers that are short enough for a text to hold."""
    return tuple(a for a in answers if a.strip() and len(words(a)) <= SHORT_WORDS)


def shortest_form(answer: Answer) -> str:
    """Return what of an answer compares with a short one: what is bold, else its first sentence."""
    short = next((claim.short for claim in answer.claims if claim.short), None)
    if short:
        return answer.text[short.start : short.end]
    bold = _BOLD.search(answer.text)
    if bold:
        return bold.group(1)
    first: Claim | None = next(iter(answer.claims), None)
    return first.text if first else answer.text


def without_marks(answer: Answer) -> str:
    """Return an answer's sentences without citation marks and what sets words in bold."""
    return " ".join(claim.text for claim in answer.claims).replace("**", "")


def exact_match(text: str, answers: Sequence[str]) -> float:
    """Return 1 where a text is one of the answers, up to case, punctuation and articles, else 0.

    As SQuAD's evaluation does (Rajpurkar et al. 2016).
    """
    return _best(lambda answer: float(_squad_words(text) == _squad_words(answer)), answers)


def f1(text: str, answers: Sequence[str]) -> float:
    """Return the F1 of the words a text shares with an answer, the best over the answers.

    As SQuAD's evaluation does (Rajpurkar et al. 2016): case, punctuation and
    articles aside, each word counted as often as it stands in both.
    """
    return _best(lambda answer: _f1(_squad_words(text), _squad_words(answer)), answers)


def contains(text: str, answers: Sequence[str]) -> float:
    """Return 1 where a text holds one of the answers as whole words, accents and case aside.

    A number has to stand there whole as well: "1,400" does not hold "400". In
    scripts without spaces a word may begin and end anywhere.
    """
    plain = _plain(text)
    wanted = [plain_answer for answer in answers if (plain_answer := _plain(answer))]
    return _best(lambda answer: float(_whole(answer).search(plain) is not None), wanted)


def rouge_l(text: str, answers: Sequence[str]) -> float:
    """Return the ROUGE-L F-measure of a text and an answer, the best over the answers.

    The longest common subsequence of words over the lengths of both (Lin 2004);
    a long text scores low on it, so it is to be read beside the text's length.
    """
    return _best(lambda answer: _rouge_l(_plain_words(text), _plain_words(answer)), answers)


def _best(score: Callable[[str], float], answers: Sequence[str]) -> float:
    return max(map(score, answers), default=0.0)


def _f1(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return float(ours == theirs)
    shared = (Counter(ours) & Counter(theirs)).total()
    return 2 * shared / (len(ours) + len(theirs))


def _rouge_l(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return 0.0
    return 2 * LCSseq.similarity(ours, theirs) / (len(ours) + len(theirs))


def _squad_words(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def _whole(answer: str) -> re.Pattern[str]:
    before = "" if _WIDE(answer[0]) in "WF" else r"(?<!\w)(?<!\d[.,])"
    after = "" if _WIDE(answer[-1]) in "WF" else r"(?!\w|[.,]\d)"
    return re.compile(before + re.escape(answer) + after)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _plain_words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))
