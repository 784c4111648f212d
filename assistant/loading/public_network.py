"""Connections to the public network only: the address is checked that is really connected to."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address

import httpcore
import httpx
from httpcore import SOCKET_OPTION

from assistant.errors import LoadError


class PublicTransport(httpx.BaseTransport):
    """Sends requests of httpx, and refuses hosts in private networks unless they are allowed."""

    def __init__(self, *, private: bool) -> None:
        """Open nothing yet."""
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=_Backend(private=private),
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

    def __init__(self, *, private: bool) -> None:
        self._private = private

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
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


def _is_public(address: str) -> bool:
    """Tell an address of the public network; one of IPv4 in the dress of IPv6 counts as itself."""
    known = ip_address(address.partition("%")[0])
    mapped = getattr(known, "ipv4_mapped", None) or getattr(known, "sixtofour", None)
    return all(one.is_global and not one.is_multicast for one in (known, mapped or known))


@contextmanager
def _explained() -> Iterator[None]:
    """Turn the errors of the transport into those that httpx's users know."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise httpx.TimeoutException("it took too long to answer") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise httpx.TransportError(str(error) or type(error).__name__) from error
