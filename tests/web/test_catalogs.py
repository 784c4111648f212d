"""All that the page says is in every catalog, whole, and nothing is said past them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.catalogs import OTHERS, PLURAL, SINGLE, WEB, gathered, read, sentences

_SLOT = re.compile(r"\{\w+\}")
_TAG = re.compile(r"</?\w+>")
_IN_HTML = re.compile(
    r"(?<![=-])>[\s“(:,.·]*[A-Za-z]{2,}|\b(?:aria-label|title|alt|placeholder)=\"[A-Za-z]"
)
_IN_A_SCRIPT = re.compile(r"(?<!say\()(?<!later\()(['`])[A-Z][a-z]+ [a-z]")
_NAMES = {"label", "placeholder", "info"}
_EXAMPLE = re.compile(r"\S*:\S*|")
_OURS = "<h1>Assistant</h1>"


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_is_in_every_catalog_and_nothing_else_is(language: str) -> None:
    said = {text for text, _ in sentences(gathered())}
    translated = {text: forms for text, forms in sentences(read(language)) if all(forms)}
    assert said - set(translated) == set(), "`python -m tests.web.catalogs` adds them"
    assert set(translated) - said == set(), "`python -m tests.web.catalogs` leaves them out"


@pytest.mark.parametrize("language", OTHERS)
def test_translations_hold_the_same_values_and_the_same_tags(language: str) -> None:
    for text, forms in sentences(read(language)):
        for form in forms:
            assert set(_SLOT.findall(form)) == set(_SLOT.findall(text[-1])), form
            assert sorted(_TAG.findall(form)) == sorted(_TAG.findall(text[-1])), form
            assert '"' not in form, f"It would end an attribute: {form}"


def test_nothing_is_said_past_the_catalogs() -> None:
    found = [f"{file.name}: {text}" for file in sorted(WEB.rglob("*.py")) for text in _past(file)]
    found += [
        f"{file.name}: {line.strip()}"
        for file in sorted(WEB.rglob("*.js"))
        for line in file.read_text("utf-8").splitlines()
        if _IN_A_SCRIPT.search(line) and not line.lstrip().startswith("//")
    ]
    assert found == []


def _past(file: Path) -> Iterator[str]:
    """Yield what a module says that no catalog has."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    fine = {one for node in nodes for one in _spared(node)}
    for node in nodes:
        text = _text(node)
        named = isinstance(node, ast.keyword) and node.arg in _NAMES
        live = _IN_HTML.search(text.replace(_OURS, ""))
        if node not in fine and (live or (named and not _EXAMPLE.fullmatch(text))):
            yield text


def _spared(node: ast.AST) -> list[ast.AST]:
    """Return the texts of a node that are in the catalogs, or are docstrings."""
    if isinstance(node, ast.Expr):
        return [node.value]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return [*node.args] if node.func.id in {*SINGLE, PLURAL} else []
    return []


def _text(node: ast.AST) -> str:
    """Return what a literal says, or one that is handed on by name."""
    if isinstance(node, ast.keyword):
        return _text(node.value) if node.arg in _NAMES else ""
    text = node.value if isinstance(node, ast.Constant) else ""
    return text if isinstance(text, str) else ""
