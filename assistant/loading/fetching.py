"""A page of the web → Document, only where a user names it, and never from inside their network."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import httpx

from assistant.errors import EmptyDocument, LoadError, UnsupportedFormat
from assistant.loading import KINDS, parse
from assistant.loading.formats import READERS
from assistant.loading.limits import Limits
from assistant.loading.public_network import PublicTransport
from assistant.types import Document

_TYPES = {
    "application/epub+zip": ".epub",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".html",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "text/tab-separated-values": ".tsv",
}
_UNSAID = "application/octet-stream"
_MOST_REDIRECTS = 5
_PATIENCE = 15.0
"""Seconds to wait for a connection, and for each piece of a reply."""
_HEADERS = {"User-Agent": "cited-assistant", "Accept-Encoding": "identity"}


def load_url(url: str, limits: Limits, *, private: bool = False) -> Document:
    """Load a page or a file of the web; its address is its source, and without http its name.

    Raises :class:`LoadError` for addresses that are not http or https, kinds of
    content that no reader knows, and what is too large or takes too long. A
    host in a private network is refused, wherever redirects lead, unless
    ``private`` ones are allowed.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise LoadError(f"{url} is no address of a page. Give one that begins with https://.")
    try:
        reply, data = _fetched(url, limits, private)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise LoadError(f"{url} can't be read: {reason}. Check the address.") from error
    if not data:
        raise EmptyDocument(f"{url} is empty. Nothing was added.")
    name = unquote(
        f"{parts.netloc}{parts.path}".rstrip("/") + (f"?{parts.query}" * bool(parts.query))
    )
    path = Path(PurePosixPath(name).name).with_suffix(_suffix(url, parts.path, reply))
    document = parse(path, name, data, limits)
    return replace(document, source=url, modified=_changed(reply))


def _fetched(url: str, limits: Limits, private: bool) -> tuple[httpx.Response, bytes]:
    """Return a reply and its body, read no further than the limits allow."""
    until = time.monotonic() + limits.seconds
    data = bytearray()
    with (
        httpx.Client(
            transport=PublicTransport(private=private),
            timeout=_PATIENCE,
            follow_redirects=True,
            max_redirects=_MOST_REDIRECTS,
            trust_env=False,
            headers=_HEADERS,
        ) as client,
        client.stream("GET", url) as reply,
    ):
        reply.raise_for_status()
        for piece in reply.iter_bytes():
            data += piece
            if len(data) > limits.file_bytes:
                raise LoadError(
                    f"{url} has more than {limits.file_bytes / 1e6:g} MB, the limit for a file. "
                    "Raise ASSISTANT_MAX_FILE_MB, or save it and add a part."
                )
            if time.monotonic() > until:
                raise LoadError(
                    f"{url} took more than {limits.seconds:g} seconds. Try again, or raise "
                    "ASSISTANT_MAX_SECONDS."
                )
    return reply, bytes(data)


def _suffix(url: str, path: str, reply: httpx.Response) -> str:
    """Return the ending that says which reader is meant: by the reply's type, else by the path."""
    said = Message()
    said["content-type"] = reply.headers.get("content-type", _UNSAID)
    kind = said.get_content_type()
    ending = PurePosixPath(path).suffix.lower()
    # A server that calls a file plain text, or nothing in particular, may know less than its name.
    if kind in {_UNSAID, "text/plain"} and ending in READERS:
        return ending
    if kind not in _TYPES:
        raise UnsupportedFormat(f"{url} is {kind}, which can't be read. Readable are {KINDS}.")
    return _TYPES[kind]


def _changed(reply: httpx.Response) -> str:
    try:
        changed = parsedate_to_datetime(reply.headers["last-modified"])
        return changed.astimezone(UTC).date().isoformat()
    except (KeyError, ValueError):
        return ""
