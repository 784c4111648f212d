"""A receipt in words: what of a file was not read, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.places import Receipt, Unit

_NAMED = 10


def remarks(receipt: Receipt) -> tuple[str, ...]:
    """Return what a user should know of how a file was read; nothing where all of it was."""
    return (*_counted(receipt), *receipt.skipped)


def _counted(receipt: Receipt) -> Iterator[str]:
    of = f"of {receipt.units:,} {receipt.unit}s"
    maybe = " and may be scans" if receipt.unit is Unit.PAGE else ""
    if receipt.blank:
        yield f"{len(receipt.blank)} {of} hold no text{maybe}: {_few(receipt.blank)}"
    if receipt.unread:
        yield f"{len(receipt.unread)} {of} are damaged: {_few(receipt.unread)}"
    if receipt.recognised:
        yield f"{len(receipt.recognised)} {of} were read by OCR: {_few(receipt.recognised)}"


def _few(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:_NAMED])) + (" …" if len(numbers) > _NAMED else "")
