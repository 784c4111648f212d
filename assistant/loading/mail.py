"""E-mails → who wrote what to whom, and what was attached."""

from __future__ import annotations

import email
from email.message import EmailMessage, MIMEPart
from email.policy import default
from pathlib import PurePath

from assistant.errors import CorruptDocument, LoadError
from assistant.loading import formats
from assistant.loading.extracted import Blocks, Extracted
from assistant.loading.html import read_page
from assistant.loading.limits import Limits
from assistant.places import Receipt

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_MOST_ATTACHMENTS = 100


def read_mail(data: bytes, limits: Limits) -> Extracted:
    """Read an e-mail: headers, text, and the attachments of kinds that can be read.

    Mails and archives inside it are not opened.
    """
    message = email.message_from_bytes(data, policy=default)
    if not any(message[name] for name in _HEADERS):
        raise CorruptDocument("it is no e-mail. Check its ending.")
    blocks = Blocks()
    blocks.add(
        "\n".join(f"{name}: {_one_line(message[name])}" for name in _HEADERS if message[name])
    )
    blocks.include(_body(message))
    skipped = []
    attached = list(message.iter_attachments())
    for part in attached[:_MOST_ATTACHMENTS]:
        fault = _attach(blocks, part, limits)
        if fault:
            skipped.append(fault)
    more = len(attached) - _MOST_ATTACHMENTS
    if more > 0:
        skipped.append(f"{more:,} attachments after the first {_MOST_ATTACHMENTS} were not read")
    title = _one_line(message["Subject"] or "")
    return blocks.extracted(title, Receipt(skipped=tuple(skipped)))


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def _body(message: EmailMessage) -> Extracted:
    part = message.get_body(("plain", "html"))
    if part is None:
        return Extracted("")
    text = _text(part)
    return read_page(text) if part.get_content_subtype() == "html" else Extracted(text.strip())


def _text(part: MIMEPart) -> str:
    try:
        text = str(part.get_content())
    except (LookupError, ValueError):
        # It names an encoding that there is not, or breaks it.
        raw = part.get_payload(decode=True)
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    return text.encode("utf-8", "replace").decode("utf-8")


def _attach(blocks: Blocks, part: EmailMessage, limits: Limits) -> str:
    """Add the text of an attachment under its name; return why it could not be read, if so."""
    name = _one_line(part.get_filename() or "") or f"a part of type {part.get_content_type()}"
    suffix = PurePath(name).suffix.lower()
    data = part.get_payload(decode=True)
    if suffix == ".eml" or suffix not in formats.READERS or not isinstance(data, bytes):
        return f"the attachment {name} was not read: save it, and add it on its own"
    try:
        found = formats.read(suffix, data, limits)
    except LoadError as error:
        return f"the attachment {name} was not read: {error}"
    if not found.text.strip():
        return f"the attachment {name} holds no text"
    blocks.add(name, level=1)
    blocks.include(found, deeper=1)
    return "; ".join(f"{name}: {fault}" for fault in found.receipt.skipped)
