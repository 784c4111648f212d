"""The named endpoints, called by gradio_client and by plain HTTP on the served page."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file

from assistant.assistant import Assistant
from assistant.render import to_json_text
from tests.fakes import FakeEncoder
from tests.web.server import running

# gradio_client leaves loops and sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
QUESTION = "Who opened the harbour of Puerto Verde?"
HARBOUR = (
    "# Harbour\n\nThe harbour of Puerto Verde was opened on 4 May 1987 by Josefina Lobo. "
    "Building it had cost twelve million pesos.\n"
)
FILE = {"_type": "gradio.FileData"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("endpoints")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    documents = folder / "documents"
    documents.mkdir()
    (documents / "harbour.md").write_text(HARBOUR)
    for name in ("ada", "ben", "cleo"):
        (documents / f"{name}.txt").write_text(f"{name} saw the harbour of Puerto Verde in rain.")
    with running(folder, documents, "--fake") as address:
        yield address


@pytest.fixture
def assistant(folder: Path, address: str) -> Iterator[Assistant]:
    """Return another reader of the index that is served."""
    with Assistant.open(folder / "default", encoder=FakeEncoder(), create=False) as assistant:
        yield assistant


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    client = Client(address, verbose=False, analytics_enabled=False)
    yield client
    client.close()
    del client
    gc.collect()


def call(address: str, name: str, arguments: dict[str, Any]) -> tuple[str, Any]:
    """Call an endpoint as curl would: post, then read the events; return the last one."""
    where = f"{address}gradio_api/call/v2/{name}"
    event = httpx.post(where, json=arguments).raise_for_status().json()["event_id"]
    *_, kind, data = httpx.get(f"{where}/{event}").text.strip().splitlines()
    return kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_only_the_named_endpoints_are_public_and_all_are_typed(address: str) -> None:
    info = httpx.get(f"{address}gradio_api/info").json()
    assert info["unnamed_endpoints"] == {}
    named = info["named_endpoints"]
    assert list(named) == ["/ask", "/retrieve", "/documents", "/add"]
    assert all(endpoint["description"] for endpoint in named.values())
    assert [(p["parameter_name"], p["type"]["type"]) for p in named["/ask"]["parameters"][:1]] == [
        ("question", "string")
    ]
    assert named["/retrieve"]["parameters"][2]["type"] == {"enum": ["passages", "evidence"]}
    answer = named["/ask"]["returns"][0]["type"]["properties"]
    citation = answer["citations"]["items"]["properties"]
    assert {"document", "page", "start", "end", "quote", "verdict"} <= set(citation)
    assert citation["verdict"] == {"enum": ["supported", "partly", "unsupported"]}


def test_an_answer_has_the_shape_of_the_command_line(client: Client, assistant: Assistant) -> None:
    answer = client.predict(QUESTION, api_name="/ask")
    assert answer == json.loads(to_json_text(assistant.ask(QUESTION)))
    [citation, *_] = answer["citations"]
    text = assistant.document(citation["document"]).text
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "Josefina Lobo" in citation["quote"]


def test_as_many_passages_as_are_asked_for(client: Client, assistant: Assistant) -> None:
    one = client.predict("harbour", k=1, api_name="/retrieve")
    assert one == json.loads(to_json_text(assistant.retrieve("harbour", 1)))
    question = "How much did building the harbour cost?"
    assert len(client.predict(question, passages=2, api_name="/ask")["hits"]) == 2
    assert len(client.predict(question, api_name="/ask")["hits"]) == 4


def test_evidence_within_a_budget(client: Client, assistant: Assistant) -> None:
    found = client.predict("Who opened it?", view="evidence", characters=80, api_name="/retrieve")
    assert sum(len(excerpt["text"]) for excerpt in found) <= 80
    text = assistant.document("harbour.md").text
    assert found
    assert all(text[e["start"] : e["end"]] == e["text"] for e in found)


def test_a_program_asks_without_gradio(address: str) -> None:
    kind, [answer] = call(address, "ask", {"question": QUESTION})
    assert kind == "complete"
    assert answer["citations"][0]["document"] == "harbour.md"
    kind, [documents] = call(address, "documents", {})
    assert [document["name"] for document in documents][-1] == "harbour.md"


def test_another_index_is_asked_by_its_name(
    address: str, client: Client, assistant: Assistant, folder: Path, tmp_path: Path
) -> None:
    with Assistant.open(folder / "weather", encoder=FakeEncoder()):
        pass
    (tmp_path / "hail.txt").write_text("Hail fell on Friday on the roof of Pedro Luna.")
    question = "Whose roof did hail fall on?"
    file = handle_file(tmp_path / "hail.txt")
    [added] = client.predict([file], index="weather", api_name="/add")
    assert added["outcome"] == "added"
    answer = client.predict(question, index="weather", api_name="/ask")
    assert [one["passage"]["document"] for one in answer["hits"]] == ["hail.txt"]
    [hit] = client.predict(question, index="weather", api_name="/retrieve")
    assert hit["passage"]["document"] == "hail.txt"
    [held] = client.predict(index="weather", api_name="/documents")
    assert held["name"] == "hail.txt"
    assert "hail.txt" not in [info.name for info in assistant.documents()]


@pytest.mark.parametrize("name", ["gone", "../default", "/etc"])
def test_an_index_that_is_not_there_is_said_in_words(address: str, name: str) -> None:
    for endpoint, arguments in (
        ("ask", {"question": QUESTION}),
        ("retrieve", {"question": QUESTION}),
        ("documents", {}),
        ("add", {"files": []}),
    ):
        kind, data = call(address, endpoint, {**arguments, "index": name})
        assert kind == "error"
        assert f"There is no index '{name}'" in data["error"]
        assert "There are: default" in data["error"]


def test_files_are_added(client: Client, assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "rain.txt").write_text("Rain fell on Tuesday in the valley of Marta Ruiz.")
    (tmp_path / "empty.txt").write_text("")
    files = [handle_file(tmp_path / name) for name in ("rain.txt", "empty.txt")]
    added, failed = client.predict(files, api_name="/add")
    try:
        assert (added["file"], added["outcome"], added["passages"]) == ("rain.txt", "added", 1)
        assert failed["outcome"] == "failed"
        assert failed["message"]
        kept = assistant.folder / "uploads"
        assert [path.name for path in kept.iterdir()] == ["rain.txt"]
    finally:
        assistant.remove("rain.txt")


def test_a_replacement_that_fails_gives_way_to_the_earlier_version(
    client: Client, assistant: Assistant, tmp_path: Path
) -> None:
    file = tmp_path / "fog.txt"
    file.write_text("Fog lay on Monday over the mill of Ines Soto.")
    client.predict([handle_file(file)], api_name="/add")
    try:
        file.write_text("")
        [failed] = client.predict([handle_file(file)], api_name="/add")
        assert failed["outcome"] == "failed"
        assert "Ines Soto" in (assistant.folder / "uploads" / "fog.txt").read_text()
    finally:
        assistant.remove("fog.txt")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"question": 3}, "question: Input should be a valid string"),
        ({"question": "x" * 5000}, "question: String should have at most 4000"),
        ({"question": " "}, "The question is empty"),
        ({"question": "Why?", "passages": 0}, "passages: Input should be greater than"),
        ({"question": "type:pdf"}, "only limits"),
        ({"question": {"path": "http://example.com/", "meta": FILE}}, "not fetched"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(
    address: str, arguments: dict[str, Any], said: str
) -> None:
    kind, data = call(address, "ask", arguments)
    assert kind == "error"
    assert said in data["error"]


def test_a_budget_needs_its_view(address: str) -> None:
    kind, data = call(address, "retrieve", {"question": "Why?", "characters": 50})
    assert (kind, "needs the view 'evidence'" in data["error"]) == ("error", True)


def test_an_upload_that_is_gone_is_said_in_words(address: str, folder: Path) -> None:
    gone = str(folder / "cache" / "gone.txt")
    kind, data = call(address, "add", {"files": [{"path": gone, "meta": FILE}]})
    assert (kind, "'gone.txt' is not here" in data["error"]) == ("error", True)


@pytest.mark.parametrize("path", ["/etc/passwd", "http://127.0.0.1/x.txt", "harbour.md"])
@pytest.mark.parametrize("meta", [{"meta": FILE}, {}])
def test_only_uploads_are_added(
    address: str, assistant: Assistant, path: str, meta: dict[str, Any]
) -> None:
    before = [info.name for info in assistant.documents()]
    assert call(address, "add", {"files": [{"path": path, **meta}]})[0] == "error"
    assert [info.name for info in assistant.documents()] == before


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_strangers_are_turned_away(address: str, headers: dict[str, str]) -> None:
    for name in ("call/ask", "call/v2/ask", "queue/join", "upload"):
        response = httpx.post(
            f"{address}gradio_api/{name}", json={"data": [QUESTION, None]}, headers=headers
        )
        assert response.status_code == 403, name


def test_the_queue_can_not_be_passed_by(address: str) -> None:
    response = httpx.post(f"{address}gradio_api/run/ask", json={"data": [QUESTION, None]})
    assert response.status_code == 404
