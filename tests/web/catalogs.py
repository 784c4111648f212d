"""What the page says, gathered from its modules and scripts: ``python -m tests.web.catalogs``.

That brings the catalogs up to date: new texts are added without a translation,
and those that are said no more are left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime

from babel.messages import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from assistant.web.language import CATALOGS, ENGLISH, LANGUAGES

WEB = CATALOGS.parent
SINGLE, PLURAL = ("say", "later"), "several"
"""What texts are said by: in one form, and in one for each number."""
OTHERS = [language for language in LANGUAGES if language != ENGLISH]


def gathered() -> Catalog:
    """Return all texts that the page says."""
    catalog = Catalog(charset="utf-8")
    for file in sorted(WEB.rglob("*.js")):
        for _, text, _, _ in extract_from_file("javascript", str(file), dict.fromkeys(SINGLE)):
            catalog.add(text)
    for file in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (text := _said(node)):
                catalog.add(text)
    return catalog


def _said(call: ast.Call) -> str | tuple[str, ...]:
    """Return the text that a call is about, in one form or two; nothing where it is no such call.

    Babel itself does not look inside f-strings.
    """
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    forms = 1 if name in SINGLE else 2 if name == PLURAL else 0
    texts = [str(a.value) for a in call.args[:forms] if isinstance(a, ast.Constant)]
    if not forms or len(texts) != forms:
        return ""
    return texts[0] if forms == 1 else tuple(texts)


def read(language: str) -> Catalog:
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def sentences(catalog: Catalog) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield each text and its translation, each of one form or of several."""
    for message in catalog:
        if message.id:
            yield _forms(message.id), _forms(message.string)


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text or ""),)


def main() -> None:
    """Bring the catalogs up to date."""
    template = gathered()
    for language in OTHERS:
        path = CATALOGS / f"{language}.po"
        old = read(language) if path.exists() else Catalog(locale=language)
        new = _blank(language)
        for message in template:
            if message.id:
                known = old.get(message.id)
                new.add(message.id, known.string if known else None)
        write(language, new)


def write(language: str, catalog: Catalog) -> None:
    with (CATALOGS / f"{language}.po").open("wb") as file:
        write_po(file, catalog, sort_output=True, width=100, no_location=True)


def _blank(language: str) -> Catalog:
    return Catalog(
        locale=language,
        header_comment=f"# What the page says: {LANGUAGES[language]}.",
        project="cited-assistant",
        version="1",
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        last_translator="",
        language_team="",
        charset="utf-8",
        fuzzy=False,
    )


if __name__ == "__main__":
    main()
