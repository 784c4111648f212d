"""The settings' tab: what answers, how much has to be sure, the language; tested, then kept."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import gradio as gr

from assistant.errors import AssistantError
from assistant.settings import SETTINGS_FILE, Settings
from assistant.web.about import about
from assistant.web.inert import inert
from assistant.web.keeping import UNFORESEEN
from assistant.web.language import LANGUAGES, later, say
from assistant.web.preferences import (
    Form,
    Preferences,
    address,
    destination,
    in_a_hundred,
    keeps_key,
    locked,
)
from assistant.web.progress import problem

_LOG = logging.getLogger(__name__)


class Parts(NamedTuple):
    """The tab's parts: the fields in the order of a form, and what is said about them."""

    by_model: gr.Radio
    model: gr.Textbox
    base_url: gr.Textbox
    api_key: gr.Textbox
    timeout: gr.Number
    unsupported: gr.Radio
    wrong: gr.Slider
    passages: gr.Number
    language: gr.Dropdown
    group: gr.Column
    sentence: gr.HTML
    save: gr.Button
    news: gr.HTML


FIELDS = len(Form._fields)


def build(settings: Settings) -> Parts:
    """Add the tab, as the settings are."""
    fields = _fields(settings)
    title = later("Settings")
    with (
        gr.Tab(title, id="settings", elem_id="settings-tab"),
        gr.Column(elem_id="settings"),
    ):
        by_model = gr.Radio(**fields["by_model"])
        with gr.Column(visible=bool(settings.model), elem_id="settings-model") as group:
            model = gr.Textbox(max_length=300, **fields["model"])
            base_url = gr.Textbox(max_length=1000, **fields["base_url"])
            api_key = gr.Textbox(
                type="password",
                max_length=1000,
                html_attributes=gr.InputHTMLAttributes(autocomplete="off"),
                **fields["api_key"],
            )
            timeout = gr.Number(**fields["timeout"])
            unsupported = gr.Radio(**fields["unsupported"])
        sentence = gr.HTML(_sentence(settings), elem_id="settings-about", apply_default_css=False)
        wrong = gr.Slider(step=1, buttons=[], **fields["wrong"])
        passages = gr.Number(minimum=1, maximum=100, precision=0, **fields["passages"])
        language = gr.Dropdown(**fields["language"])
        save = gr.Button(say("Save"), variant="primary", elem_id="settings-save")
        news = gr.HTML("", elem_id="settings-news", apply_default_css=False)
    return Parts(
        by_model, model, base_url, api_key, timeout, unsupported, wrong, passages, language,
        group, sentence, save, news,
    )  # fmt: skip


class SettingsTab:
    """The tab's events."""

    def __init__(self, preferences: Preferences) -> None:
        self.preferences = preferences

    def connect(self, parts: Parts, page: gr.Blocks) -> Any:
        """Set off what the tab does; returns the event after which other settings may hold."""
        private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        page.load(self.show, None, list(parts), queue=False, **private)
        # In the queue: there one comes after the other, the last with what is typed by then.
        gr.on(
            [parts.by_model.change, parts.model.change, parts.base_url.change],
            self.preview,
            [parts.by_model, parts.model, parts.base_url],
            [parts.group, parts.sentence, parts.api_key],
            trigger_mode="always_last",
            concurrency_limit=None,
            **private,
        )
        return parts.save.click(
            self.save,
            list(parts[:FIELDS]),
            list(parts),
            concurrency_limit=1,
            concurrency_id="settings",
            **private,
        )

    def show(self) -> list[Any]:
        """Return all parts as the settings are now."""
        return _shown(self.preferences.settings, "")

    def preview(self, by_model: str, model: str, base_url: str) -> tuple[Any, ...]:
        """Return what would be sent where, and what becomes of the key, before it is saved."""
        chosen = by_model == _MODEL
        settings, model, base_url = self.preferences.settings, model.strip(), base_url.strip()
        asked = {"model": model, "base_url": base_url} if chosen else {"model": "", "base_url": ""}
        said = (
            _sentence(settings.changed(asked))
            if model or not chosen
            else _note(say("Name a language model, and what is sent where is said here."))
        )
        key = gr.Textbox(info=_key_info(settings, model, base_url))
        return gr.Column(visible=chosen), said, key

    def save(self, *values: Any) -> Iterator[Sequence[Any]]:
        """Yield the tab while a language model is asked, and then with what became of it."""
        form = Form(values[0] == _MODEL, *values[1:])
        waiting = [gr.skip()] * (FIELDS + 2)
        trying = (
            say("Asking {model} a tiny question…", model=form.model.strip())
            if form.by_model
            else say("Saving…")
        )
        yield [*waiting, gr.Button(interactive=False), _note(trying)]
        try:
            settings = self.preferences.save(form)
        except AssistantError as error:
            yield [*waiting, gr.Button(interactive=True), problem(str(error))]
        except Exception:  # noqa: BLE001 - shown in words, logged in full
            _LOG.exception("The settings could not be saved")
            yield [*waiting, gr.Button(interactive=True), problem(say(UNFORESEEN))]
        else:
            done = say(
                "Saved in {file}. The next question is answered by it, in every tab.",
                file=SETTINGS_FILE,
            )
            yield _shown(settings, _note(done))


