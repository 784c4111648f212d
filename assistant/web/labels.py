"""The names of Gradio's own parts, said in the language of whoever opens the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.language import known, preferred, say, speaking, spoken, texts

_NAMES = ("label", "placeholder", "info", "value")
"""What of a part is read by people."""


class Speaking:
    """ASGI middleware: where a language is chosen for the page, every browser prefers it."""

    def __init__(self, app: ASGIApp, chosen: Callable[[], str]) -> None:
        """Take the application, and what tells the language; empty leaves it to the browser."""
        self.app = app
        self.chosen = chosen

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with the language that is chosen."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = MutableHeaders(raw=list(scope["headers"]))
        if chosen := self.chosen():
            headers["accept-language"] = chosen
        with speaking(preferred(headers.get("accept-language", ""))):
            await self.app({**scope, "headers": headers.raw}, receive, send)


def connect(page: gr.Blocks, saved: Any) -> None:
    """Have all parts of a page named, and its scripts told the texts; anew once it is ``saved``."""
    named = [(block, names) for block in page.blocks.values() if (names := _names(block))]
    told = gr.Textbox(visible="hidden")

    def tell() -> list[Any]:
        updates: list[Any] = [
            {**gr.update(), **{name: _said(text) for name, text in names.items()}}
            for _, names in named
        ]
        return [*updates, json.dumps({"language": spoken(), "texts": texts()})]

    outputs: Any = [*(block for block, _ in named), told]
    for event in (page.load, saved.then):
        event(
            tell, None, outputs, queue=False, show_progress="hidden", api_visibility="private"
        ).then(None, [told], None, js="window.speak", api_visibility="private")


def _names(block: object) -> dict[str, Any]:
    """Return what is read of a part, as far as the catalogs have it."""
    choices = getattr(block, "choices", None)
    # The value of a choice tells programs which it is; people read its name.
    read = [name for name in _NAMES if choices is None or name != "value"]
    texts = {name: str(getattr(block, name, "")) for name in read}
    named: dict[str, Any] = {name: text for name, text in texts.items() if known(text)}
    if any(known(str(name)) for name, _ in choices or ()):
        named["choices"] = choices
    return named


def _said(text: str | list[tuple[str, Any]]) -> str | list[tuple[str, Any]]:
    return say(text) if isinstance(text, str) else [(say(name), value) for name, value in text]
