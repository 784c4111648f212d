"""The tab of the documents: what it is made of, and what each of its parts sets off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from assistant.loading import COMMON, SUFFIXES
from assistant.settings import Settings
from assistant.web import drawer
from assistant.web.desk import Desk
from assistant.web.followed import CLICKS, Followed
from assistant.web.language import later, number, say
from assistant.web.library import Order
from assistant.web.listing import Listing
from assistant.web.queues import WATCH
from assistant.web.shelf import Shelf, alone

_HERE = Path(__file__).parent
_DROPS = (_HERE / "dropping.js").read_text(encoding="utf-8")
_TICKS = (_HERE / "documents.js").read_text(encoding="utf-8")
_PLAIN: dict[str, Any] = {"apply_default_css": False, "padding": False}
_MANY = """
element.addEventListener('click', (event) => {
  const what = event.target.closest('[data-many]')?.dataset.many;
  if (what) document.dispatchEvent(new CustomEvent('chosen', {detail: what}));
});
"""
"""Hands what is to be done with the documents chosen on to their table."""


class Documents(NamedTuple):
    """The tab's parts; ``typed`` is what was added last of what was typed into its fields."""

    drop: gr.HTML
    title: gr.Textbox
    text: gr.Textbox
    add_text: gr.Button
    addresses: gr.Textbox
    add_pages: gr.Button
    folder: gr.Textbox
    follow: gr.Button
    followed: gr.HTML
    news: gr.HTML
    cancel: gr.Button
    search: gr.Row
    wanted: gr.Textbox
    order: gr.Dropdown
    actions: gr.HTML
    table: gr.HTML
    chosen: gr.State
    typed: gr.State


def line() -> gr.HTML:
    """Add the line that says within which documents a question will be asked."""
    return gr.HTML("", elem_id="within", js_on_load=_MANY, **_PLAIN)


def build(settings: Settings) -> Documents:
    """Add the tab's parts."""
    with gr.Tabs(elem_id="ways"):
        with gr.Tab(later("Files")):
            drop = gr.HTML(drop_zone(settings), elem_id="drop", js_on_load=_DROPS, **_PLAIN)
        with gr.Tab(later("Text")):
            title = gr.Textbox("", label=later("Title"), max_lines=1, elem_id="paste-title")
            text = gr.Textbox("", label=later("Text"), lines=4, max_lines=12, elem_id="paste-text")
            add_text = gr.Button(later("Add text"), elem_id="add-text")
        with gr.Tab(later("Web")):
            addresses = gr.Textbox(
                "",
                label=later("Address"),
                info=later(
                    "Several go on lines of their own. Only these pages are read, no links."
                ),
                placeholder="https://…",
                lines=1,
                max_lines=6,
                elem_id="addresses",
            )
            add_pages = gr.Button(later("Add page"), elem_id="add-pages")
        with gr.Tab(later("This computer"), visible=alone(settings)):
            folder = gr.Textbox(
                "",
                label=later("Path of the folder"),
                info=later(
                    "Its files stay where they are. The index holds what the folder held when it"
                    " was last looked into."
                ),
                placeholder=str(Path.home() / "reports"),
                max_lines=1,
                elem_id="folder",
            )
            follow = gr.Button(later("Follow the folder"), elem_id="follow")
            followed = gr.HTML("", elem_id="followed", js_on_load=CLICKS, **_PLAIN)
    news = gr.HTML("", elem_id="news", **_PLAIN)
    cancel = gr.Button(later("Cancel"), visible=False, elem_id="cancel")
    with gr.Row(elem_id="find-documents", visible=False) as search:
        wanted = gr.Textbox(
            "",
            label=later("Find documents"),
            placeholder=later("Find by name or title…"),
            show_label=False,
            container=False,
            max_lines=1,
            scale=2,
            elem_id="wanted",
        )
        order = gr.Dropdown(
            [str(order) for order in Order],
            value=str(Order.NAME),
            label=later("Order of the documents"),
            show_label=False,
            container=False,
            filterable=False,
            elem_id="order",
        )
    actions = gr.HTML("", elem_id="chosen", js_on_load=_MANY, **_PLAIN)
    table = gr.HTML("", elem_id="documents", js_on_load=_TICKS, **_PLAIN)
    return Documents(
        drop, title, text, add_text, addresses, add_pages, folder, follow, followed, news, cancel,
        search, wanted, order, actions, table, gr.State(()), gr.State(()),
    )  # fmt: skip


