"""Who has logged in: nothing of the page, its endpoints or MCP answers anybody else.

Browsers and gradio_client log in once and keep a cookie; other programs send
name and password with each request (HTTP Basic). Both are compared with hashes,
two at a time, and an address that tries too often has to wait.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import secrets
import time
from collections import OrderedDict
from pathlib import Path
from string import Template
from urllib.parse import parse_qs, urlencode

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.passwords import Users
from assistant.web.attempts import Attempts
from assistant.web.language import say, several, spoken

USER = "assistant.user"
"""Where in an ASGI scope the name of who has logged in is found."""
_LOG = logging.getLogger(__name__)
_IDLE = 12 * 3600.0
_TRUSTED = 600.0
_MOST = 1000
_LONGEST_FORM = 10_000
_PAGE = Template((Path(__file__).parent / "login.html").read_text(encoding="utf-8"))
_NAME = Template(
    '<label>$name\n<input name="username" autocomplete="username" autocapitalize="none"'
    " required autofocus></label>"
)
# The program asks this itself while it starts; it answers nothing.
_OPEN = "/gradio_api/startup-events"


class Gate:
    """ASGI middleware: lets in who has logged in, and says so in the scope."""

    def __init__(self, app: ASGIApp, users: Users) -> None:
        """Take the application, and who may log in."""
        self.app = app
        self.users = users
        self.attempts = Attempts()
        self.sessions = _Known(_IDLE)
        self.trusted = _Known(_TRUSTED)
        self.secret = secrets.token_bytes(32)
        self.hashing: anyio.CapacityLimiter = anyio.CapacityLimiter(2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, log somebody in or out, or say that they have to."""
        if scope["type"] == "lifespan" or scope["path"] == _OPEN:
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # The page has no use for websockets.
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        response: Response | None
        if scope["path"].rstrip("/") == "/login" and scope["method"] == "POST":
            response = await self._log_in(request)
        elif scope["path"].rstrip("/") == "/logout":
            response = self._log_out(request)
        else:
            response = await self._turned_away(request)
        await (response or self.app)(scope, receive, send)

    async def _turned_away(self, request: Request) -> Response | None:
        """Return None for who has logged in, whose name goes into the scope."""
        user = self.sessions.user(_token(request))
        if user is None and "authorization" in request.headers:
            found = await self._by_header(request)
            if isinstance(found, Response):
                return found
            user = found
        if user is None:
            return self._refusal(request)
        request.scope[USER] = user
        return None

    async def _by_header(self, request: Request) -> str | Response | None:
        header = request.headers["authorization"].encode()
        seen = hmac.digest(self.secret, header, hashlib.sha256).hex()
        user = self.trusted.user(seen)
        if user is not None:
            return user
        pair = _basic(header)
        if pair is None:
            return None
        found = await self._attempt(request, *pair)
        if isinstance(found, str):
            self.trusted.add(seen, found)
        return found

    async def _log_in(self, request: Request) -> Response:
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST_FORM:
                return self._said(request, say("That is no password."), 413)
        form = parse_qs(body.decode("utf-8", "replace"))
        name, password = (form.get(key, [""])[0] for key in ("username", "password"))
        found = await self._attempt(request, name.strip(), password)
        if isinstance(found, Response):
            return found
        if found is None:
            pair, alone = say("Name or password is wrong."), say("The password is wrong.")
            return self._said(request, pair if self.users.named else alone, 401)
        token = secrets.token_urlsafe(32)
        self.sessions.add(token, found)
        response = (
            RedirectResponse(f"./{_index(request)}", 303)
            if _reads_html(request)
            else JSONResponse({"success": True})
        )
        response.set_cookie(
            _cookie(request),
            token,
            max_age=int(_IDLE),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    def _log_out(self, request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "none") in {"none", "same-origin"}:
            self.sessions.drop(_token(request))
        response = RedirectResponse("./", 303)
        response.delete_cookie(_cookie(request))
        return response

    async def _attempt(self, request: Request, name: str, password: str) -> str | Response | None:
        """Return the user, None where name or password is wrong, or that it has to wait."""
        address = request.client.host if request.client else ""
        wait = self.attempts.begin(address)
        if wait:
            text = several(
                "Too many attempts. Try again in {count} minute.",
                "Too many attempts. Try again in {count} minutes.",
                max(1, round(wait / 60)),
            )
            response = self._said(request, text, 429)
            response.headers["Retry-After"] = f"{wait:.0f}"
            return response
        user = await anyio.to_thread.run_sync(self.users.user, name, password, limiter=self.hashing)
        if user is None:
            _LOG.warning("Somebody at %s gave a wrong name or password", address)
        else:
            self.attempts.succeeded(address)
        return user

    def _refusal(self, request: Request) -> Response:
        response = self._said(request, "", 401)
        if "sec-fetch-mode" not in request.headers:  # A browser would ask in a window of its own.
            response.headers["WWW-Authenticate"] = 'Basic realm="Assistant", charset="UTF-8"'
        return response

    def _said(self, request: Request, problem: str, status: int) -> Response:
        """Return the page to log in with, or for programs, what is wrong."""
        if not _reads_html(request):
            return JSONResponse(
                {"detail": problem or say("Log in with name and password.")}, status
            )
        page = _PAGE.substitute(
            problem=f'<p class="wrong" role="alert">{problem}</p>' if problem else "",
            name=_NAME.substitute(name=say("Name")) if self.users.named else "",
            language=spoken(),
            log_in=say("Log in"),
            password=say("Password"),
            focus="" if self.users.named else "autofocus",
            index=_index(request),
        )
        return HTMLResponse(page, status, {"Cache-Control": "no-store"})


class _Known:
    """Secrets that stand for users; each is forgotten when it has not been used for a while."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._users: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def add(self, secret: str, user: str) -> None:
        self._users[secret] = (user, time.monotonic())
        if len(self._users) > _MOST:
            self._users.popitem(last=False)

    def user(self, secret: str) -> str | None:
        user, used = self._users.pop(secret, ("", -self._seconds))
        if time.monotonic() - used >= self._seconds:
            return None
        self.add(secret, user)
        return user

    def drop(self, secret: str) -> None:
        self._users.pop(secret, None)


def _cookie(request: Request) -> str:
    """Return the cookie's name: cookies are shared by all ports of a host."""
    _, port = request.scope.get("server") or ("", 0)
    return f"assistant-{port}"


def _index(request: Request) -> str:
    """Return the end of an address that names the index that was asked for, if any was."""
    index = request.query_params.get("index", "")
    return f"?{urlencode({'index': index})}" if index else ""


def _token(request: Request) -> str:
    return request.cookies.get(_cookie(request), "")


def _reads_html(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _basic(header: bytes) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, _, password = pair.partition(":")
    return name, password
