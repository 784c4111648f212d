"""The documents as a tab lists them: searched, in order, and which were chosen to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.holdings import DocumentInfo
from assistant.web import library
from assistant.web.conversation import Thread
from assistant.web.desk import Desk
from assistant.web.inert import inert
from assistant.web.language import number, say, several
from assistant.web.library import Order
from assistant.web.progress import problem
from assistant.web.shelf import named

Chosen = tuple[str, ...]
SHOWN = 5
"""Values that show the table, and all that goes with it."""
FEW = 8
"""Documents that need no search among them."""


class Listing:
    """The events of the table. Each takes what is looked for and in which order.

    Then comes what is chosen, then the tab's place. ``refresh`` and ``follow``
    return values for: what is chosen, the table, what can be done with what is
    chosen, the line above the question, the search among documents.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def refresh(self, wanted: str, order: str, chosen: Chosen, place: str) -> tuple[Any, ...]:
        """Show what the index holds now; what it holds no more is not chosen any more."""
        try:
            documents = self.desk.find(place).documents()
        except AssistantError as error:
            return (), problem(str(error)), "", "", gr.Row(visible=False)
        held = {document.name for document in documents}
        return _shown(documents, wanted, order, tuple(n for n in chosen if n in held))

    def refresh_after(self, news: str, *shown: Any) -> tuple[Any, ...]:
        """Show it anew if there is news of what was done to the documents."""
        return self.refresh(*shown) if news else (gr.skip(),) * SHOWN

    def follow(
        self, wanted: str, order: str, chosen: Chosen, place: str, thread: Thread
    ) -> tuple[Any, ...]:
        """Choose what the last answer of the conversation that is shown was asked within."""
        last = thread.said[-1] if thread.said else None
        if last is None:
            chosen = ()
        elif last.answer is not None:
            chosen = last.answer.within
        return self.refresh(wanted, order, chosen, place)

    def look(self, wanted: str, order: str, chosen: Chosen, place: str) -> str:
        """Return the table for what is looked for."""
        return _table(self.desk.at(place).documents(), wanted, order, chosen)

    def choose(self, place: str, event: gr.EventData) -> tuple[Any, ...]:
        """Choose the documents that are ticked; the table shows it already."""
        documents = self.desk.at(place).documents()
        ticked = set(named(event))
        chosen = tuple(document.name for document in documents if document.name in ticked)
        return chosen, actions(chosen, len(documents)), line(chosen, len(documents))


def actions(chosen: Sequence[str], held: int) -> str:
    """Return what can be done with the documents that are chosen."""
    if not chosen:
        return ""
    so_many = several(
        "{some} of {count} document chosen",
        "{some} of {count} documents chosen",
        held,
        some=number(len(chosen)),
    )
    return (
        f'<div class="chosen"><p>{so_many}</p>'
        f'<button type="button" data-many="clear">{say("Choose none")}</button>'
        f'<button type="button" data-many="again">{say("Read again")}</button>'
        f'<button type="button" data-many="remove">{say("Remove")}</button></div>'
    )


def line(chosen: Sequence[str], held: int) -> str:
    """Return the line that says within which documents a question will be asked."""
    if not chosen:
        return ""
    everywhere = say("Ask within all documents")
    which = (
        say("Asking within {name} only", name=inert(chosen[0]))
        if len(chosen) == 1
        else several(
            "Asking within {some} of {count} document",
            "Asking within {some} of {count} documents",
            held,
            some=number(len(chosen)),
        )
    )
    return (
        f'<p class="asking" role="status" title="{inert(", ".join(chosen[:30]))}">'
        f'<span dir="auto">{which}</span>'
        f'<button type="button" data-many="clear" aria-label="{everywhere}"'
        f' title="{everywhere}">×</button></p>'
    )


def _shown(
    documents: Sequence[DocumentInfo],
    wanted: str,
    order: str,
    chosen: Chosen,
) -> tuple[Any, ...]:
    count = len(documents)
    return (
        chosen,
        _table(documents, wanted, order, chosen),
        actions(chosen, count),
        line(chosen, count),
        gr.Row(visible=count > FEW or bool(wanted)),
    )


def _table(
    documents: Sequence[DocumentInfo], wanted: str, order: str, chosen: Sequence[str]
) -> str:
    found = library.listed(documents, wanted, Order(order), set(chosen))
    if documents and not found:
        return library.nothing_found()
    return library.table(found, set(chosen))
