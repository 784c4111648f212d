"""The bar at the top: which index a tab shows, and others; they are made, renamed, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr

from assistant.folders import Listed
from assistant.web.about import about
from assistant.web.chat import Chat, clicked
from assistant.web.inert import inert
from assistant.web.keeping import Place, in_words
from assistant.web.language import later, say, several

CLICKS = Path(__file__).with_name("bar.js").read_text(encoding="utf-8")
"""What the menu of indexes sets off."""
_BY_COMMAND = later("Where people log in, indexes are renamed and deleted on the command line.")
_OPEN = "(name) => window.indexes.open(name)"
_RENAMED = "(name) => window.indexes.renamed(name)"


def build() -> gr.HTML:
    """Add the bar; what it says is known once the page has said which index it shows."""
    return gr.HTML("", elem_id="head", apply_default_css=False, js_on_load=CLICKS)


class Bar:
    """The bar's events, each of a tab's place."""

    def __init__(self, chat: Chat) -> None:
        self.chat = chat
        self.desk = chat.desk

    def connect(self, head: gr.HTML, place: gr.Textbox, shared: dict[str, Any]) -> None:
        """Have the menu make, rename and delete indexes; the page is then opened on another."""
        for deed, act, then in (
            (head.submit, self.create, _OPEN),
            (head.edit, self.rename, _RENAMED),
            (head.delete, self.delete, _OPEN),
        ):
            name = gr.Textbox(visible="hidden")
            deed(act, [place], [name], **shared).success(None, [name], None, js=then, **shared)

    def show(self, place: str) -> str:
        """Return the bar as it is now."""
        index = Place.read(place).index
        served, listed = self.desk.served, self.desk.indexes.listed()
        settings = served.settings
        return head(
            index or served.name,
            served.name,
            listed,
            about(settings),
            leave=bool(settings.users or settings.password.get_secret_value()),
            own=not settings.users,
        )

    def create(self, place: str, event: gr.EventData) -> str:
        """Make an index; returns its name."""
        with in_words():
            return self.desk.indexes.create(clicked(event, "name"))

    def rename(self, place: str, event: gr.EventData) -> str:
        """Rename the tab's index; returns its new name."""
        index = self._idle(place)
        with in_words():
            return self.desk.indexes.rename(index, clicked(event, "name"))

    def delete(self, place: str, event: gr.EventData) -> str:
        """Delete the tab's index, whose name was typed; returns that of the one to show now."""
        index = self._idle(place)
        if clicked(event, "name").strip() != index:
            raise gr.Error(
                say("What was typed is not {index}. Nothing was deleted.", index=repr(index)),
                title=say("Kept"),
            )
        with in_words():
            self.desk.indexes.delete(index)
        return ""

    def _idle(self, place: str) -> str:
        """Return the name of the tab's index, if it may be renamed and deleted, and is at rest."""
        if self.desk.served.settings.users:
            raise gr.Error(say(_BY_COMMAND), title=say("Kept"))
        index = Place.read(place).index
        folder = self.desk.indexes.folder / index
        if self.chat.busy(index):
            use = say("Somebody is being answered from it. Try again in a moment.")
        elif self.desk.works.going(folder):
            use = say("Its documents are being worked on. Wait until that is done, or cancel it.")
        elif self.desk.runner.uses(folder):
            use = say("An evaluation of it is running. Wait until that is done, or stop it.")
        else:
            return index
        raise gr.Error(use, title=say("In use"))


def head(
    index: str,
    served: str,
    listed: Sequence[Listed],
    about: str,
    *,
    leave: bool = False,
    own: bool = True,
) -> str:
    """Return the bar: the index and the others, and what answers from it.

    ``leave`` is whether one can log out, ``own`` whether indexes are renamed and deleted here.
    """
    keys = say("Keyboard shortcuts")
    out = f'<p class="leave"><a href="logout">{say("Log out")}</a></p>' if leave else ""
    return (
        f'<div class="head"><h1>Assistant</h1>{_menu(index, served, listed, own=own)}'
        f'<p class="about">{inert(about)}</p>{out}<button type="button" class="shortcuts"'
        f' aria-label="{keys}" title="{keys}">?</button></div>'
    )


def _menu(index: str, served: str, listed: Sequence[Listed], *, own: bool) -> str:
    here = next((one for one in listed if one.name == index), None)
    held = f'<span class="held"> · {_holds(here)}</span>' if here else ""
    links = "".join(_link(one, index, served) for one in listed)
    deeds, new = "", say("New index…")
    label = say("Index: {name}", name=inert(index))
    if index == served:
        started = say(
            "The page was started with this index: it can be neither renamed nor deleted here."
        )
        deeds = f'<p class="note">{started}</p>'
    elif not own:
        deeds = f'<p class="note">{say(_BY_COMMAND)}</p>'
    elif here:
        deeds = (
            f'<button type="button" data-do="rename" data-name="{inert(index)}">'
            f"{say('Rename…')}</button>"
            f'<button type="button" data-do="delete" data-name="{inert(index)}">'
            f"{say('Delete…')}</button>"
        )
    return (
        f'<details class="menu indexes"><summary aria-label="{label}">'
        f'<span class="name" dir="auto">{inert(index)}</span>{held}</summary>'
        f'<div><ul>{links}</ul><button type="button" data-do="create">{new}</button>{deeds}'
        "</div></details>"
    )


def _link(one: Listed, index: str, served: str) -> str:
    to = "./" if one.name == served else f"./?index={quote(one.name, safe='')}"
    current = ' aria-current="page"' if one.name == index else ""
    return (
        f'<li><a href="{inert(to)}"{current}><span class="name" dir="auto">{inert(one.name)}</span>'
        f'<span class="note">{_holds(one)}</span></a></li>'
    )


def _holds(one: Listed) -> str:
    return (
        say("can’t be read")
        if one.problem
        else several("{count} document", "{count} documents", one.documents)
    )
