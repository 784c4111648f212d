"""MCP, with the package's own client: over stdio, and over HTTP beside the page."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult, TextContent

from assistant import mcp_server
from assistant.assistant import Assistant
from assistant.render import to_json_text, to_text
from assistant.settings import Settings
from assistant.tools import AT_ONCE, BUSY
from assistant.types import Answer
from tests.commands import BESIDES, ROOT, start
from tests.fakes import FakeEncoder
from tests.web.server import running

QUESTION = "Who opened the harbour of Puerto Verde?"
HARBOUR = (
    "# Harbour\n\nThe harbour of Puerto Verde was opened on 4 May 1987 by Josefina Lobo. "
    "Building it had cost twelve million pesos.\n"
)
NOISE = """
import assistant.assistant as facade
_quiet = facade.Assistant.ask
def _noisy(*arguments, **named):
    import os, sys
    print("printed by the engine")
    os.system("echo printed by a child")
    return _quiet(*arguments, **named)
facade.Assistant.ask = _noisy
"""
FAKE = {"ASSISTANT_ENCODER": "fake"}
T = TypeVar("T")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp")
    (folder / "harbour.md").write_text(HARBOUR)
    with Assistant.open(folder / "default", encoder=FakeEncoder()) as assistant:
        assistant.add([folder / "harbour.md"])
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with running(folder, None, "--fake", "--mcp") as address:
        yield address


@pytest.fixture
def assistant(folder: Path) -> Iterator[Assistant]:
    with Assistant.open(folder / "default", encoder=FakeEncoder(), create=False) as assistant:
        yield assistant


def stdio(folder: Path) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-c", BESIDES.format(extra=NOISE), "mcp", "--index", str(folder / "default")],
        env={**os.environ, **FAKE, "PYTHONPATH": str(ROOT)},
    )


def talk(server: Any, work: Callable[[Client], Awaitable[T]], **options: Any) -> T:
    """Return what some work with a client of the server came to."""

    async def run() -> T:
        async with Client(server, **options) as client:
            return await work(client)

    return anyio.run(run)


def text(result: CallToolResult) -> str:
    return "".join(part.text for part in result.content if isinstance(part, TextContent))


async def tour(client: Client) -> dict[str, Any]:
    return {
        "tools": (await client.list_tools()).tools,
        "ask": await client.call_tool("ask", {"question": QUESTION}),
        "retrieve": await client.call_tool("retrieve", {"question": "harbour", "k": 1}),
        "evidence": await client.call_tool(
            "retrieve", {"question": "Who opened it?", "view": "evidence", "characters": 80}
        ),
        "list": await client.call_tool("list_documents", {}),
        "empty": await client.call_tool("ask", {"question": " "}),
        "wrong": await client.call_tool("retrieve", {"question": "Why?", "k": 0}),
    }


def check_tour(found: dict[str, Any], assistant: Assistant) -> None:
    assert [tool.name for tool in found["tools"]] == ["ask", "retrieve", "list_documents"]
    for tool in found["tools"]:
        assert tool.description
        assert tool.output_schema
        assert tool.annotations.read_only_hint
    question = found["tools"][0].input_schema["properties"]["question"]
    assert question["maxLength"] == 4000
    assert "limits" in question["description"]
    answer = assistant.ask(QUESTION)
    assert found["ask"].structured_content == json.loads(to_json_text(answer))
    assert text(found["ask"]) == to_text(answer)
    [hit] = found["retrieve"].structured_content["result"]
    assert hit == json.loads(to_json_text(assistant.retrieve("harbour", 1)))[0]
    assert "harbour.md" in text(found["retrieve"])
    document = assistant.document("harbour.md").text
    for excerpt in found["evidence"].structured_content["result"]:
        assert document[excerpt["start"] : excerpt["end"]] == excerpt["text"]
    assert text(found["list"]) == "harbour.md: Harbour (1 passage)"
    assert (found["empty"].is_error, "question is empty" in text(found["empty"])) == (True, True)
    assert (found["wrong"].is_error, "greater than" in text(found["wrong"])) == (True, True)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_stdio(folder: Path, assistant: Assistant, mode: str) -> None:
    check_tour(talk(stdio(folder), tour, mode=mode), assistant)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_http_beside_the_page(address: str, assistant: Assistant, mode: str) -> None:
    check_tour(talk(f"{address}mcp", tour, mode=mode), assistant)
    assert "gradio_config" in httpx.get(address).text


def test_the_command_that_opens_the_page_serves_it_too(folder: Path) -> None:
    arguments = ["chat", "--mcp", "--port", "0", "--index", str(folder / "default")]
    with start(arguments, env=FAKE) as process:
        assert process.stdout
        address = re.search(r"http://\S+/", process.stdout.readline())
        assert address
        tools = talk(f"{address[0]}mcp", lambda client: client.list_tools()).tools
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert len(tools) == 3


def test_standard_output_holds_nothing_but_messages(folder: Path) -> None:
    def message(number: int | None, method: str, **parameters: Any) -> str:
        numbered = {} if number is None else {"id": number}
        return json.dumps({"jsonrpc": "2.0", **numbered, "method": method, "params": parameters})

    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    call = {"name": "ask", "arguments": {"question": QUESTION}}
    lines = [
        message(1, "initialize", **hello),
        message(None, "notifications/initialized"),
        "this is no message",
        message(2, "tools/call", **call),
    ]
    arguments = ["mcp", "--index", str(folder / "default")]
    with start(arguments, NOISE, stdin=subprocess.PIPE, env=FAKE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write("\n".join(lines) + "\n")
        process.stdin.flush()
        answers: list[Any] = []
        while not answers or answers[-1].get("id") != 2:
            answers.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert all(answer["jsonrpc"] == "2.0" for answer in answers)
        assert process.stdout.read() == ""
        said = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert "printed by the engine" in said
    assert "printed by a child" in said


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Content-Type": "text/plain"}, 400),
    ],
)
def test_the_page_s_guard_stands_before_it(
    address: str, headers: dict[str, str], status: int
) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accept = {"Accept": "application/json, text/event-stream"}
    response = httpx.post(f"{address}mcp", json=hello, headers={**accept, **headers})
    assert response.status_code == status
    assert "default-src 'self'" in response.headers["content-security-policy"]


def test_too_much_at_once_is_refused_in_words(assistant: Assistant) -> None:
    answer, go_on = assistant.ask(QUESTION), threading.Event()

    class Slow(Assistant):
        def __init__(self) -> None:
            self.name, self.settings = "slow", Settings.load(waiting=2)

        def ask(self, *_: object, **__: object) -> Answer:
            go_on.wait(30)
            return answer

    async def many(client: Client) -> list[CallToolResult]:
        results: list[CallToolResult] = []

        async def one() -> None:
            results.append(await client.call_tool("ask", {"question": QUESTION}))
            go_on.set()

        async with anyio.create_task_group() as group:
            for _ in range(AT_ONCE + 2 + 3):
                group.start_soon(one)
        return results

    results = talk(mcp_server.server(Slow()), many)
    assert [text(result) for result in results if result.is_error] == [
        f"Error executing tool ask: {BUSY}"
    ] * 3
    assert results[0].is_error  # at once, and not when its turn has come


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(folder: Path, number: signal.Signals) -> None:
    arguments = ["mcp", "--index", str(folder / "default")]
    with start(arguments, env=FAKE, stdin=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(number)
        assert process.wait(timeout=20) == 128 + number


def test_without_the_page_s_option_there_is_no_mcp(folder: Path) -> None:
    with running(folder, None, "--fake") as address:
        assert httpx.post(f"{address}mcp", json={}).status_code in {404, 405}


def test_an_installation_without_the_package_says_what_to_do(folder: Path) -> None:
    missing = "sys.modules['mcp'] = None"
    with start(["mcp", "--index", str(folder / "default")], missing, env=FAKE) as process:
        out, error = process.communicate(timeout=60)
    assert process.returncode == 3
    assert out == ""
    assert "pip install 'cited-assistant[mcp]'" in error
    assert "Traceback" not in error
