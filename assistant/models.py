"""The language model that the settings name, through LangChain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError, SettingsError
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


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
    if settings.model.startswith("ollama:"):
        # Ollama's client takes no key and passes other options on to httpx.
        options = {key: options[key] for key in ("temperature", "base_url") if key in options}
        options["client_kwargs"] = {"timeout": settings.timeout}
    try:
        model: BaseChatModel = init_chat_model(settings.model, **options)
    except ImportError as error:
        provider = settings.model.partition(":")[0]
        raise ModelError(
            f"The language model {settings.model!r} needs a package that is not installed: "
            f"{error}. Try `pip install 'cited-assistant[{provider}]'`."
        ) from error
    except Exception as error:
        raise SettingsError(
            f"The language model {settings.model!r} can't be used: {str(error).rstrip('.')}. "
            "Name it as provider:model, such as ollama:llama3.2:3b or openai:gpt-5-mini, and give "
            "its key, if it needs one, as ASSISTANT_API_KEY."
        ) from error
    return model
