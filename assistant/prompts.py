"""Prompts are Markdown files: a section for each message, with variables that are checked.

A file holds ``## system`` and ``## human`` sections; variables stand in single
braces, as in ``{question}``. What is above the first section is a note for
whoever edits the file.
"""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from assistant import resources
from assistant.errors import PromptError

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate

_SECTION = re.compile(r"^## (system|human)\s*$", re.MULTILINE)


def load_prompt(
    name: str, variables: frozenset[str], folder: Path | None = None
) -> ChatPromptTemplate:
    """Load ``name``.md as a chat prompt that uses exactly these variables.

    Raises :class:`PromptError` where the file is missing, has no sections, or
    lacks a variable or names one too many.
    """
    path = (folder or resources.prompts_folder()) / f"{name}.md"
    try:
        parts = _SECTION.split(path.read_text("utf-8"))
    except OSError as error:
        raise PromptError(f"The prompt {path} can't be read: {error.strerror}.") from error
    sections = list(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))
    if not any(role == "human" for role, _ in sections):
        raise PromptError(f"The prompt {path} has no section `## human`. Add one.")
    used = _variables(path, "\n".join(text for _, text in sections))
    if used != variables:
        missing, unknown = sorted(variables - used), sorted(used - variables)
        faults = [f"lacks {{{v}}}" for v in missing] + [f"names unknown {{{v}}}" for v in unknown]
        raise PromptError(
            f"The prompt {path} {', '.join(faults)}. "
            f"Its variables are {', '.join(sorted(variables))}; write braces in text twice."
        )
    from langchain_core.prompts import ChatPromptTemplate

    return ChatPromptTemplate.from_messages(sections)


def _variables(path: Path, text: str) -> frozenset[str]:
    try:
        fields = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    except ValueError as error:
        raise PromptError(f"The prompt {path} has a stray brace: {error}.") from None
    return frozenset(fields)
