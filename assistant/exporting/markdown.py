"""A conversation as Markdown, in which nothing is live."""

from __future__ import annotations

from assistant import render
from assistant.exchanges import Conversation
from assistant.exporting import said


def to_markdown(conversation: Conversation) -> bytes:
    """Return a conversation as a Markdown file."""
    blocks = [f"# {render.markdown_line(conversation.title)}", f"*{said.dated(conversation)}*"]
    for exchange in conversation.exchanges:
        blocks.append(f"## {render.markdown_line(exchange.question)}")
        blocks += [f"*{render.markdown_line(remark)}*" for remark in said.remarks(exchange)]
        if exchange.answer:
            blocks.append(render.to_markdown(exchange.answer).strip())
    if cited := said.documents(conversation):
        blocks += ["## Documents cited", "\n".join(f"- {render.markdown_line(d)}" for d in cited)]
    return ("\n\n".join(blocks) + "\n").encode()
