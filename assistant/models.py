"""The language model that the settings name, through LangChain: loaded, and tried."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError, SettingsError
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_EXTRAS = {"openai", "anthropic", "ollama"}
"""Providers whose packages come as an extra of this one."""
_TINY = "Reply with the word yes."
_HINTS = {
    401: "it does not accept the key",
    403: "it does not allow this key to use it",
    404: "it knows no such model, or its address is another",
    429: "too much was asked of it with this key, or nothing is left to pay for it",
}
"""What an HTTP status of a provider's means to whoever chooses a model."""
_LOGIN = re.compile(r"^(\w+://)?[^/?#]*@")


class ChatModels:
    """The chat model of settings, loaded once for as long as they hold; or one that is given."""

    def __init__(self, given: BaseChatModel | None = None) -> None:
        """Take the model that is used whatever the settings name, if any."""
        self._given = given
        self._loaded: tuple[Settings, BaseChatModel] | None = None

    def of(self, settings: Settings) -> BaseChatModel:
        """Return the chat model of these settings; raises what ``load_chat_model`` does."""
        if self._given is not None:
            return self._given
        loaded = self._loaded
        if loaded is None or loaded[0] is not settings:
            self._loaded = loaded = (settings, load_chat_model(settings))
        return loaded[1]


def takes_key(model: str) -> bool:
    """Tell whether a model is sent a key at all; Ollama's client takes none."""
    return not model.startswith("ollama:")


def without_login(address: str) -> str:
    """Return an address without the name and password in it, as it may be shown."""
    return _LOGIN.sub(r"\1", address)


def load_chat_model(settings: Settings) -> BaseChatModel:
    """Return the chat model of the settings, at temperature 0.

    Raises :class:`SettingsError` where its name can't be used, and
    :class:`ModelError` where its provider's package is missing.
    """
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0, "timeout": settings.timeout, "max_retries": 1}
    key = settings.api_key.get_secret_value()
    if settings.base_url:
        options["base_url"] = settings.base_url
        key = key or "none"
    if key:
        options["api_key"] = key
    if not takes_key(settings.model):
        # Ollama's client passes other options on to httpx.
        options = {key: options[key] for key in ("temperature", "base_url") if key in options}
        options["client_kwargs"] = {"timeout": settings.timeout}
    try:
        model: BaseChatModel = init_chat_model(settings.model, **options)
    except ImportError as error:
        provider = settings.model.partition(":")[0]
        extra = f" Try `pip install 'cited-assistant[{provider}]'`." if provider in _EXTRAS else ""
        raise ModelError(
            f"The language model {settings.model!r} needs a package that is not installed: "
            f"{str(error).rstrip('.')}.{extra}"
        ) from error
    except Exception as error:
        raise SettingsError(
            f"The language model {settings.model!r} can't be used: {str(error).rstrip('.')}. "
            "Name it as provider:model, such as ollama:llama3.2:3b or openai:gpt-5-mini, and give "
            "its key, if it needs one, as ASSISTANT_API_KEY."
        ) from error
    return model


def try_model(settings: Settings) -> None:
    """Ask the model of the settings a tiny question; raises :class:`ModelError` if it is silent.

    What was asked is told from the first words of its answer, for which it has
    ``settings.timeout`` seconds.
    """
    from langsmith import tracing_context

    model, until = load_chat_model(settings), time.monotonic() + settings.timeout
    try:
        with tracing_context(enabled=False):
            for piece in model.stream(_TINY):
                if piece.content:
                    return
                if time.monotonic() > until:
                    raise TimeoutError
    except Exception as error:
        # Each provider has errors of its own.
        raise ModelError(
            f"{settings.model!r} did not answer: {_cause(error, settings)}."
        ) from error
    raise ModelError(f"{settings.model!r} answered with nothing. Try another model.")


def _cause(error: Exception, settings: Settings) -> str:
    """Return in words why a model did not answer."""
    at = without_login(settings.base_url) or "its address"
    for one in _chain(error):
        status = getattr(one, "status_code", None)
        if isinstance(status, int) and status in _HINTS:
            return f"{_HINTS[status]} (HTTP {status})"
        if isinstance(one, socket.gaierror):
            return f"there is no host of the name in {at}"
        if isinstance(one, ConnectionRefusedError):
            return f"nothing listens at {at}; start its server, or mend the address"
        if isinstance(one, ssl.SSLError):
            return f"the certificate of {at} can't be trusted"
        if "Timeout" in type(one).__name__:
            return f"it took longer than {settings.timeout:g} seconds"
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came of."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
