"""A question that leans on the conversation → one that can be searched by itself.

Who is meant by "he" or "she" is named in its place. What else a question leaves
open is put behind it in brackets: the names that the questions before were
about, and for "they" whom the last answer named. A question without a word of
its own, such as "why?", gets the question before instead, and so does one after
a question that named nothing. One that stands by itself is a change of topic,
and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.voices import act
from assistant.kinds import Kind, kind_of
from assistant.names import CALENDAR, names, spans
from assistant.quantities import years
from assistant.references import SOMEBODY
from assistant.text import FUNCTION_WORDS, content_terms, fold, stem, words
from assistant.types import Turn

_HE_OR_SHE = re.compile(r"\b(?:he|she)(?:\s+or\s+|/)(?:he|she)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:they|them|their|theirs)\b", re.IGNORECASE)
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
_BEFORE_A_NAME = 20
"""Characters before a name that are looked at."""
_PLACED = re.compile(
    r"\b(?:in|at|near|across|outside|into|through|over|on|the|an?|its|this)\s+$", re.IGNORECASE
)
_PLACED_OR_TO = re.compile(rf"{_PLACED.pattern}|\b(?:to|from|of)\s+$", re.IGNORECASE)
"""What stands before a name that is no person's; an answer goes "to" places, too."""

Exchange = tuple[str, str]
"""A question, made standalone, and the first sentence of its answer."""


def readings(question: str, history: Sequence[Turn]) -> list[str]:
    """Return the ways to read a question within its conversation, likeliest first.

    The first takes along what the question leans on: where it begins like a
    continuation, holds a reference that it does not resolve, speaks of "the"
    thing that was spoken of before, or has hardly a word of its own. The
    documents decide: what can't be answered in one reading may be in the next.
    "Where did the caravan go?" seems to stand by itself, and may be about
    the march that was talked of; "who criticized the weir?" may be asked about
    the weir alone, and not about whom the answer before named.
    """
    earlier = _exchanges(history)
    first = _leaned(question, earlier) if earlier else question
    others = []
    if earlier and not any(_names(first, "")):
        before, lead = earlier[-1]
        topic = [*_carried(before, first), *_names(lead, "")]
        others.append(_with_names(first, topic))
    if not _continues(question) and not _open(question):
        others.append(question)
    return list(dict.fromkeys([first, *filter(None, others)]))


def _exchanges(history: Sequence[Turn]) -> list[Exchange]:
    """Return the last questions of a conversation, made standalone, each with its answer's lead."""
    asked: list[Exchange] = []
    for turn in history:
        if turn.role == "user" and turn.text.strip():
            asked.append((turn.text, ""))
        elif turn.role == "assistant" and asked:
            asked[-1] = (asked[-1][0], _first_sentence(turn.text))
    found: list[Exchange] = []
    for question, lead in asked[-_FURTHEST_BACK:]:
        found.append((_leaned(question, found) if found else question, lead))
    return found


def _leaned(question: str, earlier: Sequence[Exchange]) -> str:
    """Return a question with what it takes from the conversation before it."""
    before, lead = earlier[-1]
    if not _leans(question, before, lead):
        return question
    own = [term for term in content_terms(question) if not term.isdigit()]
    if not own and (another := _of_another_year(question, before)):
        return another
    if SOMEBODY.search(question) and (person := _meant(question, earlier)):
        named = _naming(question, person)
        about = _carried(before, named) if _THING.search(question) else []
        return _with_names(named, about) or named
    carried = _carried(before, question)
    told = list(_names(lead, f"{question} {before}"))
    if _SEVERAL.search(question) and told:
        # Whom the questions were about comes first, then whom the answer named.
        return _with_names(question, [*carried[:2], *told])
    if not own or not carried:
        return f"{before} {question}"
    return _with_names(question, carried)


def _carried(before: str, question: str) -> list[str]:
    """Return the names of the question before: its own, or else what that one took along."""
    own, _, taken = before.partition("? (")
    return list(_names(own, question)) or list(_names(taken, question))


