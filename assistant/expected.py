"""Whether a sentence holds the kind of thing that a question asks for."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.kinds import Kind, kind_of
from assistant.text import fold, words

Holds = Callable[[str], bool]
"""Tells whether a sentence holds a thing of the kind that is asked for."""

_FORMS = {
    Kind.WHEN: re.compile(
        r"\b(?:1\d{3}|20\d\d)\b|\b(?:January|February|March|April|May|June|July|August|September"
        r"|October|November|December)\b"
    ),
    Kind.HOW_MANY: re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|dozen"
        r"|hundred|thousand|million|billion|percent)\b",
        re.IGNORECASE,
    ),
    Kind.WHY: re.compile(
        r"\b(?:because|since|due|reason|so that|in order|result|cause[ds]?|owing)\b"
    ),
}
_NAME_INSIDE = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+")


def expected(question: str) -> Holds | None:
    """Return how to tell a sentence with a date, an amount, a reason or a name, as is asked for.

    A name of the question's own is none. Returns None where the question's
    words don't say what kind of thing it asks for.
    """
    kind = kind_of(question)
    if kind in {Kind.WHO, Kind.WHERE}:
        own = set(words(question))
        return lambda sentence: any(
            fold(name) not in own for name in _NAME_INSIDE.findall(sentence)
        )
    form = _FORMS.get(kind)
    return None if form is None else lambda sentence: form.search(sentence) is not None
