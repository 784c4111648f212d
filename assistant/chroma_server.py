"""Chroma as a server (``chroma run``), which the readers of several machines can ask.

Each index has a collection of its own there, under a name that no other index
gets. Its metadata hold a mark that changes with each write and is part of the
seal: what another copy of the index wrote is noticed, and not answered from.
"""

from __future__ import annotations

import json
import re
import uuid
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any
from urllib.parse import urlsplit

from assistant.errors import SettingsError, StoreUnavailable
from assistant.vectors import COSINE, Opened

_MARK = "mark"
_KNOCK_SECONDS = 3.0
_WAIT_SECONDS = 60.0
_NO_NAME = re.compile(r"[^A-Za-z0-9]+")


class ServerHome:
    """A Chroma server that keeps a store for one index."""

    def __init__(self, url: str, index: str) -> None:
        """Name the server and the index; nothing is reached yet."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SettingsError(
                f"ASSISTANT_CHROMA_URL = {url!r} is no address. Set it to one such as "
                "http://127.0.0.1:8000."
            )
        self.url = url.rstrip("/")
        self._parts = parts
        self._index = index

    def changeable(self, seal: str, size: int) -> bool:
        """Tell that a server's store can always be changed."""
        return True

    def plausible(self, seal: str) -> bool:
        """Tell whether the seal is of this server."""
        return _read(seal)[0] == self.url

    def open(self, seal: str) -> Opened:
        """Open the collection; raises :class:`StoreUnavailable` where its mark is another."""
        _, name, mark = _read(seal)
        client = self._client()
        try:
            collection = client.get_collection(name, embedding_function=None)
        except BaseException:
            _close(client)
            raise
        if _mark_of(collection) != mark:
            _close(client)
            raise StoreUnavailable(
                f"The collection {name} at {self.url} was changed by another copy of this index. "
                "`assistant verify --repair` makes one for this copy."
            )
        return Opened(client, collection)

    def reading(self) -> AbstractContextManager[bool]:
        """Hold nobody off: that is the server's business."""
        return nullcontext(True)

    def writing(self) -> AbstractContextManager[None]:
        """Hold nobody off: that is the server's business."""
        return nullcontext()

    def create(self, size: int) -> Opened:
        """Make an empty collection under a new name."""
        readable = _NO_NAME.sub("-", self._index).strip("-")[:40]
        name = f"assistant-{readable}-{uuid.uuid4().hex}".replace("--", "-")
        client = self._client()
        collection = client.create_collection(
            name, embedding_function=None, configuration={"hnsw": COSINE}
        )
        return Opened(client, collection)

    def publish(self, built: Opened, before: str) -> Opened:
        """Delete the collection that was used before, unless another copy has changed it."""
        with suppress(Exception):  # it may be gone, or damaged; the new one is there
            self._delete(built.client, before)
        return built

    def discard(self, built: Opened) -> None:
        """Delete the collection that was created."""
        with suppress(Exception):  # the server may be what failed
            built.client.delete_collection(built.collection.name)
        self.close(built)

    def close(self, opened: Opened) -> None:
        """Let go of the server."""
        _close(opened.client)

    def seal(self, opened: Opened) -> str:
        """Give the collection a new mark, and return it with the names of server and collection."""
        mark = uuid.uuid4().hex
        opened.collection.modify(metadata={_MARK: mark})
        return json.dumps([self.url, opened.collection.name, mark])

    def away(self, error: Exception) -> bool:
        """Tell whether the server could not be reached, or serves another copy of the index."""
        import httpx

        return isinstance(error, StoreUnavailable | httpx.TransportError)

    def _delete(self, client: Any, seal: str) -> None:
        url, name, mark = _read(seal)
        if url != self.url:
            return
        if _mark_of(client.get_collection(name, embedding_function=None)) == mark:
            client.delete_collection(name)

    def _client(self) -> Any:
        import httpx
        from chromadb import HttpClient

        try:
            # Chroma's client would wait for ever.
            httpx.get(f"{self.url}/api/v2/heartbeat", timeout=_KNOCK_SECONDS).raise_for_status()
        except httpx.HTTPError as error:
            raise StoreUnavailable(
                f"The Chroma server at {self.url} can't be reached ({error}). Start it, or set "
                "ASSISTANT_CHROMA_URL to where it is."
            ) from error
        secure = self._parts.scheme == "https"
        port = self._parts.port or (443 if secure else 80)
        client: Any = HttpClient(str(self._parts.hostname), port, ssl=secure)
        for session in _sessions(client):
            session.timeout = _WAIT_SECONDS
        return client


def delete(seal: str) -> None:
    """Delete the collection of a seal, if it is a server's, unless another copy has changed it.

    Raises :class:`StoreUnavailable` where the server can't be reached, or does not do it.
    """
    from chromadb.errors import NotFoundError

    url, name, _ = _read(seal)
    if not url:
        return
    home = ServerHome(url, name)
    client = home._client()
    try:
        home._delete(client, seal)
    except NotFoundError:
        return
    except Exception as error:
        raise StoreUnavailable(
            f"The Chroma server at {url} did not delete the collection {name} ({error})."
        ) from error
    finally:
        _close(client)


def _close(client: Any) -> None:
    client.close()
    for session in _sessions(client):
        session.close()


def _sessions(client: Any) -> list[Any]:
    """Return what a client keeps open to the server, and itself neither limits nor closes."""
    return [part._server._session for part in (client, client._admin_client)]


def _mark_of(collection: Any) -> str:
    return str((collection.metadata or {}).get(_MARK, ""))


def _read(seal: str) -> tuple[str, str, str]:
    """Return the url, the name and the mark of a seal, or nothings."""
    try:
        url, name, mark = json.loads(seal)
    except (TypeError, ValueError):  # the seal of another kind of home
        return "", "", ""
    return url, name, mark
