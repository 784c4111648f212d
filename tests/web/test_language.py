"""The page speaks the language that is asked for, with its numbers, days and plurals."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from assistant.web import language
from assistant.web.labels import Speaking
from assistant.web.language import day, number, preferred, say, several, speaking, spoken


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("pt-BR,fr;q=0.5", "fr"),
        ("fr;q=0.2, es-MX;q=0.9", "es"),
        ("EN-us", "en"),
        ("zh", "en"),
        ("", "en"),
        ("*", "en"),
        ("de;q=x,fr", "fr"),
        ("de" + ",x" * 100_000, "de"),
    ],
)
def test_a_browser_gets_what_it_prefers(accepted: str, language: str) -> None:
    assert preferred(accepted) == language


def test_a_text_its_plural_and_its_numbers() -> None:
    def documents(count: int) -> str:
        return several("{count} document", "{count} documents", count)

    assert say("Ask again") == "Ask again"
    assert [documents(1), documents(1200)] == ["1 document", "1,200 documents"]
    with speaking("de"):
        assert say("Searched for: {question}", question="{x}") == "Gesucht nach: {x}"
        assert [documents(1), documents(1200)] == ["1 Dokument", "1.200 Dokumente"]
        assert number(0.5, 2) == "0,50"
    with speaking("fr"):
        assert [documents(0), documents(2)] == ["0 document", "2 documents"]


def test_days_are_written_as_usual() -> None:
    now = datetime(2026, 11, 28, 12, 0)
    then = [datetime(2026, 11, 28, 9, 5), datetime(2026, 3, 4), datetime(2025, 3, 4)]
    assert [day(one, now) for one in then] == ["09:05", "4 March", "4 March 2025"]
    with speaking("de"):
        assert [day(one, now) for one in then] == ["09:05", "4. März", "4. März 2025"]


def test_scripts_are_told_the_texts_of_a_language() -> None:
    assert language.texts() == {}
    with speaking("es"):
        assert language.texts()["Copied"] == "Copiado"


@pytest.mark.parametrize(("chosen", "heard"), [("", "fr"), ("de", "de")])
def test_where_a_language_is_chosen_every_browser_gets_it(chosen: str, heard: str) -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((dict(scope["headers"])[b"accept-language"].decode(), spoken()))

    scope = {"type": "http", "headers": [(b"accept-language", b"fr")]}
    asyncio.run(Speaking(app, lambda: chosen)(scope, None, None))  # type: ignore[arg-type]
    assert seen == [(heard, heard)]
    assert spoken() == "en"
