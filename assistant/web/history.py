"""The drawer of conversations: listed, searched, opened, renamed, deleted, exported."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import gradio as gr

from assistant import exporting
from assistant.exchanges import Listed
from assistant.web.chat import SHOWN, Chat, clicked, one_at_a_time
from assistant.web.conversation import Thread
from assistant.web.inert import inert
from assistant.web.keeping import in_words, opened, owned
from assistant.web.language import day, say, several

MOST = 200
"""Conversations listed; searching finds older ones."""


class History:
    """The drawer's events. Each takes the thread's place, and the thread as the server has it."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat

    def listed(self, place: str, thread: Thread, wanted: str, request: gr.Request) -> str:
        """Return the list of conversations that hold the words that are wanted."""
        thread = owned(place, request, thread)
        with in_words():
            found = self.chat.kept(thread).listed(thread.owner, wanted or "", MOST)
        return rows(found, thread.id, searched=bool((wanted or "").strip()))

    def open(
        self, place: str, thread: Thread, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Show the conversation that was chosen, as it was kept."""
        thread = self.chat.stopped(self.chat.thread(place, thread, request))
        with in_words():
            assistant = self.chat.desk.at(place)
            return self.chat.shown(opened(assistant, thread, clicked(event, "id")))

    def rename(self, place: str, thread: Thread, request: gr.Request, event: gr.EventData) -> None:
        """Give a conversation the title that was typed."""
        thread = owned(place, request, thread)
        with in_words():
            self.chat.kept(thread).rename(
                thread.owner, clicked(event, "id"), clicked(event, "title")
            )

    def delete(
        self, place: str, thread: Thread, request: gr.Request, event: gr.EventData
    ) -> Sequence[Any]:
        """Delete a conversation; where it is the one that is shown, a new one begins."""
        thread, chosen = self.chat.thread(place, thread, request), clicked(event, "id")
        shown = chosen == thread.id
        if shown:
            one_at_a_time(thread.said)
        with in_words():
            self.chat.kept(thread).delete(thread.owner, chosen)
        if not shown:
            return [gr.skip()] * SHOWN
        return self.chat.shown(thread.new)

    def export(self, place: str, thread: Thread, request: gr.Request, event: gr.EventData) -> str:
        """Return a conversation as a file: JSON of its name, and its bytes as base64."""
        thread = owned(place, request, thread)
        with in_words():
            conversation = self.chat.kept(thread).get(thread.owner, clicked(event, "id"))
            file = exporting.export(conversation, clicked(event, "format"))
        name = f"{exporting.file_name(conversation)}.{clicked(event, 'format')}"
        return json.dumps({"name": name, "data": base64.b64encode(file).decode()})


def rows(found: Sequence[Listed], current: str, *, searched: bool = False) -> str:
    """Return the list of conversations, the one that is shown marked."""
    if not found:
        none, yet = say("No conversation holds these words."), say("No conversations yet.")
        said = none if searched else yet
        return f'<p class="note">{said}</p>'
    more = (
        f'<p class="note">{say("The newest {count}; search to find older ones.", count=MOST)}</p>'
        if len(found) == MOST
        else ""
    )
    return f'<ul class="talks">{"".join(_row(one, current) for one in found)}</ul>{more}'


def _row(one: Listed, current: str) -> str:
    here = ' aria-current="true"' if one.id == current else ""
    title = inert(one.title) or say("Untitled")
    questions = several("{count} question", "{count} questions", one.questions)
    more = say("More for {title}", title=title)
    known = f'data-id="{inert(one.id)}" data-text="{title}"'
    exports = "".join(
        f'<button type="button" data-do="export" {known} data-format="{kind}">'
        f"{say('Save as {kind}', kind=name)}</button>"
        for kind, name in exporting.FORMATS.items()
    )
    return (
        f'<li><button type="button" class="talk" data-do="open" {known}{here}>'
        f'<span class="title" dir="auto">{title}</span>'
        f'<span class="note">{_day(one.changed)} · {questions}</span></button>'
        f'<details class="menu"><summary aria-label="{more}">⋯</summary><div>'
        f'<button type="button" data-do="rename" {known}>{say("Rename")}</button>{exports}'
        f'<button type="button" data-do="delete" {known}>{say("Delete")}</button>'
        "</div></details></li>"
    )


def _day(moment: str) -> str:
    then = datetime.fromisoformat(moment).astimezone()
    return day(then, datetime.now(UTC).astimezone())
