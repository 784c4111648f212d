"""The page: a chat at the left, at the right the sources it stands on and the documents."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.indexes import Indexes
from assistant.tools import LONGEST_QUESTION
from assistant.web import (
    bar,
    documents_tab,
    drawer,
    endpoints,
    labels,
    reader,
    settings_tab,
    sources,
)
from assistant.web.chat import Chat
from assistant.web.conversation import Thread
from assistant.web.desk import Desk
from assistant.web.evaluate import tab as evaluate
from assistant.web.history import History
from assistant.web.language import later
from assistant.web.preferences import Preferences
from assistant.web.queues import ASK

_ABANDONED = (3600, 86400)
"""Uploads that were never added are looked for every hour, and deleted when a day old."""


def build(indexes: Indexes) -> gr.Blocks:
    """Return the page for opened indexes; every browser session has its own conversations."""
    page: gr.Blocks
    with gr.Blocks(
        title="Assistant", fill_width=True, analytics_enabled=False, delete_cache=_ABANDONED
    ) as page:
        desk = Desk(indexes)
        endpoints.build(desk)  # first, or the page's own events get the names
        chat = Chat(desk)
        thread: gr.State = gr.State(Thread())
        with gr.Row(elem_id="bar"):
            toggle = drawer.toggle()
            head = bar.build()
        with gr.Row(elem_id="columns"):
            talks = drawer.build()
            with gr.Column(elem_id="chat"):
                talk = gr.HTML(
                    "",
                    elem_id="transcript",
                    apply_default_css=False,
                    js_on_load=drawer.CLICKS,
                )
                within = documents_tab.line()
                question, ask, halt, new = _composer()
            with gr.Column(elem_id="panel"), gr.Tabs(elem_id="tabs") as tabs:
                with gr.Tab(later("Sources"), id="sources", elem_id="sources-tab"):
                    beside = gr.HTML(
                        sources.panel([]),
                        elem_id="sources",
                        apply_default_css=False,
                        js_on_load=reader.READS,
                    )
                with gr.Tab(later("Reader"), id=reader.TAB, elem_id="reader-tab"):
                    opened = reader.build()
                with gr.Tab(later("Documents"), id="documents", elem_id="documents-tab"):
                    documents = documents_tab.build(indexes.served.settings)
                measuring = evaluate.build()
                settings = settings_tab.build(indexes.served.settings)
        at, chosen = [talks.place, thread], [documents.chosen]
        answering = [thread, talks.place, talk, beside, question, ask, halt]
        shared: dict[str, Any] = {
            "api_visibility": "private",
            "show_progress": "hidden",
        }
        asking = {"js": drawer.PLACE, **ASK, **shared}
        asked = [
            gr.on(
                [question.submit, ask.click],
                chat.ask,
                [question, *chosen, *at],
                answering,
                **asking,
            ),
            talk.click(chat.ask_example, [*chosen, *at], answering, **asking),
            talk.retry(chat.ask_again, [*chosen, *at], answering, **asking),
        ]
        halt.click(chat.stop, at, answering, cancels=asked, queue=False, **shared)
        began = new.click(chat.new, at, answering, cancels=asked, queue=False, **shared)
        began.then(None, None, [talks.news], js=drawer.NEWS, **shared)
        talk.like(chat.judge, at, [thread, talk], **shared)
        talk.edit(chat.expect, at, [thread, talk], **shared)
        drawer.connect(talks, toggle, History(chat), at, answering, asked, shared)
        reader.Readers(desk).connect(at, [beside, documents.table], opened, tabs)
        evaluate.connect(measuring, desk, at, question, shared)
        top = bar.Bar(chat)
        top.connect(head, talks.place, shared)
        page.load(top.show, [talks.place], [head], js=drawer.PLACE_LAST, queue=False, **shared)
        loaded = page.load(chat.reopen, at, answering, js=drawer.PLACE, queue=False, **shared)
        for changed in documents_tab.connect(documents, desk, at, within, loaded, shared):
            changed.then(chat.welcome, at, [talk], queue=False, **shared)
            changed.then(top.show, [talks.place], [head], queue=False, **shared)
        saved = settings_tab.SettingsTab(Preferences(indexes)).connect(settings, page)
        saved.then(top.show, [talks.place], [head], queue=False, **shared)
        labels.connect(page, saved)
    return page


def _composer() -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button]:
    """Add where a question is typed; returns it with what asks, stops, and begins anew."""
    with gr.Row(elem_id="composer"):
        question = gr.Textbox(
            label=later("Your question"),
            placeholder=later("Ask your documents…"),
            show_label=False,
            container=False,
            lines=1,
            max_lines=6,
            max_length=LONGEST_QUESTION,
            autofocus=True,
            elem_id="question",
        )
        ask = gr.Button(later("Ask"), variant="primary", elem_id="ask")
        halt = gr.Button(later("Stop"), variant="stop", visible=False, elem_id="stop")
        new = gr.Button(later("New conversation"), elem_id="new")
    return question, ask, halt, new
