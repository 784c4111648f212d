"""The folders of this computer that an index follows: listed, looked into again, and let go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from assistant.errors import AssistantError
from assistant.web.desk import Desk
from assistant.web.inert import inert
from assistant.web.language import say
from assistant.web.shelf import alone, named

CLICKS = """
element.addEventListener('click', (event) => {
  const {again, remove} = event.target.closest('button')?.dataset ?? {};
  if (again) trigger('retry', {names: [again]});
  if (remove) trigger('delete', {names: [remove]});
});
"""
"""What the buttons of the list set off."""


class Followed:
    """The events of the list. Each takes the tab's place, and returns the list."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def refresh(self, place: str) -> str:
        """Show the folders that are followed, to who sits at this computer."""
        try:
            assistant = self.desk.find(place)
        except AssistantError:
            return ""  # The page says so where the conversation would be.
        return listed(assistant.index.kept()) if alone(assistant.settings) else ""

    def forget(self, place: str, event: gr.EventData) -> str:
        """Follow folders no more; their documents stay."""
        assistant = self.desk.at(place)
        if alone(assistant.settings):
            for folder in named(event):
                assistant.index.forget(folder)
        return self.refresh(place)


def listed(folders: Sequence[Path]) -> str:
    """Return the list of folders, each to be looked into again, and to be let go."""
    if not folders:
        return ""
    rows = "".join(_row(inert(str(folder))) for folder in folders)
    return f'<ul class="followed" aria-label="{say("Followed folders")}">{rows}</ul>'


def _row(folder: str) -> str:
    return (
        f'<li><span dir="auto">{folder}</span>'
        f'<button type="button" data-again="{folder}"'
        f' aria-label="{say("Look again into {folder}", folder=folder)}">{say("Look again")}'
        f'</button><button type="button" class="remove" data-remove="{folder}"'
        f' aria-label="{say("Follow {folder} no more", folder=folder)}"'
        f' title="{say("Follow no more; its documents stay")}">×</button></li>'
    )
