"""A sentence → a question that its removed part answers, by rules that keep the grammar safe.

A few sentences turn into questions of their own ("Gutiérrez criticized the
plan." → "Who or what criticized the plan?"); the others keep their words and
lose a date, a number or a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from assistant.text import FUNCTION_WORDS, fold

GAP = "____"
KINDS = ("who", "when", "how-many", "cloze")
"""The kinds of questions, the most natural first."""

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_YEAR = r"(?:1[5-9]|20)\d\d"
_DATE = re.compile(
    rf"(?<![\w/–-])(?:(?:\d{{1,2}} )?{_MONTH} (?:\d{{1,2}}, )?{_YEAR}|{_YEAR})\b(?![-–/.,]\w)"
)
_WORDS_FOR_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_NUMBER_WORD = "|".join(_WORDS_FOR_NUMBERS.split())
_NUMBER = re.compile(
    rf"(?<![\w.,$€£-])(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?|{_NUMBER_WORD})"
    r"(?: (?:million|billion))?(?= [a-z]{3,})"
)
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?: (?:(?:of|de|del|la|von|van) )?[A-Z][\w’'-]+){0,4}")
_PAST = re.compile(
    r"(?:[a-z]{2,}ed|was|were|had|became|began|brought|built|came|drew|fell|felt|found|gave|grew|"
    r"held|kept|knew|led|left|lost|made|met|paid|put|ran|said|saw|sent|set|spent|spoke|stood|"
    r"taught|thought|told|took|went|won|wrote)\b"
)
_BE = re.compile(r" (was|were) ")
_DATE_FIRST = re.compile(rf"(?:In|On) ({_DATE.pattern}),? (.+)")
_DATE_LAST = re.compile(rf"(.+?) (?:in|on) ({_DATE.pattern})\.")
_PLURAL = re.compile(
    rf"((?:\d{{1,3}}(?:,\d{{3}})+|\d+|{_NUMBER_WORD})) ((?:[a-z-]+ )?[a-z]+s) (.+)\.", re.I
)
_LONGEST_SUBJECT = 8


class Made(NamedTuple):
    """A question made from a sentence, its kind, and the part of the sentence that answers it."""

    kind: str
    question: str
    answer: str
    natural: bool


def questions_of(sentence: str, is_name: Callable[[str], bool]) -> Iterator[Made]:
    """Yield the questions that a sentence allows, the most natural first.

    The sentence stands on one line and ends in a full stop; ``is_name`` tells
    whether a capitalised word is one also inside a sentence. Every answer is
    part of the sentence, and none is part of its question.
    """
    made = (_who(sentence, is_name), _when(sentence, is_name), _how_many(sentence))
    gaps = (_without_date(sentence), _without_number(sentence), _without_name(sentence, is_name))
    for one in (*made, *gaps):
        if one and fold(one.answer) not in fold(one.question):
            yield one


def _who(sentence: str, is_name: Callable[[str], bool]) -> Made | None:
    name = _NAME.match(sentence)
    if not name or not all(is_name(word) for word in name[0].split() if word[0].isupper()):
        return None
    rest = sentence[name.end() + 1 :]
    if sentence[name.end()] != " " or not _PAST.match(rest):
        return None
    return Made("who", f"Who or what {rest.removesuffix('.')}?", name[0], natural=True)


def _when(sentence: str, is_name: Callable[[str], bool]) -> Made | None:
    first, last = _DATE_FIRST.fullmatch(sentence), _DATE_LAST.fullmatch(sentence)
    if first:
        date, clause = first[1], first[2].removesuffix(".")
    elif last:
        clause, date = last[1], last[2]
    else:
        return None
    be = _BE.search(clause)
    if not be:
        return None
    subject, rest = clause[: be.start()], clause[be.end() :]
    words = subject.split()
    if len(words) > _LONGEST_SUBJECT or re.search(r"[,;:()]", subject) or " that " in subject:
        return None
    if not is_name(words[0]):
        subject = subject[0].lower() + subject[1:]
    return Made("when", f"When {be[1]} {subject} {rest}?", date, natural=True)


def _how_many(sentence: str) -> Made | None:
    found = _PLURAL.fullmatch(sentence)
    if not found or not _PAST.match(found[3]) or ", and " in found[3]:
        return None
    if fold(found[2].split()[0]) in FUNCTION_WORDS:
        return None
    return Made("how-many", f"How many {found[2]} {found[3]}?", found[1], natural=True)


def _without_date(sentence: str) -> Made | None:
    dates = list(_DATE.finditer(sentence))
    if len(dates) != 1:
        return None
    return _gap("when", "Which date or year is missing?", sentence, dates[0])


def _without_number(sentence: str) -> Made | None:
    plain = _DATE.sub(lambda match: "#" * len(match[0]), sentence)
    numbers = list(_NUMBER.finditer(plain))
    if len(numbers) != 1:
        return None
    return _gap("how-many", "Which number is missing?", sentence, numbers[0])


def _without_name(sentence: str, is_name: Callable[[str], bool]) -> Made | None:
    names = [
        match
        for match in _NAME.finditer(sentence)
        if match.start() > 0
        and all(is_name(word) for word in match[0].split() if word[0].isupper())
    ]
    if not names:
        return None
    longest = max(names, key=lambda match: len(match[0]))
    return _gap("cloze", "What is missing?", sentence, longest)


def _gap(kind: str, ask: str, sentence: str, part: re.Match[str]) -> Made:
    gapped = sentence[: part.start()] + GAP + sentence[part.end() :]
    return Made(kind, f"{ask} “{gapped}”", sentence[part.start() : part.end()], natural=False)
