"""Passwords are kept as hashes, compared whole, and asked for where others could come in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import SettingsError
from assistant.passwords import Hashed, line, users
from assistant.settings import Settings
from assistant.web.serve import who_may_log_in
from tests.commands import start

PASSWORD = "correct horse"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - refused


@settings(max_examples=3)
@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_a_hash_matches_its_password_only(password: str, other: str) -> None:
    hashed = Hashed.read(Hashed.of(password).written())
    assert hashed.matches(password)
    assert hashed.matches(other) == (other == password)


def test_the_same_password_never_has_the_same_hash() -> None:
    assert Hashed.of(PASSWORD).written() != Hashed.of(PASSWORD).written()
    assert PASSWORD not in Hashed.of(PASSWORD).written()


def test_users_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    file.write_text(f"# ours\n\n{line('ada', PASSWORD)}\n{line('Ben O.', 'another one')}\n")
    found = users(Settings.load(users=file))
    assert found
    assert found.named
    assert found.user("ada", PASSWORD) == "ada"
    assert found.user("Ben O.", "another one") == "Ben O."
    for name, password in (("ada", "another one"), ("ADA", PASSWORD), ("", PASSWORD), ("eve", "")):
        assert found.user(name, password) is None


def test_one_password_for_all_needs_no_name() -> None:
    found = users(Settings.load(password=PASSWORD))
    assert found
    assert not found.named
    assert found.user("anybody", PASSWORD) == ""
    assert found.user("", "wrong horse") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ada:secret", "Line 1"),
        ("# x\nada", "Line 2"),
        ("ada:scrypt$1$2$3$?$?", "Line 1"),
        ("ada:md5$1$1$1$AA==$AA==", "Line 1"),
        ("\n", "names nobody"),
    ],
)
def test_a_users_file_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "users.txt"
    file.write_text(text)
    with pytest.raises(SettingsError, match=said):
        users(Settings.load(users=file))


def test_a_missing_users_file_lets_nobody_in(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read"):
        users(Settings.load(users=tmp_path / "none.txt"))


@pytest.mark.parametrize("name", ["", "a:b", " ada", "#ada"])
def test_names_that_would_break_the_file(name: str) -> None:
    with pytest.raises(SettingsError, match="no name"):
        line(name, PASSWORD)


def test_a_short_password_is_refused() -> None:
    with pytest.raises(SettingsError, match="at least 8"):
        line("ada", "short")
    with pytest.raises(SettingsError, match="ASSISTANT_PASSWORD is too short"):
        users(Settings.load(password="short"))


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.168.1.5", "notes.lan", ""])
def test_other_addresses_demand_a_password(host: str) -> None:
    with pytest.raises(SettingsError, match=r"ASSISTANT_PASSWORD.*ASSISTANT_USERS"):
        who_may_log_in(Settings.load(host=host))
    assert who_may_log_in(Settings.load(host=host, password=PASSWORD))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_demands_none(host: str) -> None:
    assert who_may_log_in(Settings.load(host=host)) is None


def test_the_command_reads_a_password_and_writes_a_line(tmp_path: Path) -> None:
    with start(["password", "ada"], stdin=-1) as process:
        out, error = process.communicate(f"{PASSWORD}\n", timeout=60)
    assert (process.returncode, error) == (0, "")
    file = tmp_path / "users.txt"
    file.write_text(out)
    found = users(Settings.load(users=file))
    assert found
    assert found.user("ada", PASSWORD) == "ada"
    with start(["chat", "--host", EVERYWHERE]) as process:
        out, error = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "ASSISTANT_PASSWORD" in error
    assert "Traceback" not in error
