"""Pages of the web: only public ones, only of known kinds, only so much, under their address."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.errors import LoadError
from assistant.holdings import Outcome
from assistant.loading import Limits
from assistant.loading.fetching import load_url
from assistant.loading.public_network import _is_public
from assistant.settings import Settings
from tests.fakes import FakeEncoder
from tests.loading.pdfs import pdf_bytes

PAGE = b"<title>The river</title><nav>Menu</nav><h1>The river</h1><p>It rose for nine days.</p>"
BOMB = gzip.compress(b"0" * 60_000_000)
PACKED: dict[str, tuple[str, bytes]] = {
    "/gzip": ("gzip", gzip.compress(PAGE)),
    "/gzip-cut": ("gzip", gzip.compress(PAGE)[:-20]),
    "/gzip-twice": ("gzip", gzip.compress(PAGE) + gzip.compress(PAGE)),
    "/gzip-none": ("gzip", PAGE),
    "/gzip-bomb": ("gzip", BOMB),
    "/brotli": ("br", b"\x0b\x02\x80rain\x03"),
    "/gzip-gzip": ("gzip, gzip", gzip.compress(BOMB)),
    "/plain": ("identity", PAGE),
}
REPLIES: dict[str, tuple[str, bytes]] = {
    "/river": ("text/html; charset=utf-8", PAGE),
    "/report.pdf": ("application/octet-stream", pdf_bytes(["It rained."])),
    "/table.csv": ("text/plain", b"Year,Dead\n2009,5\n"),
    "/film": ("video/mp4", b"x"),
    "/empty": ("text/html", b""),
    "/large": ("text/plain", b"x" * 300_000),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
        elif self.path.startswith("/dribble"):
            self.dribble()
        elif self.path == "/last-day":
            self.reply("text/html", PAGE, {"Last-Modified": "Fri, 31 Dec 9999 23:59:59 -1200"})
        elif self.path == "/locked":
            # Only bob may read it, whose password is "s3c/ret".
            known = self.headers.get("Authorization") == "Basic Ym9iOnMzYy9yZXQ="
            self.reply("text/html", PAGE) if known else self.send_error(401)
        elif self.path in PACKED:
            packing, body = PACKED[self.path]
            self.reply("text/html", body, {"Content-Encoding": packing})
        elif self.path.partition("?")[0] in REPLIES:
            kind, body = REPLIES[self.path.partition("?")[0]]
            self.reply(kind, body, {"Last-Modified": "Mon, 04 May 2009 23:30:00 GMT"})
        else:
            self.send_error(404)

    def reply(self, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        # A client that has seen enough may have gone.
        with suppress(ConnectionError):
            self.wfile.write(body)

    def dribble(self) -> None:
        """Send a head, or after it a body, in pieces that each come soon enough."""
        pieces = [b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n"]
        pieces += [b"\r\n"] if self.path == "/dribble-body" else []
        with suppress(ConnectionError):
            for piece in [*pieces, *[b"X: y\r\n"] * 40]:
                self.wfile.write(piece)
                time.sleep(0.2)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served() as address:
        yield address


def test_a_page_is_read_as_a_file_of_its_kind_would_be(site: str) -> None:
    page = load_url(f"{site}/river", Limits(), private=True)
    assert page.title == "The river"
    assert page.text == "The river\n\nIt rose for nine days."
    assert page.source == f"{site}/river"
    assert page.name == f"{site.removeprefix('http://')}/river"
    assert page.modified == "2009-05-04"
    assert load_url(f"{site}/report.pdf", Limits(), private=True).pages
    assert "Dead: 5" in load_url(f"{site}/table.csv", Limits(), private=True).text
    assert load_url(f"{site}/to//river", Limits(), private=True).title == "The river"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/film", "is video/mp4, which can't be read"),
        ("/empty", "is empty"),
        ("/large", "more than 0.2 MB"),
        ("/gone", "404"),
        ("/to/ftp://example.org/x", "can't be read"),
        ("/to/file:///etc/passwd", "can't be read"),
        ("/to/http://[::1", "can't be read"),
        ("/gzip-cut", "can't be unpacked"),
        ("/gzip-twice", "can't be unpacked"),
        ("/gzip-none", "can't be unpacked"),
        ("/gzip-bomb", "more than 0.2 MB"),
        ("/gzip-gzip", "packed as gzip, gzip"),
        ("/brotli", "packed as br,"),
    ],
)
def test_what_cannot_be_read_is_named(site: str, path: str, says: str) -> None:
    with pytest.raises(LoadError, match=says) as caught:
        load_url(site + path, Limits(file_bytes=200_000), private=True)
    assert path.partition("/to")[0] in str(caught.value)


def test_a_circle_of_redirects_ends(site: str) -> None:
    with pytest.raises(LoadError, match="redirects"):
        load_url(site + "/to/" * 9 + "/river", Limits(), private=True)


@pytest.mark.parametrize(
    "url", ["notes.txt", "file:///etc/passwd", "ftp://example.org/a", "http://",
            "http://[::1", "http://example.org:99999/a", "http://[x]/a"]
)  # fmt: skip
def test_what_is_no_address_of_a_page(url: str) -> None:
    with pytest.raises(LoadError, match="no address of a page"):
        load_url(url, Limits())


def test_private_addresses_are_refused(site: str) -> None:
    for address in (site, site.replace("127.0.0.1", "localhost"), "http://169.254.169.254"):
        with pytest.raises(LoadError, match="private network"):
            load_url(f"{address}/river", Limits())


def test_a_public_name_that_leads_inside_is_refused(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(site.rpartition(":")[2])
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: inside)
    with pytest.raises(LoadError, match=r"example\.org is in a private network \(10\.0\.0\.7\)"):
        load_url("http://example.org/river", Limits())


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("192.168.0.1", False),
        ("169.254.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound to it
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a9fe:a9fe", False),
        ("64:ff9b::a00:7", False),
        ("64:ff9b::5db8:d70e", True),
        ("64:ff9b:1::1", False),
        ("::7f00:1", False),
        ("::ffff:0:7f00:1", False),
        ("fec0::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert _is_public(address) is public


def test_a_packed_page_is_unpacked(site: str) -> None:
    plain = load_url(f"{site}/plain", Limits(), private=True)
    assert load_url(f"{site}/gzip", Limits(), private=True).text == plain.text


def test_a_bomb_does_not_fill_the_memory(site: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(LoadError, match="more than 1 MB"):
            load_url(f"{site}/gzip-bomb", Limits(file_bytes=1_000_000), private=True)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("path", ["/dribble", "/dribble-body"])
def test_the_time_limit_holds_for_all_of_a_reply(site: str, path: str) -> None:
    start = time.monotonic()
    with pytest.raises(LoadError, match=f"{path} took too long"):
        load_url(site + path, Limits(seconds=1.0), private=True)
    assert time.monotonic() - start < 4


def test_a_day_that_no_calendar_has_is_left_out(site: str) -> None:
    assert load_url(f"{site}/last-day", Limits(), private=True).modified == ""


def test_a_password_is_used_but_neither_kept_nor_shown(site: str) -> None:
    address = site.replace("//", "//bob:s3c%2Fret@")
    page = load_url(f"{address}/locked", Limits(), private=True)
    assert page.source == f"{site}/locked"
    assert page.name == f"{site.removeprefix('http://')}/locked"
    for path, faulty in (("/gone", address), ("/locked", address.replace("ret", "RET"))):
        with pytest.raises(LoadError) as caught:
            load_url(faulty + path, Limits(), private=True)
        assert "s3c" not in str(caught.value)


def test_a_name_holds_no_secret_and_nothing_unseen(site: str) -> None:
    query = "?page=2&access_token=abc&key=abc&author=ana&x=%00%0A%E2%80%AEz"
    page = load_url(f"{site}/river{query}", Limits(), private=True)
    assert page.name == f"{site.removeprefix('http://')}/river?page=2&author=ana&x=z"
    assert page.source == f"{site}/river{query}"


def test_pages_are_added_once_and_named_by_their_address(tmp_path: Path, site: str) -> None:
    settings = Settings.load(private_urls=True)
    with Assistant.open(tmp_path / "i", settings=settings, encoder=FakeEncoder()) as assistant:
        urls = [f"{site}/river", f"{site}/gone"]
        first, failed = assistant.add_urls(urls)
        assert (first.outcome, failed.outcome) == (Outcome.ADDED, Outcome.FAILED)
        assert assistant.add_urls(urls[:1])[0].outcome is Outcome.UNCHANGED
        assert [document.source for document in assistant.documents()] == [f"{site}/river"]


def test_the_command_refuses_what_is_inside(
    site: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["add-url", f"{site}/river", "--index", "web"]) == 1
    assert "private network" in capsys.readouterr().out
