"""Who may talk to the page: the browser that was given its address, and no web site.

A page elsewhere can point its own host name at 127.0.0.1 (DNS rebinding) or
post a form across origins. So every request must name a host that this server
is known by, and one with an Origin must come from the page itself. Answers
carry a Content-Security-Policy under which nothing is loaded from elsewhere.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ANYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - recognised here, not bound to
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::\d{1,5})?")
_HEADERS = {
    # Gradio compiles its templates in the browser and starts from inline scripts.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
        " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
        " connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; frame-src 'none';"
        " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Where Gradio would hand out uploaded files again, or fetch things for the browser.
_CLOSED = tuple(f"/gradio_api/{name}" for name in ("file=", "file/", "proxy=", "stream/"))


class Guard:
    """ASGI middleware: turns strangers away, and says what a browser may load."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        """Take the application and the host name or address that it is served on."""
        self.app = app
        self.names = {"localhost", "127.0.0.1", "::1"}
        self.any_address = host in _ANYWHERE
        self.names.add(socket.gethostname().lower() if self.any_address else host.lower())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with the reason why not."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(headers.getlist("host"), headers.getlist("origin"))
        if refusal or scope["path"].startswith(_CLOSED):
            status = 403 if refusal else 404
            response = PlainTextResponse(refusal or "Not found.", status, dict(_HEADERS))
            await response(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self.app(scope, receive, send_guarded)

    def _refusal(self, hosts: list[str], origins: list[str]) -> str:
        if len(hosts) != 1 or not self._known(_name(hosts[0])):
            return (
                f"This server doesn't answer to the host {' '.join(hosts)!r}. "
                "Open it by the address it was started with."
            )
        if any(urlsplit(origin).netloc.lower() != hosts[0].lower() for origin in origins):
            return f"Requests from {' '.join(origins)!r} are not answered."
        return ""

    def _known(self, name: str) -> bool:
        # An address can't be rebound, only a name can.
        return name in self.names or (self.any_address and _is_address(name))


def _name(host: str) -> str:
    """Return the host without its port, in lower case; empty where it can't be read."""
    match = _HOST.fullmatch(host)
    return match[1].strip("[]").lower() if match else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
