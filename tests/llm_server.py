"""A small server on loopback that speaks as OpenAI, Ollama or Anthropic do, or fails as told."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Shape = Callable[[str, str | None], bytes]


@dataclass(frozen=True)
class Reply:
    """What the server answers once: text in pieces, or a fault.

    ``delay`` seconds pass before anything is sent; after ``cut_after`` pieces
    the connection is closed; ``raw`` bytes are sent as they are, as if all were well.
    """

    text: str = ""
    status: int = 200
    delay: float = 0.0
    cut_after: int | None = None
    raw: bytes | None = None


@dataclass
class LlmServer:
    """The running server: give it replies, read the requests it was sent."""

    url: str = ""
    replies: deque[Reply] = field(default_factory=deque)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    state: LlmServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.state.paths.append(self.path)
        self.state.requests.append(json.loads(body))
        self.state.headers.append({name.lower(): value for name, value in self.headers.items()})
        reply = self.state.replies.popleft() if self.state.replies else Reply(status=500)
        time.sleep(reply.delay)
        # A client that has given up waiting is no fault of the server's.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        if reply.status != 200:
            self._send(reply.status, json.dumps({"error": {"message": "no luck"}}).encode())
        elif reply.raw is not None:
            self._send(200, reply.raw)
        elif self.path.endswith("/api/chat"):
            self._stream(reply, _ollama, "application/x-ndjson")
        elif self.path.endswith("/v1/messages"):
            self._stream(reply, _anthropic, "text/event-stream", start=_ANTHROPIC_START)
        else:
            self._stream(reply, _openai, "text/event-stream", end=b"data: [DONE]\n\n")

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(
        self, reply: Reply, shape: Shape, kind: str, start: bytes = b"", end: bytes = b""
    ) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        pieces = [reply.text[i : i + 7] for i in range(0, len(reply.text), 7)]
        if start:
            self._chunk(start)
        for piece in pieces[: reply.cut_after]:
            self._chunk(shape(piece, None))
        if reply.cut_after is not None:
            self.close_connection = True
            self.connection.close()
            return
        self._chunk(shape("", "stop") + end)
        self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Stay quiet."""


@contextmanager
def llm_server(*replies: Reply) -> Iterator[LlmServer]:
    """Run a server for as long as the block lasts."""
    state = LlmServer(replies=deque(replies))
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _openai(piece: str, finish: str | None) -> bytes:
    choice = {"index": 0, "delta": {"content": piece}, "finish_reason": finish}
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return b"data: " + json.dumps({**chunk, "choices": [choice]}).encode() + b"\n\n"


def _ollama(piece: str, finish: str | None) -> bytes:
    line: dict[str, Any] = {"model": "m", "created_at": "2026-01-01T00:00:00Z"}
    line |= {"message": {"role": "assistant", "content": piece}, "done": finish is not None}
    if finish:
        line["done_reason"] = finish
    return json.dumps(line).encode() + b"\n"


def _anthropic(piece: str, finish: str | None) -> bytes:
    if finish:
        ended = {"stop_reason": "end_turn", "stop_sequence": None}
        return _events(
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": ended, "usage": _USED},
            {"type": "message_stop"},
        )
    return _events(
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
    )


def _events(*events: dict[str, Any]) -> bytes:
    return b"".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events
    )


_USED = {"input_tokens": 1, "output_tokens": 1}
_MESSAGE = {"id": "x", "type": "message", "role": "assistant", "model": "m", "content": []}
_ANTHROPIC_START = _events(
    {
        "type": "message_start",
        "message": {**_MESSAGE, "usage": _USED},
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
)