_OWN, _MODEL = "own", "model"


def _shown(settings: Settings, news: str) -> list[Any]:
    """Return the values of all parts."""
    fields = [gr.update(**field) for field in _fields(settings).values()]
    return [
        *fields,
        gr.Column(visible=bool(settings.model)),
        _sentence(settings),
        gr.Button(say("Save"), interactive=True),
        news,
    ]


def _fields(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return what each field shows, in the order of a form."""
    return {
        "by_model": _field(
            settings,
            "model",
            label=say("Answers are"),
            value=_MODEL if settings.model else _OWN,
            choices=[
                (say("the documents’ own sentences"), _OWN),
                (say("written by a language model"), _MODEL),
            ],
        ),
        "model": _field(
            settings,
            "model",
            label=say("Language model"),
            value=settings.model,
            placeholder="ollama:llama3.2:3b",
            info=say("As provider:model, such as ollama:llama3.2:3b or openai:gpt-5-mini."),
        ),
        "base_url": _field(
            settings,
            "base_url",
            label=say("Address"),
            value=address(settings),
            placeholder="http://127.0.0.1:8000/v1",
            info=say("Of a server that speaks as OpenAI or Ollama do. Empty: the provider’s own."),
        ),
        "api_key": _field(
            settings,
            "api_key",
            label=say("Key"),
            value="",
            info=_key_info(settings, settings.model, settings.base_url),
        ),
        "timeout": _field(
            settings,
            "timeout",
            label=say("Seconds to wait for it"),
            value=settings.timeout,
            minimum=min(1, settings.timeout),
        ),
        "unsupported": _field(
            settings,
            "unsupported",
            label=say("Its sentences that no passage supports are"),
            value=settings.unsupported,
            choices=[
                (say("marked"), "mark"),
                (say("left out"), "remove"),
                (say("sent back to it once, to be written anew"), "retry"),
            ],
        ),
        "wrong": _wrong(settings),
        "passages": _field(
            settings,
            "passages",
            label=say("Passages an answer may draw on"),
            value=settings.passages,
            info=say("More find what is spread out, and take a language model longer."),
        ),
        "language": _field(
            settings,
            "language",
            label=say("Language of the page"),
            value=settings.language,
            choices=[
                (say("as each browser prefers"), ""),
                *((name, code) for code, name in LANGUAGES.items()),
            ],
            info=say("Answers stay in the language of the documents."),
        ),
    }


def _wrong(settings: Settings) -> dict[str, Any]:
    rate = in_a_hundred(settings)
    return _field(
        settings,
        "wrong_answers",
        label=say("Wrong answers tolerated, in a hundred"),
        value=rate,
        minimum=min(1, rate),
        maximum=max(20, rate),
        info=say(
            "Of a hundred questions that the documents do not answer, about so many may be "
            "answered all the same. Fewer means that more is refused, also of what they do answer."
        ),
    )


def _field(settings: Settings, name: str, **shown: Any) -> dict[str, Any]:
    """Return what a field shows; where it can't be changed, the reason instead of its hint."""
    reason = locked(settings, name)
    if reason:
        shown["info"] = reason
    return {**shown, "interactive": not reason}


def _key_info(settings: Settings, model: str, base_url: str) -> str:
    if reason := locked(settings, "api_key"):
        return reason
    if not settings.api_key.get_secret_value():
        return say("If it needs one. It is kept in {file}.", file=SETTINGS_FILE)
    if keeps_key(settings, model, base_url):
        return say("A key is set. Leave this empty to keep it.")
    return say(
        "The key that is set is for {old}, and is sent nowhere else. Enter the one for {new}, "
        "if it needs one.",
        old=destination(settings.model, settings.base_url),
        new=destination(model, base_url) or "…",
    )


def _sentence(settings: Settings) -> str:
    return _note(about(settings))


def _note(text: str) -> str:
    return f'<p class="note" role="status">{inert(text)}</p>'
