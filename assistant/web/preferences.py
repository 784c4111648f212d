"""Settings as they may be changed at the page: which, what is asked for, and how it is kept."""

from __future__ import annotations

import threading
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant import settings_file
from assistant.errors import SettingsError
from assistant.indexes import Indexes
from assistant.models import takes_key, try_model, without_login
from assistant.settings import ENVIRONMENT, SETTINGS_FILE, Settings
from assistant.web.language import say
from assistant.web.shelf import alone

WHERE = ("model", "base_url", "api_key")
"""Settings that decide where everybody's questions go."""
CHANGEABLE = (*WHERE, "timeout", "unsupported", "wrong_answers", "passages", "language")
"""Settings that are on the page."""


class Form(NamedTuple):
    """What the page's fields hold; ``api_key`` is empty where the key that is set may stay."""

    by_model: bool
    model: str
    base_url: str
    api_key: str
    timeout: float
    unsupported: str
    wrong: float
    passages: int
    language: str


def locked(settings: Settings, name: str) -> str:
    """Return in words why a setting can't be changed on the page, or nothing where it can."""
    by = settings.overruled(name)
    if by == "environment":
        return say(
            "Set as {variable} in the environment. It can only be changed there.",
            variable=f"{ENVIRONMENT}{name}".upper(),
        )
    if by == "argument":
        return say("Set where the program was started. It can only be changed there.")
    if name in WHERE and not alone(settings):
        return say(
            "This decides where the questions of everybody who logs in go. Only whoever runs the "
            "program sets it, in {file} or the environment.",
            file=SETTINGS_FILE,
        )
    return ""


def wanted(settings: Settings, form: Form, key_for: str | None = None) -> Settings:
    """Return the settings that a form asks for.

    A key stays only with the destination it was given for, which is ``key_for``
    where the key can't be changed here. Raises :class:`SettingsError` for what
    may not be changed, or can't be used.
    """
    asked = _asked(settings, form)
    for name, value in asked.items():
        reason = locked(settings, name)
        if reason and value != getattr(settings, name):
            raise SettingsError(f"{name.replace('_', ' ')}: {reason}")
    new = settings.changed(asked)
    reason, old = locked(settings, "api_key"), meant_for(settings) if key_for is None else key_for
    if reason and new.api_key.get_secret_value() and old and meant_for(new) not in {"", old}:
        raise SettingsError(
            say(
                "The key that is set is for {old}, and is sent nowhere else. {reason}",
                old=old,
                reason=reason,
            )
        )
    return new


def destination(model: str, base_url: str) -> str:
    """Return what a key is given for: the address, or the provider that has one of its own."""
    return without_login(base_url).rstrip("/") or model.partition(":")[0]


def meant_for(settings: Settings) -> str:
    """Return where a key from outside the page belongs; nothing where none would be sent yet."""
    return destination(settings.model, settings.base_url) if takes_key(settings.model) else ""


def address(settings: Settings) -> str:
    """Return the language model's address as it is shown: a login in it only to who may set it."""
    shut = locked(settings, "base_url")
    return without_login(settings.base_url) if shut else settings.base_url


def in_a_hundred(settings: Settings) -> float:
    """Return the wrong answers that are tolerated as they are shown."""
    return round(settings.wrong_answers * 100, 2)


def keeps_key(settings: Settings, model: str, base_url: str) -> bool:
    """Tell whether the key that is set may be sent where a model is asked."""
    return destination(settings.model, settings.base_url) == destination(model, base_url)


class Preferences:
    """Changes the settings of all that is opened, and keeps them."""

    def __init__(self, indexes: Indexes) -> None:
        """Take the indexes that follow."""
        self.indexes = indexes
        self._guard = threading.Lock()
        self._key_for = meant_for(self.settings)

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self.indexes.served.settings

    def save(self, form: Form) -> Settings:
        """Set what a form asks for, once a language model has answered; returns what was set.

        Raises :class:`AssistantError`; then nothing is changed.
        """
        with self._guard:
            old = self.settings
            new = wanted(old, form, self._key_for)
            changed = {n for n in CHANGEABLE if getattr(old, n) != getattr(new, n)}
            if new.model and changed.intersection(WHERE):
                try_model(new)
            settings_file.write({name: _plain(new, name) for name in changed})
            self.indexes.configure(new)
            self._key_for = meant_for(new) or self._key_for
            return new


def _asked(settings: Settings, form: Form) -> dict[str, Any]:
    """Return a form's values by the settings' names; without a model nothing is left of one.

    What is shown shortened, and was left so, is asked for as it is.
    """
    model, where_to = form.model.strip(), form.base_url.strip()
    where: dict[str, Any]
    if not form.by_model:
        cleared = {"model": "", "base_url": "", "api_key": SecretStr("")}
        where = {n: v for n, v in cleared.items() if n == "model" or not locked(settings, n)}
    elif not model:
        raise SettingsError(
            say("Name the language model as provider:model, such as ollama:llama3.2:3b.")
        )
    else:
        if where_to == address(settings):
            where_to = settings.base_url
        else:
            _check(where_to)
        where = {"model": model, "base_url": where_to}
        if typed := form.api_key.strip():
            where["api_key"] = SecretStr(typed)
        elif not locked(settings, "api_key") and not keeps_key(settings, model, where_to):
            where["api_key"] = SecretStr("")
    same = form.wrong == in_a_hundred(settings)
    return {
        **where,
        "timeout": form.timeout,
        "unsupported": form.unsupported,
        "wrong_answers": settings.wrong_answers if same else round(form.wrong / 100, 4),
        "passages": form.passages,
        "language": form.language,
    }


def _check(address: str) -> None:
    try:
        parts = urlsplit(address)
        usable = not address or (parts.scheme in {"http", "https"} and bool(parts.hostname))
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(
            say(
                "The address {address} can't be used. Write it as http://host:port/v1, or leave it "
                "empty for the provider’s own.",
                address=repr(address),
            )
        )


def _plain(settings: Settings, name: str) -> str | int | float | None:
    """Return a setting as it is written to the file, or None for the default."""
    value = getattr(settings, name)
    if value == type(settings).model_fields[name].default:
        return None
    plain: str | int | float = value.get_secret_value() if name == "api_key" else value
    return plain
