"""The chat page: ask, read, click a mark, see the very sentence in its place.

``launch`` serves the page until Ctrl-C; ``build`` makes it for an opened
assistant. Gradio is imported here and nowhere else, and only when one of the
two is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.web.serve import add_samples, launch

if TYPE_CHECKING:
    import gradio as gr

    from assistant.assistant import Assistant

__all__ = ["add_samples", "build", "launch"]


def build(assistant: Assistant) -> gr.Blocks:
    """Return the page for an opened assistant, ready to be launched."""
    from assistant.web.serve import keep_offline

    keep_offline()
    from assistant.indexes import Indexes
    from assistant.web import page

    return page.build(Indexes(assistant))
