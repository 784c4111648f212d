"""What happens in the tab: a set is chosen, run and followed; a run is opened, and compared."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError, StoreError
from assistant.web.chat import clicked
from assistant.web.conversation import Thread
from assistant.web.desk import Desk
from assistant.web.evaluate import compared, program, runs, shown
from assistant.web.evaluate.rooms import JUDGED, PATH, Room, logs_in
from assistant.web.evaluate.runs import Comparison, Run
from assistant.web.keeping import UNFORESEEN, in_words, owned
from assistant.web.language import say
from assistant.web.progress import problem

HERE, OWN = "here", "own"
"""What a set can be asked of: the tab's index, or an index of the set's own documents."""
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_LOG = logging.getLogger(__name__)


class Evaluation:
    """The tab's events. Each takes the thread's place and the thread, last."""

    def __init__(self, desk: Desk) -> None:
        """Take the desk; one run is had at a time."""
        self.desk = desk
        self.runner = desk.runner

    def opened(
        self, chosen: str | None, open_run: str, place: str, thread: Thread, request: gr.Request
    ) -> tuple[Any, ...]:
        """Show what there is: sets, a run that is going on, the runs so far."""
        lack = program.missing()
        if lack:
            note = f'<p class="note">{lack}</p>'
            return note, gr.Column(visible=False), gr.skip(), *[gr.skip()] * 5
        room = self._room(place, thread, request)
        with in_words():
            choices = room.choices()
        keys = [key for _, key in choices]
        first = chosen if chosen in keys else next(iter(keys), None)
        sets = gr.Dropdown(choices=choices, value=first)
        return "", gr.Column(visible=True), sets, *self._now(room, open_run)

    def chosen(
        self, key: str | None, place: str, thread: Thread, request: gr.Request
    ) -> tuple[Any, Any]:
        """Ask for a path where one is wanted, and ask a set's own documents where it has some."""
        room = self._room(place, thread, request)
        try:
            has_documents = key not in {JUDGED, PATH} and room.chosen(key or "", "").has_documents
        except AssistantError:
            has_documents = False
        return gr.Textbox(visible=key == PATH), OWN if has_documents else HERE

    def keep(self, file: str, place: str, thread: Thread, request: gr.Request) -> tuple[Any, Any]:
        """Keep an uploaded question set, and choose it."""
        room = self._room(place, thread, request)
        try:
            key = room.keep(Path(file))
        except AssistantError as error:
            return gr.skip(), problem(str(error))
        return gr.Dropdown(choices=room.choices(), value=key), ""

    def start(
        self,
        key: str | None,
        path: str,
        of: str,
        most: float | None,
        place: str,
        thread: Thread,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """Begin a run of the chosen set."""
        room = self._room(place, thread, request)
        settings = room.assistant.settings
        try:
            chosen = room.chosen(key or "", path or "")
            command: list[str | Path] = ["run", "--set", chosen.path, "--runs", chosen.runs]
            command += ["--progress", "json", "--limit", str(int(most or 0))]
            if of != OWN:
                command += ["--index", room.assistant.folder.absolute()]
            self.runner.start(
                room.owner if logs_in(settings) or key == JUDGED else "",
                chosen.name,
                room.assistant.folder,
                program.command(*command),
                program.environment(settings, indexes=(room.kept / "indexes").absolute()),
            )
        except AssistantError as error:
            return problem(str(error)), *[gr.skip()] * 4
        return self._now(room, "")

    def stop(self, place: str, thread: Thread, request: gr.Request) -> tuple[Any, ...]:
        """End the run that is going on, if it is one's own."""
        room = self._room(place, thread, request)
        if self._is_ours(room):
            self.runner.stop()
        return self._now(room, "", keep_runs=True)

    def tick(
        self, open_run: str, place: str, thread: Thread, request: gr.Request
    ) -> tuple[Any, ...]:
        """Show how far the run has come; once it has ended, the runs there are."""
        room = self._room(place, thread, request)
        return self._now(room, open_run, keep_runs=self.runner.running)

    def show(
        self, place: str, thread: Thread, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Open the run that was clicked."""
        room = self._room(place, thread, request)
        found = runs.listed(room.runs)
        run = _named(clicked(event, "run"), found)
        if run is None or run.head is None:
            return (gr.skip(),) * 5
        try:
            html = shown.report(run, run.head, runs.plots(run), runs.questions(run))
        except StoreError as error:
            html = problem(str(error))
        others = [
            (shown.label(one), one.name)
            for one in found
            if one.head and one is not run and one.head.identity.set == run.head.identity.set
        ]
        compare = gr.Dropdown(choices=others, value=None, visible=bool(others))
        return html, compare, "", run.name, shown.table(found, run.name)

    def delete(
        self, open_run: str, place: str, thread: Thread, request: gr.Request, event: gr.EventData
    ) -> tuple[Any, ...]:
        """Delete a run; if it is the one that is open, it is open no more."""
        room, name = self._room(place, thread, request), clicked(event, "remove")
        with in_words():
            runs.delete(self._run(name, room))
        left = runs.listed(room.runs)
        if name == open_run:
            return "", gr.Dropdown(visible=False), "", "", shown.table(left, "")
        return *[gr.skip()] * 4, shown.table(left, open_run)

    def ask(self, event: gr.EventData) -> Any:
        """Put a question into the box that questions are typed in."""
        return clicked(event, "ask") or gr.skip()

    def save(self, open_run: str, place: str, thread: Thread, request: gr.Request) -> str:
        """Return the report as a file: JSON of its name, and its bytes as base64."""
        with in_words():
            run = self._run(open_run, self._room(place, thread, request))
            try:
                page = (run.folder / runs.PAGE).read_bytes()
            except OSError as error:
                raise StoreError(f"The run {run.name!r} has no report. Run it again.") from error
        name = f"{_NOT_IN_NAMES.sub('-', run.name)}.html"
        return json.dumps({"name": name, "data": base64.b64encode(page).decode()})

    def compare(
        self, other: str | None, open_run: str, place: str, thread: Thread, request: gr.Request
    ) -> Iterator[str]:
        """Yield what differs between the open run and another, the older one first."""
        if not other:
            yield ""
            return
        yield f'<p class="note" role="status">{say("Comparing…")}</p>'
        room = self._room(place, thread, request)
        try:
            pair = (self._run(other, room), self._run(open_run, room))
            before, after = sorted(pair, key=lambda run: (run.started, run.name))
            found = program.compared(before.folder, after.folder, room.assistant.settings)
            yield compared.comparison(Comparison.model_validate(found), before, after)
        except AssistantError as error:
            yield problem(str(error))
        except Exception:  # noqa: BLE001 - shown in words, logged in full
            _LOG.exception("The runs %s and %s could not be compared", other, open_run)
            yield problem(say(UNFORESEEN))

    # -- inside --------------------------------------------------------------------------------

    def _room(self, place: str, thread: Thread, request: gr.Request) -> Room:
        return Room(self.desk.at(place), owned(place, request, thread).owner)

    def _run(self, name: str, room: Room) -> Run:
        run = _named(name, runs.listed(room.runs))
        if run is None:
            raise StoreError(f"There is no run {name!r}, or not any more.")
        return run

    def _is_ours(self, room: Room) -> bool:
        status = self.runner.status
        return bool(status and status.owner in {"", room.owner})

    def _now(self, room: Room, open_run: str, *, keep_runs: bool = False) -> tuple[Any, ...]:
        """Return the values for: status, the two buttons, the timer, the list of runs."""
        status, running = self.runner.status, self.runner.running
        ours = self._is_ours(room)
        html = (shown.status(status) if ours else shown.others(status)) if status else ""
        listed = gr.skip() if keep_runs else shown.table(runs.listed(room.runs), open_run)
        return (
            html,
            gr.Button(visible=not running),
            gr.Button(visible=running and ours),
            gr.Timer(active=running),
            listed,
        )


def _named(name: str, found: list[Run]) -> Run | None:
    return next((run for run in found if run.name == name), None)
