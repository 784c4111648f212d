"""Token counts without any download."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given

from assistant import tokens
from tests.strategies import nasty_text


@pytest.fixture(autouse=True)
def no_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path_factory.mktemp("empty")))
    tokens._cached_encoding.cache_clear()


def test_without_its_data_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert tokens.count("Hello there.") == tokens.Count(4, estimated=True)


def test_the_estimate_for_english_is_between_one_and_two_tokens_a_word() -> None:
    text = "The quarrel broke out just as the plan was to turn from machines to institutions."
    assert 15 <= tokens.count(text).tokens <= 30


def test_fit_takes_whole_texts_from_the_first() -> None:
    texts = ["one two three"] * 4
    each = tokens.count(texts[0]).tokens
    assert tokens.fit(texts, 3 * each) == 3
    assert tokens.fit(texts, 3 * each - 1) == 2
    assert tokens.fit(texts, 0) == 0


@given(nasty_text)
def test_no_text_is_free_or_fails(text: str) -> None:
    assert (tokens.count(text).tokens > 0) == bool(text)
