"""The folders of this computer that an index follows: listed, looked into again, and let go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from assistant.errors import AssistantError
from assistant.web.desk import Desk
from assistant.web.inert import inert
from assistant.web.keeping import in_words
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
            return listed(assistant.index.kept()) if alone(assistant.settings) else ""
        except AssistantError:
            return ""  # The page says so where the conversation would be.

    def forget(self, place: str, event: gr.EventData) -> str:
        """Follow the folders no more that are named as the list has them; their documents stay."""
        assistant, names = self.desk.at(place), named(event)
        with in_words():
            for folder in assistant.index.kept() if alone(assistant.settings) else ():
                if inert(str(folder)) in names:
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
