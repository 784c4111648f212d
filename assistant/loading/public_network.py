"""Connections to the public network only: the address is checked that is really connected to."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from assistant.errors import LoadError

_TRANSLATED = ip_network("64:ff9b::/96")
"""Where a network without IPv4 finds the hosts of IPv4."""


class PublicTransport(httpx.BaseTransport):
    """Sends requests of httpx, and refuses hosts in private networks unless they are allowed."""

    def __init__(self, *, private: bool, until: float) -> None:
        """Open nothing yet; ``until`` is when, by ``time.monotonic``, all must be done."""
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_Backend(private=private, until=until),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; each redirect comes through here as well."""
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _explained():
            reply = self._pool.handle_request(sent)
        return httpx.Response(reply.status, headers=reply.headers, stream=_Body(reply))

    def close(self) -> None:
        """Let go of all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        with _explained():
            yield from self._reply.iter_stream()

    def close(self) -> None:
        self._reply.close()


class _Backend(httpcore.SyncBackend):
    """Resolves a host itself, so that what was checked is what is connected to."""

    def __init__(self, *, private: bool, until: float) -> None:
        self._private = private
        self._until = until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"there is no host {host}") from error
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        if not self._private and not all(map(_is_public, addresses)):
            raise LoadError(
                f"{host} is in a private network ({addresses[0]}), from which nothing is added. "
                "Set ASSISTANT_PRIVATE_URLS=true to allow it."
            )
        left = _left(self._until, timeout)
        stream = super().connect_tcp(addresses[0], port, left, local_address, socket_options)
        return _Timed(stream, self._until)


class _Timed(httpcore.NetworkStream):
    """Gives each step no more than what is left of the time for all of them."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream = stream
        self._until = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until, timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._until, timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float, patience: float | None) -> float:
    """Return the seconds that a step may take; raises where none are left."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("it took too long")
    return left if patience is None else min(left, patience)


def _is_public(address: str) -> bool:
    """Tell an address of the public network; one of IPv4 in the dress of IPv6 counts as itself."""
    known = ip_address(address.partition("%")[0])
    if known in _TRANSLATED:
        known = IPv4Address(known.packed[-4:])
    within = getattr(known, "sixtofour", None) or known
    return all(map(_is_for_everyone, (known, within)))


def _is_for_everyone(address: IPv4Address | IPv6Address) -> bool:
    # All other addresses of IPv4 inside those of IPv6 are among the reserved.
    barred = address.is_multicast or address.is_reserved or getattr(address, "is_site_local", False)
    return address.is_global and not barred


@contextmanager
def _explained() -> Iterator[None]:
    """Turn the errors of the transport into those that httpx's users know."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.TimeoutException("it took too long to answer") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise httpx.TransportError(str(error) or type(error).__name__) from error
