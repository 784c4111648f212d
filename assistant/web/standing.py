"""A kept answer today: its citations where their quotes are now, or what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from assistant.collection import Collection
from assistant.durable import Checked, State
from assistant.render import place
from assistant.types import Answer, Citation
from assistant.web.language import say, several


class Standing(NamedTuple):
    """An answer with its citations as they stand, remarks by mark, and a summary of them."""

    answer: Answer
    remarks: Mapping[int, str]
    summary: str


def standing(collection: Collection, answer: Answer) -> Standing:
    """Return an answer whose citations point at where their quotes are now.

    What was changed or is gone keeps the quote as it was; the remark tells.
    """
    checked = collection.check_citations(answer.citations)
    remarks = {c.citation.mark: _remark(c) for c in checked if c.state is not State.VALID}
    citations = tuple(_now(collection, c) for c in checked)
    return Standing(replace(answer, citations=citations), remarks, _summary(checked))


def _now(collection: Collection, checked: Checked) -> Citation:
    if not checked.holds:
        return checked.citation
    title = checked.citation.title
    if checked.document != checked.citation.document:
        title = collection.document(checked.document).title
    return replace(
        checked.citation,
        document=checked.document,
        title=title,
        page=checked.page,
        start=checked.start,
        end=checked.end,
        quote=checked.text,
        place=checked.place,
    )


def _remark(checked: Checked) -> str:
    if checked.state is State.MOVED:
        return say(
            "Moved since the answer was given. It stood in {place}.", place=place(checked.citation)
        )
    if checked.state is State.CHANGED:
        return say("Changed since the answer was given. It says now: “{text}”", text=checked.text)
    return say("Gone since the answer was given: no document says this any more.")


def _summary(checked: list[Checked]) -> str:
    counts = Counter(c.state for c in checked if not c.holds)
    told = []
    if changed := counts[State.CHANGED]:
        told.append(several("{count} source changed", "{count} sources changed", changed))
    if gone := counts[State.GONE]:
        told.append(several("{count} source gone", "{count} sources gone", gone))
    return say("Since this was answered: {what}.", what=", ".join(told)) if told else ""
