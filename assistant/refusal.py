"""Is the answer in these passages at all? Decided before anything is written."""

from __future__ import annotations

import math
from typing import NamedTuple

from assistant.chunking import SEPARATOR
from assistant.ranking import coverage
from assistant.retrieval import Found
from assistant.text import FUNCTION_WORDS, stem, words

NEAREST = 3
"""Hits whose topics a refusal names, to be asked about instead."""
_WORTH_ASKING = 0.05
"""Probability from which on the words that are known are worth a question of their own."""

_ALL = 1 - 1e-6
"""Coverage from which on nothing is missing: rounding aside, 1."""


class Weights(NamedTuple):
    """A logistic regression over the :class:`Features` of what was found (Platt 1999).

    Fitted by ``python -m eval refusal`` on four public question sets (SQuAD 2.0,
    CLAPNQ, Natural Questions, COVID-QA), each counting the same; the negatives
    are questions about absent topics, and those whose own document was left out.
    """

    bias: float
    score: float
    complete: float


WEIGHTS = Weights(-9.6, 18.9, 1.1)


class Features(NamedTuple):
    """What tells hits that hold an answer from others.

    ``score`` is that with which the best hit was found, ``complete`` 1 if one
    sentence has all words of the question, some of them in the title or the
    headings above it, and else 0.
    """

    score: float
    complete: float


class Judgement(NamedTuple):
    """How likely the hits hold the answer (0 to 1), and the question's words that none holds.

    ``least`` is the probability from which on an answer is given; ``unsaid``
    is in words what is asked for and no sentence says, such as "how many".
    """

    probability: float
    unknown: tuple[str, ...]
    least: float = 0.0
    unsaid: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the answer is likely enough to be given."""
        return self.probability >= max(self.least, 1e-9) and not self.unsaid


def judge(found: Found, least: float = 0.0) -> Judgement:
    """Estimate how likely it is that the hits hold the answer; from ``least`` on it is given."""
    if not found.hits:
        return Judgement(0.0, _unknown(found, set()), least)
    text = " ".join(f"{h.passage.title} {h.passage.heading} {h.passage.text}" for h in found.hits)
    return Judgement(probability(features(found)), _unknown(found, set(words(text))), least)


def reason(judgement: Judgement, found: Found, empty: bool) -> str:
    """Say in words why a question is refused; ``empty`` is whether the index holds nothing."""
    if empty:
        return "The index holds no documents yet. Add some, then ask again."
    if found.limited and not found.hits:
        none = "No passage is within the limits of the question. Leave one out, then ask again."
        return f"{none} {_searched(found)}".strip()
    if judgement.unsaid:
        said = f"The documents do not answer this: no passage found says {judgement.unsaid}."
        return f"{said} {_searched(found)}".strip()
    if judgement.unknown:
        listed = ", ".join(f"“{word}”" for word in judgement.unknown)
        said = f"The documents do not answer this. None of the passages found mentions {listed}."
    else:
        said = "The documents do not answer this: no passage comes near enough to the question."
    return " ".join(filter(None, [said, _searched(found), _instead(judgement, found)]))


def _searched(found: Found) -> str:
    """Say which documents alone were searched, where some were chosen."""
    if not found.within:
        return ""
    if len(found.within) > NEAREST:
        return f"Only the {len(found.within)} documents that were chosen were searched."
    names = " and ".join(f"“{name}”" for name in found.within)
    return f"Only {names} {'was' if len(found.within) == 1 else 'were'} searched."


def _instead(judgement: Judgement, found: Found) -> str:
    """Propose a question: the words that are known, or what the nearest passages are about."""
    known = [
        word
        for word in dict.fromkeys(words(found.question))
        if word not in FUNCTION_WORDS and word not in judgement.unknown
    ]
    if judgement.unknown and len(known) > 1 and judgement.probability > _WORTH_ASKING:
        return f"They do mention {', '.join(f'“{word}”' for word in known)}: ask about that alone."
    topics = dict.fromkeys(
        hit.passage.heading.split(SEPARATOR)[-1] or hit.passage.title
        for hit in found.hits[:NEAREST]
    )
    listed = "; ".join(f"“{topic}”" for topic in topics if topic)
    return f"The nearest they have is about: {listed}." if listed else ""


def features(found: Found) -> Features:
    """Return the features of what was found, which has at least one hit."""
    complete = any(
        coverage(sentence.text, found.rarity, f"{hit.passage.title} {hit.passage.heading}") >= _ALL
        for hit in found.hits
        for sentence in hit.evidence
    )
    return Features(max(found.scores[hit.passage.id] for hit in found.hits), float(complete))


def probability(features: Features) -> float:
    """Return how likely hits of such features hold the answer (0 to 1)."""
    logit = WEIGHTS.bias + sum(w * x for w, x in zip(WEIGHTS[1:], features, strict=True))
    return 1 / (1 + math.exp(-logit))


def _unknown(found: Found, held: set[str]) -> tuple[str, ...]:
    stems = {stem(word) for word in held}
    return tuple(
        word
        for word in dict.fromkeys(words(found.question))
        if word not in FUNCTION_WORDS and stem(word) not in stems
    )
