"""A question that leans on the conversation → one that can be searched by itself.

What it leaves open is put behind it in brackets: the names that the questions
before were about, and whom the last answer named. A question without a word of
its own, such as "why?", gets the question before instead, and so does one after
a question that named nothing. One that stands by itself is a change of topic,
and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.names import CALENDAR, names, spans
from assistant.quantities import years
from assistant.text import content_terms, fold, stem, words
from assistant.types import Turn

_PERSON = re.compile(r"\b(?:he|she|they|him|them|his|her|hers|their|theirs)\b", re.IGNORECASE)
_THING = re.compile(
    r"\b(?:it|its|this|these|those|others|another|same|latter|former|too|else)\b", re.IGNORECASE
)
_CONTINUES = re.compile(
    r"^\W*(?:(?:and|but|or|so|also|what about|how about|what else)\b|(?:why|how so)\W*$)",
    re.IGNORECASE,
)
_DEFINITE = re.compile(r"\b(?:the|such)\s+(?P<noun>[a-z][\w-]+)", re.IGNORECASE)
_SENTENCE = re.compile(r".+?[.!?](?=\s|$)", re.DOTALL)
_FEW_WORDS = 2
_FURTHEST_BACK = 8
"""Questions before this one that it can lean on, one upon the other."""
_MOST_NAMES = 3


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Return the question with what it leans on; one that stands by itself as it is.

    A question leans on the conversation where it begins like a continuation,
    holds a reference that it does not resolve, speaks of "the" thing that was
    spoken of before, or has hardly a word of its own.
    """
    earlier = _exchanges(history)
    before, answer = _resolved(earlier)
    return _leaned(question, before, answer) if earlier else question


def readings(question: str, history: Sequence[Turn]) -> list[str]:
    """Return the ways to read a question within its conversation, likeliest first.

    The documents decide: what can't be answered in one reading may be in the
    next. "Where did the caravan go?" seems to stand by itself, and may be about
    the march that was talked of; "who criticized the weir?" may be asked about
    the weir alone, and not about whom the answer before named.
    """
    first = standalone(question, history)
    before, answer = _resolved(_exchanges(history))
    found = [first]
    if not any(_names(first, "")):
        topic = [*_names(before, first), *_names(_first_sentence(answer), "")]
        found.append(_with_names(first, topic))
    if not _continues(question) and not _open(question):
        found.append(question)
    return list(dict.fromkeys(filter(None, found)))


def _resolved(earlier: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the last question of the conversation, made standalone in its turn, and its answer."""
    before, answer = "", ""
    for asked, told in earlier[-_FURTHEST_BACK:]:
        before = _leaned(asked, before, answer) if before else asked
        answer = told
    return before, answer


def _exchanges(history: Sequence[Turn]) -> list[tuple[str, str]]:
    """Return the questions of a conversation, each with its answer or without one."""
    found: list[tuple[str, str]] = []
    for turn in history:
        if turn.role == "user" and turn.text.strip():
            found.append((turn.text, ""))
        elif turn.role == "assistant" and found:
            found[-1] = (found[-1][0], turn.text)
    return found


def _leaned(question: str, before: str, answer: str) -> str:
    """Return a question with what it takes from the question before it and that one's answer."""
    if not _leans(question, before, answer):
        return question
    own = [term for term in content_terms(question) if not term.isdigit()]
    if not own and (another := _of_another_year(question, before)):
        return another
    carried = list(_names(before, question))[:_MOST_NAMES]
    persons = list(_names(_first_sentence(answer), f"{question} {before}"))
    if _PERSON.search(question) and persons:
        # Whom the questions were about comes first, then whom the answer named.
        return _with_names(question, [*carried[:2], *persons])
    if not own or not carried:
        return f"{before} {question}"
    return _with_names(question, carried)


def _with_names(question: str, found: Sequence[str]) -> str:
    listed: list[str] = []
    for name in found:
        if set(words(name)).isdisjoint(words(" ".join(listed))):
            listed.append(name)
    return f"{question} ({', '.join(listed[:_MOST_NAMES])})" if listed else ""


def _of_another_year(question: str, before: str) -> str:
    """Return the question before with its year changed: what "and in 2009?" asks."""
    new, old = years(question), years(before)
    if len(new) != 1 or len({one.value for one in old}) != 1:
        return ""
    told = question[new[0].start : new[0].end]
    return re.sub(rf"\b{before[old[0].start : old[0].end]}\b", told, before)


def _first_sentence(text: str) -> str:
    match = _SENTENCE.match(text.strip())
    return match.group() if match else text


def _leans(question: str, before: str, answer: str) -> bool:
    if _continues(question) or _open(question):
        return True
    known = set(map(stem, words(f"{before} {answer}")))
    return any(stem(fold(match["noun"])) in known for match in _DEFINITE.finditer(question)) and (
        not any(_names(question, ""))
    )


def _continues(question: str) -> bool:
    return bool(_CONTINUES.search(question)) or len(content_terms(question)) < _FEW_WORDS


def _open(question: str) -> bool:
    """Tell whether a question refers to somebody or something that it has not named before."""
    word = _PERSON.search(question) or _THING.search(question)
    return word is not None and not any(_names(question[: word.start()], ""))


def _names(text: str, known: str) -> Iterator[str]:
    """Yield the names of a text, whole, that another one does not hold."""
    held, named = set(words(known)), set(names(text))
    for start, end in spans(text):
        said = set(words(text[start:end])) & named
        if said and not said <= held and not said <= CALENDAR:
            yield text[start:end]
