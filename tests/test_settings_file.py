"""Settings are written to their file whole, with its comments, and only for its owner's eyes."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import settings_file
from assistant.errors import SettingsError
from assistant.settings import SETTINGS_FILE, Settings

COMMENTED = '# Ours.\nport = 8080  # behind the proxy\nmodel = "ollama:x"\n'


def file() -> Path:
    return Path(SETTINGS_FILE)


def test_what_is_written_is_read_and_the_rest_stays() -> None:
    file().write_text(COMMENTED, "utf-8")
    settings_file.write({"model": None, "passages": 4, "wrong_answers": 0.1, "language": "de"})
    said = file().read_text("utf-8")
    assert said.startswith("# Ours.\nport = 8080  # behind the proxy\n")
    settings = Settings.load()
    assert (settings.model, settings.passages, settings.port) == ("", 4, 8080)
    assert (settings.wrong_answers, settings.language) == (0.1, "de")


def test_a_file_with_a_key_is_its_owners_alone() -> None:
    file().write_text(COMMENTED, "utf-8")
    file().chmod(0o644)
    settings_file.write({"passages": 4})
    assert file().stat().st_mode & 0o777 == 0o644
    settings_file.write({"api_key": 'a "key"'})
    assert file().stat().st_mode & 0o777 == 0o600
    assert Settings.load().api_key.get_secret_value() == 'a "key"'


def test_a_new_file_is_private_and_nothing_is_left_beside_it() -> None:
    settings_file.write({"api_key": "k"})
    assert file().stat().st_mode & 0o777 == 0o600
    assert [path.name for path in Path().iterdir()] == [SETTINGS_FILE]


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text("port = 1\n", "utf-8")
    file().symlink_to(tmp_path / "elsewhere.toml")
    settings_file.write({"passages": 2})
    assert file().is_symlink()
    assert "passages = 2" in (tmp_path / "elsewhere.toml").read_text("utf-8")


def test_a_file_that_cannot_be_read_is_left_alone() -> None:
    file().write_text("model = = 3\n", "utf-8")
    with pytest.raises(SettingsError, match=r"assistant\.toml can't be written"):
        settings_file.write({"passages": 4})
    assert file().read_text("utf-8") == "model = = 3\n"


def test_a_folder_in_its_place_is_named() -> None:
    file().mkdir()
    with pytest.raises(SettingsError, match="Nothing was changed"):
        settings_file.write({"passages": 4})
