"""Where settings come from, and which one wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import Settings


def test_defaults() -> None:
    settings = Settings.load()
    assert settings.model == ""
    assert settings.host == "127.0.0.1"


def test_arguments_beat_environment_beats_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("assistant.toml").write_text('model = "file"\npassages = 3\nport = 1\n', "utf-8")
    monkeypatch.setenv("ASSISTANT_PASSAGES", "4")
    monkeypatch.setenv("ASSISTANT_PORT", "2")
    settings = Settings.load(port=3, host=None)
    assert (settings.model, settings.passages, settings.port) == ("file", 4, 3)


@pytest.mark.parametrize(
    ("name", "value"), [("PASSAGES", "many"), ("PORT", "70000"), ("TIMEOUT", "-1")]
)
def test_a_value_that_cannot_be_used_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"ASSISTANT_{name}", value)
    with pytest.raises(SettingsError, match=value) as caught:
        Settings.load()
    assert name.lower() in str(caught.value)


def test_an_unknown_setting_in_the_file_is_named() -> None:
    Path("assistant.toml").write_text('colour = "blue"\n', "utf-8")
    with pytest.raises(SettingsError, match="colour"):
        Settings.load()


def test_a_broken_file_is_named() -> None:
    Path("assistant.toml").write_text("model = = 3\n", "utf-8")
    with pytest.raises(SettingsError, match=r"assistant\.toml"):
        Settings.load()


def test_the_key_is_not_shown() -> None:
    assert "hunter2" not in repr(Settings.load(api_key="hunter2"))


def test_it_is_told_what_overrules_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("assistant.toml").write_text('model = "file"\n', "utf-8")
    monkeypatch.setenv("assistant_passages", "4")
    settings = Settings.load(port=3, host=None)
    names = ("port", "passages", "model", "host")
    assert [settings.overruled(name) for name in names] == ["argument", "environment", "", ""]
    changed = settings.changed({"model": "other", "language": "de"})
    assert (changed.model, changed.language, changed.passages) == ("other", "de", 4)
    assert [changed.overruled(name) for name in names] == ["argument", "environment", "", ""]


def test_a_change_that_cannot_be_used_is_named() -> None:
    with pytest.raises(SettingsError, match="'klingon'"):
        Settings.load().changed({"language": "klingon"})
