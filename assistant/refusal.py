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


class Weights(NamedTuple):
    """A logistic regression over how well the best hits cover the question.

    Fitted on four public question sets (SQuAD 2.0, CLAPNQ, Natural Questions,
    COVID-QA), each counting the same; the negatives are questions whose topic
    or whose own document was taken away. AUROC .99 for absent topics, .87 to
    .98 for absent documents; it can't see an answer missing from its topic.
    """

    bias: float
    sentence_cosine: float
    sentence_coverage: float
    passage_coverage: float


WEIGHTS = Weights(-9.7, 13.1, 1.8, 3.2)


class Judgement(NamedTuple):
    """How likely the hits hold the answer (0 to 1), and the question's words that none holds.

    ``least`` is the probability from which on an answer is given.
    """

    probability: float
    unknown: tuple[str, ...]
    least: float = 0.0

    @property
    def answerable(self) -> bool:
        """Whether the answer is likely enough to be given."""
        return self.probability >= max(self.least, 1e-9)


def judge(found: Found, least: float = 0.0) -> Judgement:
    """Estimate how likely it is that the hits hold the answer; from ``least`` on it is given."""
    if not found.hits:
        return Judgement(0.0, _unknown(found, set()), least)
    parts = (1.0, *features(found))
    logit = sum(weight * part for weight, part in zip(WEIGHTS, parts, strict=True))
    text = " ".join(f"{h.passage.title} {h.passage.heading} {h.passage.text}" for h in found.hits)
    return Judgement(1 / (1 + math.exp(-logit)), _unknown(found, set(words(text))), least)


def reason(judgement: Judgement, found: Found, empty: bool) -> str:
    """Say in words why a question is refused; ``empty`` is whether the index holds nothing."""
    if empty:
        return "The index holds no documents yet. Add some, then ask again."
    if found.limited and not found.hits:
        return "No passage is within the limits of the question. Leave one out, then ask again."
    if judgement.unknown:
        listed = ", ".join(f"“{word}”" for word in judgement.unknown)
        said = f"The documents do not answer this. None of the passages found mentions {listed}."
    else:
        said = "The documents do not answer this: no passage comes near enough to the question."
    return f"{said} {_instead(judgement, found)}".strip()


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


def features(found: Found) -> tuple[float, float, float]:
    """Return the best sentence's cosine and coverage, and the best passage's coverage."""
    cosine = max(
        float((found.stored[hit.passage.id].sentence_vectors @ found.vector).max())
        for hit in found.hits
    )
    sentence = max(
        coverage(e.text, found.rarity, f"{hit.passage.title} {hit.passage.heading}")
        for hit in found.hits
        for e in hit.evidence
    )
    passage = max(
        coverage(f"{p.title} {p.heading} {p.text}", found.rarity)
        for p in (hit.passage for hit in found.hits)
    )
    return cosine, sentence, passage


def _unknown(found: Found, held: set[str]) -> tuple[str, ...]:
    stems = {stem(word) for word in held}
    return tuple(
        word
        for word in dict.fromkeys(words(found.question))
        if word not in FUNCTION_WORDS and stem(word) not in stems
    )
