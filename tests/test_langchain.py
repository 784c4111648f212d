"""The retriever, the chain and the Chroma collection, as LangChain programs use them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_chroma import Chroma
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.runnables import RunnableLambda

from assistant.assistant import Assistant
from assistant.langchain import PassageEmbeddings, PassageRetriever, chain
from assistant.settings import Settings
from eval.formats import SETS
from tests.fakes import FakeChatModel, FakeEncoder

QUESTION = "What do the owls of Fern Wood hunt?"
FACT = "The owls of Fern Wood hunt voles."


@pytest.fixture
def owls(tmp_path: Path) -> Iterator[Assistant]:
    """Return an assistant over one document."""
    (tmp_path / "owls.txt").write_text(f"{FACT} They sleep by day.", "utf-8")
    opened = Assistant.open(tmp_path / "index", encoder=FakeEncoder())
    opened.add([tmp_path / "owls.txt"])
    yield opened
    opened.close()


def test_the_retriever_gives_documents_with_their_place(owls: Assistant) -> None:
    (document,) = PassageRetriever(assistant=owls, k=2).invoke(QUESTION)
    place = document.metadata
    assert (place["source"], place["start"]) == ("owls.txt", 0)
    text = owls.document("owls.txt").text
    assert text[place["start"] : place["end"]] == document.page_content
    start, end = place["evidence"][0]
    assert text[start:end] == FACT


def test_the_chain_streams_passages_first_and_the_answer_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "owls.txt").write_text(f"{FACT} They sleep by day in hollow trees.", "utf-8")
    model = FakeChatModel(replies=[f"{FACT[:-1]} [1]. They sleep by day in hollow trees [1]."])
    with Assistant.open(tmp_path / "i", encoder=FakeEncoder(), chat_model=model) as assistant:
        assistant.add([tmp_path / "owls.txt"])
        chunks = list(chain(assistant).stream(QUESTION))
    assert "context" in chunks[0]
    pieces = [chunk["answer"] for chunk in chunks if chunk.get("answer")]
    assert len(pieces) == 2
    assert "".join(pieces) == f"{FACT} [1] They sleep by day in hollow trees. [2]"
    assert chunks[-1]["citations"][0]["quote"] == FACT


def test_the_chain_composes_and_takes_a_history(owls: Assistant) -> None:
    shout = chain(owls) | RunnableLambda(lambda result: result["answer"].upper())
    history = [HumanMessage(QUESTION), AIMessage("Voles.")]
    answer = shout.invoke({"question": "And when do they sleep?", "history": history})
    assert "SLEEP BY DAY" in answer
    whole = chain(owls).invoke({"question": QUESTION, "history": [("user", "Hello owls")]})
    assert set(whole) == {"context", "answer", "citations", "refused", "reason"}


def test_any_langchain_program_can_open_the_collection(owls: Assistant) -> None:
    store = Chroma(
        collection_name="passages",
        persist_directory=str(owls.folder / "chroma"),
        embedding_function=PassageEmbeddings(FakeEncoder()),
    )
    (document,) = store.similarity_search(QUESTION, k=1)
    assert document.page_content.startswith(FACT)
    assert document.metadata["source"] == "owls.txt"
    assert document.metadata["end"] == len(document.page_content)


def test_embeddings_are_the_encoders() -> None:
    embeddings = PassageEmbeddings(FakeEncoder())
    assert embeddings.embed_documents(["owls"])[0] == embeddings.embed_query("owls")


def test_the_metadata_can_be_written_as_json(owls: Assistant) -> None:
    (document,) = PassageRetriever(assistant=owls).invoke(QUESTION)
    assert set(document.metadata) == {
        *("source", "title", "heading", "page", "place", "start", "end", "score", "evidence")
    }
    assert json.loads(json.dumps(document.metadata))["source"] == "owls.txt"
    assert document.id == owls.retrieve(QUESTION)[0].passage.id


def test_a_refusal_comes_through_the_chain(owls: Assistant) -> None:
    result = chain(owls).invoke("Which glacier melted in Bolivia?")
    assert result["refused"]
    assert (result["answer"], result["citations"]) == ("", [])
    assert "glacier" in result["reason"]
    assert result["context"]


def test_retriever_and_chain_run_in_an_event_loop(owls: Assistant) -> None:
    async def run() -> list[str]:
        (document,) = await PassageRetriever(assistant=owls).ainvoke(QUESTION)
        whole = await chain(owls).ainvoke(QUESTION)
        pieces = [piece async for piece in chain(owls).astream(QUESTION)]
        assert "context" in pieces[0]
        streamed = "".join(piece.get("answer", "") for piece in pieces)
        return [document.page_content, whole["answer"], streamed]

    passage, whole, streamed = asyncio.run(run())
    assert passage.startswith(FACT)
    assert whole == streamed
    assert whole.startswith(FACT)


def test_a_programs_own_messages_are_no_turns(owls: Assistant) -> None:
    history = [SystemMessage("Talk like the bishop."), HumanMessage(QUESTION)]
    result = chain(owls).invoke({"question": "And when do they sleep?", "history": history})
    assert "SLEEP BY DAY" in result["answer"].upper()
    only_system = {"question": "Why do they?", "history": history[:1]}
    assert "bishop" not in chain(owls).invoke(only_system)["reason"]


@pytest.mark.model
def test_the_collection_of_a_real_index_answers_a_langchain_program(tmp_path: Path) -> None:
    settings = Settings.load(indexes=tmp_path)
    with Assistant.open("samples", settings=settings) as assistant:
        assistant.add([SETS / "merida" / "documents" / "inside-the-cables.md"])
        store = Chroma(
            collection_name="passages",
            persist_directory=str(assistant.folder / "chroma"),
            embedding_function=PassageEmbeddings(assistant._index.encoder),
        )
        found = store.similarity_search("Who criticized the Mérida Initiative?", k=3)
        text = assistant.document("inside-the-cables.md").text
        for document in found:
            assert document.metadata["source"] == "inside-the-cables.md"
            start, end = document.metadata["start"], document.metadata["end"]
            assert document.page_content == text[start:end]
        assert any("Gutiérrez was also the sharpest critic" in d.page_content for d in found)
        as_retriever = store.as_retriever(search_kwargs={"k": 1, "filter": {"source": "none"}})
        assert as_retriever.invoke("Who criticized the Mérida Initiative?") == []
