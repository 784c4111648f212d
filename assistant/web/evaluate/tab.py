"""The tab: its parts, and what each sets off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import gradio as gr

from assistant.web import drawer
from assistant.web.desk import Desk
from assistant.web.evaluate.events import HERE, OWN, Evaluation
from assistant.web.language import later

_CLICKS = """
element.addEventListener('click', (event) => {
  const {run, ask, save, remove, text} = event.target.closest('button')?.dataset ?? {};
  if (run || ask) trigger('click', {run, ask});
  if (save) trigger('download', {save});
  if (remove && window.confirm(text)) trigger('delete', {remove});
});
"""
_TO_REPORT = "() => document.querySelector('#evaluate-report h3')?.focus()"
_TO_QUESTION = "() => document.querySelector('#question textarea').focus()"
_SAVE = "window.conversations.save"
_SECONDS = 1.0
_ONE: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "compare"}


class Parts(NamedTuple):
    """The tab's parts; ``shown`` is the run that is open."""

    tab: gr.Tab
    lack: gr.HTML
    controls: gr.Column
    set: gr.Dropdown
    path: gr.Textbox
    upload: gr.UploadButton
    of: gr.Radio
    most: gr.Number
    run: gr.Button
    stop: gr.Button
    status: gr.HTML
    runs: gr.HTML
    report: gr.HTML
    other: gr.Dropdown
    comparison: gr.HTML
    shown: gr.State
    file: gr.Textbox
    timer: gr.Timer


def build() -> Parts:
    """Add the tab."""
    with gr.Tab(later("Evaluate"), id="evaluate", elem_id="evaluate-tab") as tab:
        lack = gr.HTML("", elem_id="evaluate-lack", apply_default_css=False)
        with gr.Column(elem_id="evaluate") as controls:
            gr.HTML(
                later(
                    "<h2>How good are the answers?</h2><p>A question set is asked, and every"
                    " answer compared with what is right.</p>"
                ),
                elem_id="evaluate-head",
                apply_default_css=False,
            )
            chosen = gr.Dropdown([], label=later("Question set"), elem_id="evaluate-set")
            path = gr.Textbox(
                label=later("Path of a question set"),
                visible=False,
                max_lines=1,
                elem_id="evaluate-path",
            )
            of = gr.Radio(
                [
                    (later("this index, as it is"), HERE),
                    (later("the set’s own documents"), OWN),
                ],
                value=HERE,
                label=later("Ask"),
                elem_id="evaluate-of",
            )
            most = gr.Number(
                0,
                label=later("Questions at most (0 asks all)"),
                precision=0,
                minimum=0,
                elem_id="evaluate-most",
            )
            with gr.Row(elem_id="evaluate-buttons"):
                run = gr.Button(later("Run"), variant="primary", elem_id="evaluate-run")
                stop = gr.Button(
                    later("Stop"), variant="stop", visible=False, elem_id="evaluate-stop"
                )
                upload = gr.UploadButton(
                    later("Upload a question set"),
                    file_types=[".jsonl", ".csv", ".tsv", ".json"],
                    elem_id="evaluate-upload",
                )
            status = gr.HTML("", elem_id="evaluate-status", apply_default_css=False)
            runs = gr.HTML("", elem_id="evaluate-runs", apply_default_css=False, js_on_load=_CLICKS)
            other = gr.Dropdown(
                [], label=later("Compare with"), visible=False, elem_id="evaluate-other"
            )
            comparison = gr.HTML("", elem_id="evaluate-comparison", apply_default_css=False)
            report = gr.HTML(
                "", elem_id="evaluate-report", apply_default_css=False, js_on_load=_CLICKS
            )
        shown = gr.State("")
        file = gr.Textbox(visible="hidden")
        timer = gr.Timer(_SECONDS, active=False)
    return Parts(
        tab, lack, controls, chosen, path, upload, of, most, run, stop, status, runs, report,
        other, comparison, shown, file, timer,
    )  # fmt: skip


def connect(
    parts: Parts, desk: Desk, at: Sequence[Any], question: gr.Textbox, shared: dict[str, Any]
) -> None:
    """Set off what the tab does; ``at`` says where the page is, ``question`` takes a question."""
    events = Evaluation(desk)
    # What may fail with a message is queued: Gradio shows none of other events.
    placed: dict[str, Any] = {"js": drawer.PLACE, **shared}
    here: dict[str, Any] = {"queue": False, **placed}
    going = [parts.status, parts.run, parts.stop, parts.timer, parts.runs]
    opened = [parts.report, parts.other, parts.comparison, parts.shown, parts.runs]
    parts.tab.select(
        events.opened,
        [parts.set, parts.shown, *at],
        [parts.lack, parts.controls, parts.set, *going],
        **placed,
    )
    parts.set.change(events.chosen, [parts.set, *at], [parts.path, parts.of], **here)
    parts.upload.upload(events.keep, [parts.upload, *at], [parts.set, parts.status], **here)
    parts.run.click(events.start, [parts.set, parts.path, parts.of, parts.most, *at], going, **here)
    parts.stop.click(events.stop, list(at), going, **here)
    parts.timer.tick(events.tick, [parts.shown, *at], going, **here)
    parts.runs.click(events.show, list(at), opened, **here).then(
        None, None, None, js=_TO_REPORT, **shared
    )
    parts.runs.delete(events.delete, [parts.shown, *at], opened, **placed)
    parts.report.click(events.ask, None, [question], queue=False, **shared).then(
        None, None, None, js=_TO_QUESTION, **shared
    )
    parts.report.download(events.save, [parts.shown, *at], [parts.file], **placed).success(
        None, [parts.file], [parts.file], js=_SAVE, **shared
    )
    parts.other.input(
        events.compare,
        [parts.other, parts.shown, *at],
        [parts.comparison],
        **_ONE,
        **placed,
    )