def connect(
    parts: Documents,
    desk: Desk,
    at: Sequence[Any],
    within: gr.HTML,
    opened: Any,
    shared: dict[str, Any],
) -> list[Any]:
    """Set off what the tab does; ``at`` says where the page is, ``within`` what is chosen.

    ``opened`` is the event that the page was. Returns the events after which
    there may be other documents.
    """
    shelf, listing, followed = Shelf(desk), Listing(desk), Followed(desk)
    place = at[0]
    quick: dict[str, Any] = {"queue": False, **shared}
    looks = [parts.wanted, parts.order, parts.chosen]
    shows = [parts.chosen, parts.table, parts.actions, within, parts.search]
    watching: dict[str, Any] = {"js": drawer.PLACE_LAST, **WATCH, **shared}
    news = [parts.news, parts.cancel, parts.typed]
    texts, pages, folder = [parts.title, parts.text], [parts.addresses], [parts.folder]
    text_added = parts.add_text.click(shelf.add_text, [*texts, place], news, **watching)
    pages_added = parts.add_pages.click(shelf.add_pages, [*pages, place], news, **watching)
    text_added.then(_emptied, [parts.typed, *texts], texts, **quick)
    pages_added.then(_emptied, [parts.typed, *pages], pages, **quick)
    synced = (
        gr.on(
            [parts.follow.click, parts.folder.submit],
            shelf.follow,
            [*folder, place],
            news,
            **watching,
        ),
        parts.followed.retry(shelf.follow_again, [place], news, **watching),
    )
    for event in synced:
        event.then(followed.refresh, [place], [parts.followed], **quick)
    begun = (
        text_added,
        pages_added,
        *synced,
        parts.drop.upload(shelf.add, [place], news, **watching),
        parts.table.delete(shelf.remove, [place], news, **watching),
        parts.table.retry(shelf.reread, [place], news, **watching),
    )
    opened.then(lambda: drop_zone(desk.served.settings), None, [parts.drop], **quick)
    watched = opened.then(shelf.watch, [place], news, **watching)
    parts.followed.delete(followed.forget, [place], [parts.followed], **watching)
    parts.cancel.click(shelf.cancel, [place], None, js=drawer.PLACE_LAST, **quick)
    gr.on(
        [parts.wanted.change, parts.order.change],
        listing.look,
        [*looks, place],
        [parts.table],
        trigger_mode="always_last",
        **quick,
    )
    parts.table.select(
        listing.choose,
        [place],
        [parts.chosen, parts.actions, within],
        trigger_mode="always_last",
        **quick,
    )
    # Also when the page is opened: only then it is told its place.
    place.change(listing.follow, [*looks, *at], shows, **quick)
    place.change(followed.refresh, [place], [parts.followed], **quick)
    changed = [one.then(listing.refresh, [*looks, place], shows, **quick) for one in begun]
    shown = [parts.news, *looks, place]
    return [*changed, watched.then(listing.refresh_after, shown, shows, **quick)]


def _emptied(added: tuple[str, ...], *typed: str) -> Any:
    """Empty the fields whose text was added, unless something else was typed meanwhile."""
    values = ["" if typed == tuple(added) else gr.skip()] * len(typed)
    return values if len(values) > 1 else values[0]


def drop_zone(settings: Settings) -> str:
    """Return where files are dropped or chosen."""
    kinds = " ".join(sorted(SUFFIXES))
    most = say(
        "{kinds}, source code and other plain text, and .zip of those; up to {megabytes} MB a file,"
        " {files} files at once",
        kinds=COMMON,
        megabytes=number(settings.max_file_mb),
        files=number(settings.max_uploads),
    )
    return (
        f'<div class="drop" data-kinds="{kinds}" data-most="{settings.max_uploads}"'
        f' data-together="{settings.max_upload_mb:g}"'
        f' data-megabytes="{settings.max_file_mb:g}"><p>{say("Drop files or folders here, or")}</p>'
        f'<p class="ways"><button type="button" data-choose="files">{say("Choose files")}</button>'
        f'<button type="button" data-choose="folder">{say("Choose a folder")}</button></p>'
        f'<input type="file" class="files" multiple hidden accept="{",".join(sorted(SUFFIXES))}"'
        f' aria-label="{say("Files")}">'
        f'<input type="file" class="folder" webkitdirectory hidden aria-label="{say("Folder")}">'
        '<p class="sending" role="status" hidden><span></span>'
        f'<button type="button" data-choose="none">{say("Cancel")}</button></p>'
        f'<p class="note">{most}</p></div>'
    )