def _meant(question: str, earlier: Sequence[Exchange]) -> str:
    """Return who is meant by "he" or "she", or nothing: whoever was spoken of last.

    The name is given in full where it was before.
    """
    told = [about for exchange in reversed(earlier) for about in _about(exchange)]
    full = {words(name)[-1]: name for named, _ in told for name in named if _is_full(name)}
    people = []
    for named, alone in told:
        known = [name if _is_full(name) else full.get(words(name)[-1], "") for name in named]
        people += [*filter(None, known), *(named if alone else [])]
    others = [name for named, _ in told for name in named]
    asked = set(words(question))
    return next((one for one in [*people, *others] if asked.isdisjoint(words(one))), "")


def _named(text: str, no_person: re.Pattern[str]) -> list[str]:
    """Return what may be the name of a person in a text, by what stands before it."""
    found = []
    for start, end in spans(text):
        name, before = text[start:end], text[max(start - _BEFORE_A_NAME, 0) : start]
        if not CALENDAR.issuperset(words(name)) and not no_person.search(before):
            found.append(name)
    return found


def _is_full(name: str) -> bool:
    return " " in name and " of " not in name


def _naming(question: str, person: str) -> str:
    """Return a question with a person's name in place of the first "he", "her" or "his".

    "Her" is what she has behind a word such as "to", and herself before one or
    at the end. Where that can't be told ("made her famous", "bought her
    tower"), the name goes behind the question.
    """
    found = _HE_OR_SHE.search(question) or SOMEBODY.search(question)
    if found is None:
        return question
    word, following = found.group().casefold(), words(question[found.end() :])[:1]
    before = words(question[: found.start()])[-1:]
    has = word in {"his", "hers"} or (word == "her" and not FUNCTION_WORDS.issuperset(following))
    if word == "her" and has and not FUNCTION_WORDS.issuperset(before):
        return _with_names(question, [person])
    owns = "'s" if has else ""
    return f"{question[: found.start()]}{person}{owns}{question[found.end() :]}"


def _about(exchange: Exchange) -> tuple[tuple[list[str], bool], ...]:
    """Return whom a question, its answer's lead, and what the question took along may be about.

    Where it asks who, the lead comes first; where it asks who did something,
    without the names of the question: "Acme was founded by Jane Doe" is about
    her. With the names of each goes whether a single word may be one.
    """
    (question, _, taken), lead = exchange[0].partition("? ("), exchange[1]
    asked, along = _named(question, _PLACED), _named(taken, _PLACED)
    if kind_of(question) is not Kind.WHO:
        return (asked, True), (_named(lead, _PLACED_OR_TO), False), (along, False)
    held = set(words(question)) if act(question) else set()
    told = [name for name in _named(lead, _PLACED_OR_TO) if held.isdisjoint(words(name))]
    return (told, True), (asked, True), (along, False)


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


def _leans(question: str, before: str, lead: str) -> bool:
    if _continues(question) or _open(question):
        return True
    known = set(map(stem, words(f"{before} {lead}")))
    return any(stem(fold(match["noun"])) in known for match in _DEFINITE.finditer(question)) and (
        not any(_names(question, ""))
    )


def _continues(question: str) -> bool:
    return bool(_CONTINUES.search(question)) or len(content_terms(question)) < _FEW_WORDS


def _open(question: str) -> bool:
    """Tell whether a question refers to somebody or something that it has not named before."""
    word = SOMEBODY.search(question) or _SEVERAL.search(question) or _THING.search(question)
    return word is not None and not any(_names(question[: word.start()], ""))


def _names(text: str, known: str) -> Iterator[str]:
    """Yield the names of a text, whole, that another one does not hold."""
    held, named = set(words(known)), set(names(text))
    for start, end in spans(text):
        said = set(words(text[start:end])) & named
        if said and not said <= held and not said <= CALENDAR:
            yield text[start:end]
