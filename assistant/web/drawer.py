"""The drawer of conversations in the page: its parts, and what each sets off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from assistant.web.history import History

CLICKS = Path(__file__).with_name("conversation.js").read_text(encoding="utf-8")
"""What the buttons below answers, and in the list, set off."""
PLACE = "(_, thread) => [window.conversations.place(), thread]"
"""Hands over what the browser and its tab remember, when the page is opened."""


class Drawer(NamedTuple):
    """The drawer's parts, and two that nobody sees: where the page is, and a file to be saved."""

    search: gr.Textbox
    list: gr.HTML
    place: gr.Textbox
    file: gr.JSON


def toggle() -> gr.Button:
    """Add the button that opens and closes the drawer."""
    return gr.Button("Conversations", elem_id="talks-toggle")


def build() -> Drawer:
    """Add the drawer."""
    with gr.Column(elem_id="talks"):
        with gr.Row(elem_id="talks-head"):
            gr.HTML("<h2>Conversations</h2>", apply_default_css=False)
            gr.Button("×", elem_id="talks-close")
        search = gr.Textbox(
            label="Search conversations",
            placeholder="Search…",
            show_label=False,
            container=False,
            max_lines=1,
            elem_id="talks-find",
        )
        listed = gr.HTML("", elem_id="talks-list", apply_default_css=False, js_on_load=CLICKS)
        place = gr.Textbox(visible="hidden")
        file = gr.JSON(visible="hidden")
    return Drawer(search, listed, place, file)


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
    listing: dict[str, Any] = {
        "fn": history.listed, "inputs": [*here, drawer.search], "outputs": [drawer.list], **quick
    }  # fmt: skip
    toggle.click(**listing)
    drawer.search.input(**listing, trigger_mode="always_last")
    drawer.place.change(None, [drawer.place], None, js="window.conversations.remember", **shared)
    for one in asked:
        one.then(**listing)
    drawer.list.select(history.open, here, there, cancels=asked, **quick).then(**listing)
    drawer.list.delete(history.delete, here, there, **quick).then(**listing)
    drawer.list.edit(history.rename, here, None, **quick).then(**listing)
    drawer.list.download(history.export, here, [drawer.file], **quick).success(
        None, [drawer.file], None, js="window.conversations.save", **shared
    )
