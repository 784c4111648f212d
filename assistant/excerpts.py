"""Hits → excerpts: the sentences that answer best come first, then what stands near them.

A reader with room for little, such as a language model with a budget, gets the
evidence of several passages before the rest of any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from assistant.chunking import place_of
from assistant.errors import SettingsError
from assistant.types import Excerpt, Hit

VIEWS = ("passages", "evidence")
"""How what was found can be looked at."""
LEADING = 4
"""Sentences that come before everything else."""
_HIT_SHARE = 0.5
"""What the score of its passage counts beside a sentence's own strength."""
_AWAY = 0.08
"""What a sentence loses against a strong one for each sentence that it stands away from it."""


class _Sentence(NamedTuple):
    """A sentence by the number of its hit and its own, with the text from the one before on.

    ``near`` is the score of the strongest sentence of the hit, less ``_AWAY``
    for each sentence that it is away.
    """

    hit: int
    number: int
    text: str
    score: float
    near: float


def check_view(view: str, characters: int | None, tokens: int | None) -> None:
    """Raise :class:`SettingsError` where a view is unknown, or a budget does not go with it."""
    budgets = [budget for budget in (characters, tokens) if budget is not None]
    if view not in VIEWS:
        raise SettingsError(f"There is no view {view!r}. Choose one of: {', '.join(VIEWS)}.")
    if budgets and view != "evidence":
        raise SettingsError(f"A budget of {budgets[0]} needs the view 'evidence'. Name it, too.")
    if len(budgets) > 1:
        raise SettingsError("Give a budget of characters or one of tokens, not both.")
    if any(budget < 1 for budget in budgets):
        raise SettingsError(f"A budget of {budgets[0]} holds nothing. Give at least 1.")


def excerpts(hits: Sequence[Hit], budget: int, length: Callable[[str], int]) -> list[Excerpt]:
    """Return whole sentences of these hits within a budget, evidence first.

    ``length`` says what a text costs of the budget: its characters or tokens.
    The ``LEADING`` strongest sentences come first, then those that stand near
    strong ones, each sentence once and as far as it fits; sentences that follow
    each other are one excerpt, and stand where the strongest of them would.
    """
    sentences = [
        sentence for number, hit in enumerate(hits) for sentence in _sentences(number, hit)
    ]
    strongest = sorted(sentences, key=lambda one: -one.score)[:LEADING]
    others = sorted(sentences, key=lambda one: -one.near)
    chosen = list(_fitting(dict.fromkeys([*strongest, *others]), budget, length))
    rank = {one: place for place, one in enumerate(chosen)}
    runs = sorted(_runs(sorted(chosen)), key=lambda run: min(rank[one] for one in run))
    return [_excerpt(hits, run) for run in runs]


def _sentences(number: int, hit: Hit) -> Iterator[_Sentence]:
    strength = {(sentence.start, sentence.end): sentence.score for sentence in hit.evidence}
    passage = hit.passage
    scores = [
        strength.get((start, end), 0.0) + _HIT_SHARE * hit.score for start, end in passage.sentences
    ]
    before = passage.start
    for index, (_, end) in enumerate(passage.sentences):
        text = passage.text[before - passage.start : end - passage.start]
        near = max(score - _AWAY * abs(other - index) for other, score in enumerate(scores))
        yield _Sentence(number, index, text, scores[index], near)
        before = end


def _fitting(
    sentences: Iterable[_Sentence], budget: int, length: Callable[[str], int]
) -> Iterator[_Sentence]:
    for sentence in sentences:
        cost = length(sentence.text)
        if cost <= budget:
            budget -= cost
            yield sentence


def _runs(sentences: Iterable[_Sentence]) -> Iterator[list[_Sentence]]:
    """Group sentences that follow each other in a passage."""
    run: list[_Sentence] = []
    for one in sentences:
        if run and (one.hit, one.number) != (run[-1].hit, run[-1].number + 1):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _excerpt(hits: Sequence[Hit], run: Sequence[_Sentence]) -> Excerpt:
    passage = hits[run[0].hit].passage
    start = passage.sentences[run[0].number].start
    end = passage.sentences[run[-1].number].end
    return Excerpt(
        document=passage.document,
        title=passage.title,
        page=passage.page,
        heading=passage.heading,
        start=start,
        end=end,
        text=passage.text[start - passage.start : end - passage.start],
        score=max(one.score for one in run) / (1 + _HIT_SHARE),
        place=place_of(passage, start, end),
    )
