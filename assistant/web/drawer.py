"""The drawer of conversations in the page: its parts, and what each sets off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from assistant.web.history import History
from assistant.web.language import later

CLICKS = Path(__file__).with_name("conversation.js").read_text(encoding="utf-8")
"""What the buttons below answers, and in the list, set off."""
PLACE = "(...all) => [...all.slice(0, -2), all.at(-2) || window.conversations.place(), all.at(-1)]"
"""Hands over, with whatever comes before, where the page is, and its thread."""
PLACE_LAST = "(...all) => [...all.slice(0, -1), all.at(-1) || window.conversations.place()]"
"""Hands over, with whatever comes before, where the page is."""
NEWS = "() => String(Math.random())"
"""Has the list read anew."""


class Drawer(NamedTuple):
    """The drawer's parts, and some that nobody sees.

    Those are where the page is, a file to be saved, and what changes when the
    list has to be read anew.
    """

    search: gr.Textbox
    list: gr.HTML
    place: gr.Textbox
    file: gr.Textbox
    news: gr.Textbox


def toggle() -> gr.Button:
    """Add the button that opens and closes the drawer."""
    return gr.Button(later("Conversations"), elem_id="talks-toggle")


def build() -> Drawer:
    """Add the drawer."""
    with gr.Column(elem_id="talks"):
        with gr.Row(elem_id="talks-head"):
            gr.HTML(later("<h2>Conversations</h2>"), apply_default_css=False)
            gr.Button("×", elem_id="talks-close")
        search = gr.Textbox(
            label=later("Search conversations"),
            placeholder=later("Search…"),
            show_label=False,
            container=False,
            max_lines=1,
            elem_id="talks-find",
        )
        listed = gr.HTML("", elem_id="talks-list", apply_default_css=False, js_on_load=CLICKS)
        place = gr.Textbox(visible="hidden")
        file = gr.Textbox(visible="hidden")
        news = gr.Textbox(visible="hidden")
    return Drawer(search, listed, place, file, news)


def connect(
    drawer: Drawer,
    toggle: gr.Button,
    history: History,
    at: Sequence[Any],
    answering: Sequence[Any],
    asked: list[Any],
    shared: dict[str, Any],
) -> None:
    """Set off what the drawer does; ``at`` says where the page is, ``answering`` shows a thread."""
    quick: dict[str, Any] = {"queue": False, **shared}
    here, there = list(at), list(answering)
    # One at a time, the last with what is typed by then: an older list never hides a newer.
    gr.on(
        [toggle.click, drawer.search.change, drawer.news.change],
        history.listed,
        [*here, drawer.search],
        [drawer.list],
        trigger_mode="always_last",
        **quick,
    )
    # What may fail is queued: Gradio shows no errors of other events.
    drawer.place.change(None, [drawer.place], None, js="window.conversations.remember", **shared)
    done = [
        *asked,
        drawer.list.select(history.open, here, there, cancels=asked, **shared),
        drawer.list.delete(history.delete, here, there, **shared),
        drawer.list.edit(history.rename, here, None, **shared),
    ]
    for one in done:
        one.then(None, None, [drawer.news], js=NEWS, **shared)
    drawer.list.download(history.export, here, [drawer.file], **shared).success(
        None, [drawer.file], [drawer.file], js="window.conversations.save", **shared
    )
