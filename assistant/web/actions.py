"""What can be done with an answer: copied, asked again, its question changed, judged."""

from __future__ import annotations

from assistant import render
from assistant.exchanges import Exchange, Stage, Thumb
from assistant.types import Answer
from assistant.web.inert import inert
from assistant.web.language import later, say

_JUDGED = {Thumb.UP: later("Good answer"), Thumb.DOWN: later("Bad answer")}


def actions(exchange: Exchange, *, last: bool) -> str:
    """Return the buttons below an answer; only the last question can be asked again."""
    if exchange.stage is Stage.RUNNING:
        return ""
    buttons = [_copy(exchange.answer)] if exchange.answer else []
    if last:
        question = inert(exchange.question)
        buttons += [
            _button("retry", say("Ask again")),
            _button("edit", say("Edit question"), f' data-text="{question}"'),
        ]
    if exchange.answer:
        buttons += [_thumb(exchange, thumb) for thumb in _JUDGED]
    if exchange.thumb:
        label = say("Change reason") if exchange.reason else say("Add reason")
        buttons.append(_button("reason", label, _judged(exchange, exchange.thumb)))
    if exchange.thumb is Thumb.DOWN:
        buttons.append(_expect(exchange))
    return f'<div class="actions">{"".join(buttons)}</div>{_remarks(exchange)}'


def _remarks(exchange: Exchange) -> str:
    """Return why somebody thinks of an answer as they do, and what the right one is."""
    said = (
        [say(_JUDGED[exchange.thumb]), exchange.reason]
        if exchange.thumb and exchange.reason
        else []
    )
    lines = [": ".join(said)] if said else []
    if exchange.expected:
        kept = say(
            "Kept as a question of your set. The right answer: {text}", text=exchange.expected
        )
        lines.append(kept)
    elif exchange.expected is not None:
        lines.append(say("Kept as a question of your set, which should be refused."))
    return "".join(f'<p class="note reason" dir="auto">{inert(line)}</p>' for line in lines)


def _expect(exchange: Exchange) -> str:
    make, change = say("Make it a question"), say("Change the right answer")
    label = make if exchange.expected is None else change
    known = f' data-number="{exchange.number}" data-text="{inert(exchange.expected or "")}"'
    return _button("expect", label, known)


def _copy(answer: Answer) -> str:
    return _button("copy", say("Copy"), f' data-text="{inert(render.to_text(answer))}"')


def _thumb(exchange: Exchange, thumb: Thumb) -> str:
    pressed = "true" if exchange.thumb is thumb else "false"
    known = f'{_judged(exchange, thumb)} aria-pressed="{pressed}"'
    return _button("thumb", say(_JUDGED[thumb]), known)


def _judged(exchange: Exchange, thumb: Thumb) -> str:
    known = f' data-number="{exchange.number}" data-thumb="{thumb}"'
    return f'{known} data-text="{inert(exchange.reason)}"'


def _button(do: str, label: str, rest: str = "") -> str:
    return f'<button type="button" class="action" data-do="{do}"{rest}>{label}</button>'
