"""How much a request may bring along: uploads a lot, anything else little."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException
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
            if not body.too_long:
                started = True
                await send(message)

        try:
            body.check(Headers(scope=scope).get("content-length", ""))
            await self.app(scope, body.receive, noticed)
        except _BrokenOffError:
            if started:
                raise
        if body.too_long and not started:
            await body.drain()
            hint = _HINT if uploads else ""
            text = f"That is more than the {body.most:,g} MB that may be sent at once.{hint}"
            await PlainTextResponse(text, 413)(scope, receive, send)


class _BrokenOffError(MultiPartException):
    """A body turned out too long, or ended before its end.

    For such an error of the upload, Gradio deletes what it has of the files.
    """


class _Body:
    """The body of a request, counted while it is read."""

    def __init__(self, receive: Receive, most: float) -> None:
        self._receive = receive
        self.most = most
        self.too_long = False
        self._read = 0
        self._more = True

    def check(self, announced: str) -> None:
        if announced.isdecimal() and int(announced) > self.most * _MEGABYTE:
            self._break_off()

    def _break_off(self) -> None:
        self.too_long = True
        raise _BrokenOffError("It is too long.")

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._more = message.get("more_body", False)
            self._read += len(message.get("body", b""))
            if self._read > self.most * _MEGABYTE:
                self._break_off()
        elif self._more:
            raise _BrokenOffError("It broke off.")
        return message

    async def drain(self) -> None:
        """Read what is left."""
        while self._more:
            message = await self._receive()
            self._more = message.get("more_body", False)
