"""A question within its conversation → what is found for it, and whether that can answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answering import follow_ups
from assistant.refusal import Judgement
from assistant.retrieval import Found
from assistant.types import Turn


def search(
    question: str,
    history: Sequence[Turn],
    find: Callable[[str], Found],
    judge: Callable[[Found], Judgement],
) -> tuple[Found, Judgement]:
    """Search for a question made standalone, once more with the topic where that is needed."""
    asked = follow_ups.standalone(question, history)
    found = find(asked)
    judgement = judge(found)
    again = "" if judgement.answerable else follow_ups.about_the_topic(asked, history)
    if again:
        found_again = find(again)
        judged_again = judge(found_again)
        if judged_again.answerable:
            return found_again, judged_again
    return found, judgement
