"""A page of the web → Document, only where a user names it, and never from inside their network."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

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
_GZIP = 16
"""Tells zlib that what it unpacks has gzip's head."""
_SECRET = re.compile(
    r"token|secret|passw|signature|credential|session|api_?key|^(?:auth|key|sig)$", re.IGNORECASE
)
_HEADERS = {"User-Agent": "cited-assistant", "Accept-Encoding": "identity"}


def load_url(url: str, limits: Limits, *, private: bool = False) -> Document:
    """Load a page or a file of the web; its address is its source, and without http its name.

    A user's name and password in the address are used, but not kept. Raises
    :class:`LoadError` for addresses that are not http or https, kinds of
    content that no reader knows, and what is too large or takes too long. A
    host in a private network is refused, wherever redirects lead, unless
    ``private`` ones are allowed.
    """
    parts = _parts(url)
    source = urlunsplit(parts)
    try:
        reply, data = _fetched(source, _login(url), limits, private)
    except httpx.TimeoutException as error:
        raise LoadError(
            f"{source} took too long: more than {limits.seconds:g} seconds, or than {_PATIENCE:g} "
            "for a piece of it. Try again, or raise ASSISTANT_MAX_SECONDS."
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        reason = str(error) or type(error).__name__
        raise LoadError(f"{source} can't be read: {reason}. Check the address.") from error
    if not data:
        raise EmptyDocument(f"{source} is empty. Nothing was added.")
    name = _name(parts)
    path = Path(PurePosixPath(name).name).with_suffix(_suffix(source, parts.path, reply))
    document = parse(path, name, data, limits)
    return replace(document, source=source, modified=_changed(reply))


def _parts(url: str) -> SplitResult:
    """Return the parts of an address, without a user's name and password."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise LoadError(f"{url} is no address of a page. Give one that begins with https://.")
    host = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=host if port is None else f"{host}:{port}")


def _login(url: str) -> tuple[str, str] | None:
    """Return the user's name and password in an address, if there are any."""
    parts = urlsplit(url)
    if not parts.username:
        return None
    return unquote(parts.username), unquote(parts.password or "")


def _name(parts: SplitResult) -> str:
    """Return an address as a document's name, which is shown and may go to a language model.

    Fields that hold a secret are left out, and so is what can't be seen.
    """
    fields = [one for one in parts.query.split("&") if not _SECRET.search(one.partition("=")[0])]
    query = "&".join(fields)
    name = unquote(f"{parts.netloc}{parts.path}".rstrip("/") + (f"?{query}" if query else ""))
    return "".join(filter(str.isprintable, name))


def _fetched(
    url: str, login: tuple[str, str] | None, limits: Limits, private: bool
) -> tuple[httpx.Response, bytes]:
    """Return a reply and its body, read no further than the limits allow."""
    until = time.monotonic() + limits.seconds
    data = bytearray()
    with (
        httpx.Client(
            transport=PublicTransport(private=private, until=until),
            timeout=_PATIENCE,
            follow_redirects=True,
            max_redirects=_MOST_REDIRECTS,
            trust_env=False,
            headers=_HEADERS,
        ) as client,
        client.stream("GET", url, auth=login) as reply,
    ):
        reply.raise_for_status()
        for piece in _unpacked(reply, limits.file_bytes + 1):
            data += piece
            if len(data) > limits.file_bytes:
                raise LoadError(
                    f"{url} has more than {limits.file_bytes / 1e6:g} MB, the limit for a file. "
                    "Raise ASSISTANT_MAX_FILE_MB, or save it and add a part."
                )
    return reply, bytes(data)


def _unpacked(reply: httpx.Response, most: int) -> Iterator[bytes]:
    """Yield a reply's body in pieces of at most so many bytes; some servers pack it unasked.

    httpx would unpack each piece to whatever size.
    """
    packing = reply.headers.get("content-encoding", "").strip().lower()
    if packing in {"", "identity"}:
        yield from reply.iter_raw()
        return
    if packing not in {"gzip", "x-gzip"}:
        raise ValueError(f"it is packed as {packing}, though it was asked for as it is")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | _GZIP)
    try:
        for piece in reply.iter_raw():
            yield unpacker.decompress(piece, most)
    except zlib.error as error:
        raise ValueError(f"it can't be unpacked ({error})") from error
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it can't be unpacked: its end is missing, or more follows it")


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
    except (KeyError, ValueError, OverflowError):
        return ""
