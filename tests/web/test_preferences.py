"""What may be changed at the page, and by whom; where a key goes; what a failure leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.errors import ModelError, SettingsError
from assistant.indexes import Indexes
from assistant.settings import SETTINGS_FILE, Settings
from assistant.web.preferences import Form, Preferences, in_a_hundred, locked, wanted
from assistant.web.settings_tab import SettingsTab
from tests.fakes import FakeEncoder
from tests.llm_server import LlmServer, Reply, llm_server

OWN = Form(False, "", "", "", 60, "mark", 5, 8, "")


def by_model(server: LlmServer, **more: Any) -> Form:
    address = f"{server.url}/v1"
    return OWN._replace(by_model=True, model="openai:m", base_url=address)._replace(**more)


@pytest.fixture
def preferences(tmp_path: Path) -> Iterator[Preferences]:
    with Assistant.open(tmp_path / "index", encoder=FakeEncoder()) as served:
        yield Preferences(Indexes(served))


def saved() -> str:
    file = Path(SETTINGS_FILE)
    return file.read_text("utf-8") if file.exists() else ""


def test_a_model_that_answers_is_set_and_kept(preferences: Preferences) -> None:
    with llm_server(Reply("yes")) as server:
        preferences.save(by_model(server, api_key=" k1 ", wrong=2, passages=5, unsupported="retry"))
    assert server.headers[0]["authorization"] == "Bearer k1"
    assert preferences.settings.model == "openai:m"
    again = Settings.load()
    assert (again.model, again.base_url) == ("openai:m", f"{server.url}/v1")
    assert again.api_key.get_secret_value() == "k1"
    assert (again.wrong_answers, again.passages, again.unsupported) == (0.02, 5, "retry")
    assert "timeout" not in saved()


def test_where_the_model_does_not_answer_nothing_is_changed(preferences: Preferences) -> None:
    before = preferences.settings
    with llm_server(Reply(status=401)) as server, pytest.raises(ModelError, match="the key"):
        preferences.save(by_model(server, api_key="wrong", passages=5))
    assert preferences.settings is before
    assert saved() == ""


def test_where_the_file_can_not_be_written_nothing_is_changed(preferences: Preferences) -> None:
    before = preferences.settings
    Path(SETTINGS_FILE).mkdir()
    with pytest.raises(SettingsError, match="Nothing was changed"):
        preferences.save(OWN._replace(passages=5))
    assert preferences.settings is before


def test_a_key_goes_only_where_it_was_given_for(preferences: Preferences) -> None:
    with llm_server(Reply("yes"), Reply("yes")) as first, llm_server(Reply("yes")) as second:
        preferences.save(by_model(first, api_key="k1"))
        preferences.save(by_model(first, model="openai:n"))
        assert first.headers[1]["authorization"] == "Bearer k1"
        preferences.save(by_model(second))
    assert "k1" not in str(second.headers)
    assert preferences.settings.api_key.get_secret_value() == ""
    assert "k1" not in saved()


def test_another_provider_gets_no_key_either() -> None:
    Path(SETTINGS_FILE).write_text('model = "openai:m"\napi_key = "k1"\n', "utf-8")
    settings = Settings.load()
    form = OWN._replace(by_model=True, model="anthropic:m")
    assert wanted(settings, form).api_key.get_secret_value() == ""
    assert wanted(settings, form._replace(model="openai:n")).api_key.get_secret_value() == "k1"


def test_without_a_model_nothing_is_left_of_one(preferences: Preferences) -> None:
    with llm_server(Reply("yes")) as server:
        preferences.save(by_model(server, api_key="k1"))
    preferences.save(OWN._replace(language="fr"))
    assert saved().strip() == 'language = "fr"'
    assert preferences.settings.model == preferences.settings.base_url == ""


def test_other_settings_are_changed_while_the_model_is_away(preferences: Preferences) -> None:
    with llm_server(Reply("yes")) as server:
        preferences.save(by_model(server, api_key="k1"))
    preferences.save(by_model(server, language="de"))
    assert preferences.settings.language == "de"
    assert preferences.settings.api_key.get_secret_value() == "k1"


def test_what_the_environment_or_an_argument_sets_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_PASSAGES", "4")
    settings = Settings.load(model="ollama:m")
    assert "ASSISTANT_PASSAGES" in locked(settings, "passages")
    assert "where the program was started" in locked(settings, "model")
    assert locked(settings, "base_url") == ""
    same = OWN._replace(by_model=True, model="ollama:m", passages=4)
    assert wanted(settings, same._replace(wrong=9)).wrong_answers == 0.09
    for form in (same._replace(passages=5), same._replace(model="ollama:n"), OWN):
        with pytest.raises(SettingsError, match="It can only be changed there"):
            wanted(settings, form)


def test_a_key_of_the_environment_keeps_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(SETTINGS_FILE).write_text('model = "openai:m"\nbase_url = "http://a/v1"\n', "utf-8")
    monkeypatch.setenv("ASSISTANT_API_KEY", "k1")
    same = OWN._replace(by_model=True, model="openai:n", base_url="http://a/v1")
    assert wanted(Settings.load(), same).model == "openai:n"
    with pytest.raises(SettingsError, match=r"for http://a/v1, .* nowhere else\. .*_API_KEY"):
        wanted(Settings.load(), same._replace(base_url="http://b/v1"))
    with pytest.raises(SettingsError, match="ASSISTANT_API_KEY"):
        wanted(Settings.load(), same._replace(api_key="k2"))


def test_a_key_of_the_environment_is_for_the_first_that_is_chosen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ASSISTANT_API_KEY", "k1")
    with (
        llm_server(Reply("yes"), Reply("yes")) as first,
        llm_server(Reply("yes")) as second,
        Assistant.open(tmp_path / "index", encoder=FakeEncoder()) as served,
    ):
        preferences = Preferences(Indexes(served))
        preferences.save(by_model(first))
        for between in (OWN, by_model(first, model="openai:n")):
            preferences.save(between)
            with pytest.raises(SettingsError, match="sent nowhere else"):
                preferences.save(by_model(second))
    assert [said["authorization"] for said in first.headers] == ["Bearer k1"] * 2
    assert not second.headers
    assert "k1" not in saved()


def test_a_key_of_the_environment_does_not_keep_anybody_from_ollama(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path(SETTINGS_FILE).write_text('model = "openai:m"\n', "utf-8")
    monkeypatch.setenv("ASSISTANT_API_KEY", "k1")
    form = OWN._replace(by_model=True, model="ollama:m", base_url="http://127.0.0.1:11434")
    assert wanted(Settings.load(), form).model == "ollama:m"


@pytest.mark.parametrize("by", ["users", "password", "host"])
def test_where_others_come_in_nobody_says_where_all_questions_go(by: str) -> None:
    value = {"users": "users.txt", "password": "secret", "host": "0.0.0.0"}[by]  # noqa: S104
    Path(SETTINGS_FILE).write_text(f'{by} = "{value}"\n', "utf-8")
    settings = Settings.load()
    for form in (
        OWN._replace(by_model=True, model="ollama:m"),
        OWN._replace(by_model=True, model="ollama:m", base_url="http://a/v1", api_key="k"),
    ):
        with pytest.raises(SettingsError, match="everybody who logs in"):
            wanted(settings, form)
    assert wanted(settings, OWN._replace(language="es")).language == "es"


@pytest.mark.parametrize("address", ["ftp://x/", "file:///etc/passwd", "localhost:1", "http://["])
def test_an_address_that_is_none_is_said(address: str) -> None:
    form = OWN._replace(by_model=True, model="openai:m", base_url=address)
    with pytest.raises(SettingsError, match="can't be used"):
        wanted(Settings.load(), form)


@pytest.mark.parametrize("by", ["environment", "file"])
def test_a_rate_finer_than_what_is_shown_stays(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if by == "environment":
        monkeypatch.setenv("ASSISTANT_WRONG_ANSWERS", "0.03333")
    else:
        Path(SETTINGS_FILE).write_text("wrong_answers = 0.03333\n", "utf-8")
    settings = Settings.load()
    new = wanted(settings, OWN._replace(wrong=in_a_hundred(settings), passages=5))
    assert (new.wrong_answers, new.passages) == (0.03333, 5)


def test_a_login_in_an_address_is_shown_to_nobody_who_may_not_set_it(tmp_path: Path) -> None:
    Path(SETTINGS_FILE).write_text(
        'model = "openai:m"\nbase_url = "http://u:hush@h/v1"\npassword = "secret"\n', "utf-8"
    )
    settings = Settings.load()
    with Assistant.open(tmp_path / "index", settings=settings, encoder=FakeEncoder()) as served:
        tab = SettingsTab(Preferences(Indexes(served)))
        shown = [part.get("value") for part in tab.show() if isinstance(part, dict)]
        assert "http://h/v1" in shown
        assert "hush" not in str([tab.show(), tab.preview("model", "openai:n", "http://x/v1")])
        form = OWN._replace(by_model=True, model="openai:m", base_url="http://h/v1", passages=5)
        new = tab.preferences.save(form)
    assert (new.base_url, new.passages) == ("http://u:hush@h/v1", 5)
