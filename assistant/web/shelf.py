"""What happens to the documents: they are added, read again and removed, and that is watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.assistant import Assistant
from assistant.batches import Reporter, done_in_turn
from assistant.errors import AssistantError, DocumentNotFound, SettingsError
from assistant.holdings import FileReport, OnProgress, Outcome
from assistant.loading import find_files
from assistant.loading.limits import limits_of
from assistant.settings import Settings
from assistant.web import progress, uploads
from assistant.web.about import is_loopback
from assistant.web.desk import Desk
from assistant.web.inert import inert
from assistant.web.language import later, say, several
from assistant.web.work import Work

News = tuple[Any, ...]
"""What happens, in words; the button that cancels it; and what was typed, once all of it is in."""
_NOT_YOURS = later(
    "Folders of this computer are followed only where nobody else can use the page: on 127.0.0.1, "
    "without users or a password. Upload the folder instead, or use `assistant sync`."
)


class Shelf:
    """The events that change documents, each of a tab's place; all return :data:`News`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.works = desk.works

    # -- events --------------------------------------------------------------------------------

    def add(self, place: str, event: gr.EventData) -> Iterator[News]:
        """Add the files that were uploaded; those that were not sent are reported as well."""
        assistant = self.desk.at(place)
        data: dict[str, Any] = event._data if isinstance(event._data, dict) else {}
        settings = assistant.settings
        left = [FileReport(name, Outcome.SKIPPED, "", 0, why) for name, why in data.get("left", ())]

        def work() -> Work:
            uploads.check_count(data.get("count", 0), settings.max_uploads)
            uploads.check_size(data.get("together", 0), settings.max_upload_mb)
            sent = [uploads.received(one["path"], one["name"]) for one in data.get("files", ())]
            sent = uploads.claimed(sent, settings.max_uploads)
            return adding(assistant, len(sent), partial(uploads.keep, sent), left)

        yield from self._watched(assistant, work)

    def add_text(self, title: str, text: str, place: str) -> Iterator[News]:
        """Add a text that was pasted, under its title."""
        assistant = self.desk.at(place)

        def work() -> Work:
            uploads.check_text(text)
            return adding(assistant, 1, partial(uploads.keep_text, title, text))

        yield from self._watched(assistant, work, (title, text))

    def add_pages(self, addresses: str, place: str) -> Iterator[News]:
        """Add pages of the web, an address a line."""
        assistant, urls = self.desk.at(place), addresses.split()

        def work() -> Work:
            if not urls:
                raise SettingsError(say("There is no address. Type one that begins with https://."))
            title = several("Adding {count} page", "Adding {count} pages", len(urls))
            return Work(title, _call(assistant.add_urls, urls), lambda: urls)

        yield from self._watched(assistant, work, (addresses,))

    def follow(self, folder: str, place: str) -> Iterator[News]:
        """Make the index hold what a folder of this computer holds; its files stay there."""
        assistant = self.desk.at(place)

        def work() -> Work:
            typed = folder.strip().strip("\"'")
            path = Path(typed).expanduser()
            if not typed or not path.is_absolute():
                raise SettingsError(
                    say(
                        "{folder} is no whole path of a folder. Give one such as {example}.",
                        folder=repr(folder.strip()),
                        example=Path.home() / "reports",
                    )
                )
            return _following(assistant, path)

        yield from self._watched(assistant, work)

    def follow_again(self, place: str, event: gr.EventData) -> Iterator[News]:
        """Look again into the folders that are named as their list has them."""
        assistant, names = self.desk.at(place), named(event)
        yield gr.skip(), gr.skip(), gr.skip()
        for path in assistant.index.kept():
            if inert(str(path)) in names:
                yield from self._watched(assistant, partial(_following, assistant, path))

    def remove(self, place: str, event: gr.EventData) -> Iterator[News]:
        """Remove the documents that are named, with what was uploaded of them."""
        assistant, names = self.desk.at(place), named(event)

        def remove(name: str, _: Reporter) -> FileReport:
            try:
                assistant.remove(name)
            except DocumentNotFound as error:
                return FileReport(name, Outcome.FAILED, name, 0, str(error))
            return FileReport(name, Outcome.REMOVED, name, 0)

        def work(told: OnProgress) -> list[FileReport]:
            return done_in_turn([(name, partial(remove, name)) for name in names], told)

        title = several("Removing {count} document", "Removing {count} documents", len(names))
        yield from self._watched(assistant, lambda: Work(title, work, lambda: names))

    def reread(self, place: str, event: gr.EventData) -> Iterator[News]:
        """Read the documents that are named again, though they did not change."""
        assistant, names = self.desk.at(place), named(event)

        def sources() -> list[str]:
            sources = {info.name: info.source for info in assistant.documents()}
            return [sources[name] for name in names if name in sources]

        title = several(
            "Reading {count} document again", "Reading {count} documents again", len(names)
        )
        work = Work(title, _call(assistant.reread, names), sources)
        yield from self._watched(assistant, lambda: work)

    def watch(self, place: str) -> Iterator[News]:
        """Show what is being done to the documents of this index, whoever began it."""
        yield gr.skip(), gr.skip(), gr.skip()
        try:
            folder = self.desk.find(place).folder
        except AssistantError:
            return  # The page says so where the conversation would be.
        yield from self._news(self.works.going(folder))

    def cancel(self, place: str) -> None:
        """End what is being done to the documents of this index."""
        for work in self.works.going(self.desk.at(place).folder):
            work.cancel()

    # -- inside --------------------------------------------------------------------------------

    def _watched(
        self, assistant: Assistant, begun: Callable[[], Work], typed: tuple[str, ...] = ()
    ) -> Iterator[News]:
        """Begin a piece of work, and yield the news of it and of what is done before it."""
        try:
            work = begun()
        except AssistantError as error:
            yield progress.problem(str(error)), gr.skip(), ()
            return
        earlier = self.works.going(assistant.folder)
        self.works.begin(assistant.folder, work)
        yield from self._news([*earlier, work], typed)

    def _news(self, works: Sequence[Work], typed: tuple[str, ...] = ()) -> Iterator[News]:
        for number, work in enumerate(works):
            for stage in work.stages():
                before = [one.stage() for one in works[:number]]
                after = [one.stage() for one in works[number + 1 :]]
                busy = not stage.over or bool(after)
                news = progress.working([*before, stage, *after])
                yield news, gr.Button(visible=busy), () if busy or not stage.fine else typed


