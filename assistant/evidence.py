"""How strongly each sentence of a passage bears on a question, worked out for what is shown.

Chosen on the same question sets as the ranking. That something of the kind asked
for stands in a sentence pays here, but not for whole passages, most of which
hold one somewhere.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from assistant.chunking import SEPARATOR
from assistant.expected import expected
from assistant.ranking import Question, covered
from assistant.rows import StoredPassage
from assistant.types import Evidence

HEADING_SHARE = 0.5
"""What a heading counts as evidence: it says what follows is about, not what is so."""
LONG = 400
"""Characters from which on a sentence is as long as can be."""


class Weights(NamedTuple):
    """What each part counts in a sentence's strength.

    The sentence's cosine; the share of the question's terms, weighted by
    rarity, that it holds; what it holds together with the sentence before or
    after it beyond that; a thing of the kind that is asked for. Its length,
    as a share of ``LONG`` characters, is taken off: of two sentences that say
    as much, the shorter one leaves room for more.
    """

    cosine: float = 0.6
    coverage: float = 0.4
    beside: float = 0.15
    expected: float = 0.05
    length: float = -0.1


WEIGHTS = Weights()


def evidence(
    stored: StoredPassage, question: Question, weights: Weights = WEIGHTS
) -> tuple[Evidence, ...]:
    """Return the sentences of a passage with their strength (0 to 1), the strongest first."""
    passage = stored.passage
    around = set(stored.context.split())
    headings = {passage.title, *passage.heading.split(SEPARATOR)}
    said = [question.rarity.keys() & set(stems.split()) for stems in stored.terms]
    holds = expected(question.text)
    cosines = (stored.sentence_vectors @ question.vector).tolist()
    with_next = [covered(one | other, around, question.rarity) for one, other in pairwise(said)]
    beside = list(zip([0.0, *with_next], [*with_next, 0.0], strict=True))
    found = []
    for (start, end), cosine, held, near in zip(
        passage.sentences, cosines, said, beside, strict=True
    ):
        text = passage.text[start - passage.start : end - passage.start]
        own = covered(held, around, question.rarity)
        strength = (
            weights.cosine * max(cosine, 0.0)
            + weights.coverage * own
            + weights.beside * max(*near, own)
            - weights.beside * own
            + weights.expected * (holds is not None and holds(text))
            + weights.length * min(len(text) / LONG, 1.0)
        )
        if " ".join(text.split()) in headings:
            strength *= HEADING_SHARE
        found.append(Evidence(start, end, text, min(max(strength, 0.0), 1.0)))
    return tuple(sorted(found, key=lambda one: (-one.score, one.start)))
