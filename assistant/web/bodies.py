"""How much a request may bring along: uploads a lot, anything else little."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

UPLOAD = "/gradio_api/upload"
_MEGABYTE = 1_000_000
_HINT = " Upload fewer files at a time, or add their folder with `assistant add`."


class Bodies:
    """ASGI middleware: answers what is too long with 413 and the reason.

    It is read to its end all the same, and not kept: otherwise the connection
    breaks, and a browser never shows the answer.
    """

    def __init__(self, app: ASGIApp, upload_mb: float) -> None:
        """Take the application, and the most megabytes that are uploaded at once."""
        self.app = app
        self.upload_mb = upload_mb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as far as it is short enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        uploads = scope["path"].rstrip("/") == UPLOAD
        body = _Body(receive, self.upload_mb if uploads else 1)
        started = False

        async def noticed(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            body.check(Headers(scope=scope).get("content-length", ""))
            await self.app(scope, body.receive, noticed)
        except _TooLongError:
            if started:
                raise
            await body.drain()
            hint = _HINT if uploads else ""
            text = f"That is more than the {body.most:,g} MB that may be sent at once.{hint}"
            await PlainTextResponse(text, 413)(scope, receive, send)


class _TooLongError(Exception):
    """A body turned out too long."""


class _Body:
    """The body of a request, counted while it is read."""

    def __init__(self, receive: Receive, most: float) -> None:
        self._receive = receive
        self.most = most
        self._read = 0
        self._more = True

    def check(self, announced: str) -> None:
        if announced.isdecimal() and int(announced) > self.most * _MEGABYTE:
            raise _TooLongError

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._more = message.get("more_body", False)
            self._read += len(message.get("body", b""))
            if self._read > self.most * _MEGABYTE:
                raise _TooLongError
        return message

    async def drain(self) -> None:
        """Read what is left."""
        while self._more:
            message = await self._receive()
            self._more = message.get("more_body", False)