def named(event: gr.EventData) -> list[str]:
    """Return the documents that an event names."""
    data = event._data
    names = data.get("names", ()) if isinstance(data, dict) else ()
    return [str(name) for name in names] if isinstance(names, list) else []


def alone(settings: Settings) -> bool:
    """Tell whether only who sits at this computer can use the page."""
    password = settings.password.get_secret_value()
    return is_loopback(settings.host) and not settings.users and not password


def adding(
    assistant: Assistant,
    count: int,
    keep: Callable[[Path], list[Path]],
    left: Sequence[FileReport] = (),
) -> Work:
    """Return the work of adding uploaded files, which ``keep`` moves into the index's folder.

    They are kept when their turn has come: what is before them may be about
    files of the same names. ``left`` are those that were not sent.
    """
    kept: list[Path] = []

    def find() -> list[str]:
        kept.extend(keep(assistant.folder))
        return _found(assistant, kept)

    def add(told: OnProgress) -> list[FileReport]:
        return [*uploads.add(assistant, kept, told), *left]

    return Work(several("Adding {count} file", "Adding {count} files", count), add, find)


def _following(assistant: Assistant, folder: Path) -> Work:
    if not alone(assistant.settings):
        raise SettingsError(say(_NOT_YOURS))
    title = say("Following {folder}", folder=folder.name or folder)
    return Work(title, _call(assistant.sync, [folder]), lambda: _found(assistant, [folder]))


def _found(assistant: Assistant, paths: Sequence[Path]) -> list[str]:
    return [str(path) for path, _ in find_files(paths, limits_of(assistant.settings)).files]


def _call(function: Callable[..., list[FileReport]], what: Sequence[Any]) -> Any:
    """Return what does something to all of these, and tells how far it has come."""
    return lambda told: function(what, on_progress=told)
