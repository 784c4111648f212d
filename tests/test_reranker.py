"""A cross-encoder orders what was found: a fake one, and a tiny real one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import EncoderError
from assistant.reranker import load_reranker
from assistant.settings import Settings
from tests.fakes import FakeEncoder


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Assistant]:
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text(f"The heron number {number} waits at the weir.")
    settings = Settings.load(encoder="fake", indexes=tmp_path / "ix", reranker="mine")
    with Assistant.open("a", settings=settings, encoder=FakeEncoder()) as opened:
        opened.add([tmp_path])
        yield opened


def test_it_orders_more_than_was_asked_for(
    engine: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def last_first(question: str, texts: Sequence[str]) -> list[float]:
        assert question == "Where does the heron wait?"
        read.extend(texts)
        return [number / 100 for number in range(len(texts))]

    monkeypatch.setattr("assistant.assistant.load_reranker", lambda name: last_first)
    hits = engine.retrieve("Where does the heron wait?", 3)
    assert len(read) == 20
    assert [hit.score for hit in hits] == [0.19, 0.18, 0.17]
    assert all(hit.passage.text in text for hit, text in zip(hits, reversed(read), strict=False))
    many = engine.retrieve("Where does the heron wait?", 25)
    assert len(many) == 25
    assert [h.score for h in many] == sorted((h.score for h in many), reverse=True)
    assert engine.retrieve("Where does the heron wait? type:pdf") == []


@pytest.mark.model
def test_a_real_cross_encoder(engine: Assistant, tmp_path: Path) -> None:
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from assistant.onnx_encoder import bundled_folder

    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(str(bundled_folder()))
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
    )
    config.num_labels = 1
    place = str(tmp_path / "cross")
    BertForSequenceClassification(config).save_pretrained(place)
    tokenizer.save_pretrained(place)
    score = load_reranker(place)
    scores = score("Who waits?", ["The heron.", "The crops cost 1,400 pesos."])
    assert len(scores) == 2
    assert all(0 < value < 1 for value in scores)
    assert scores[0] != scores[1]
    engine.settings = engine.settings.model_copy(update={"reranker": place})
    hits = engine.retrieve("Who waits?", 5)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert hits[0].score == pytest.approx(
        max(score("Who waits?", [f"{h.passage.title}\n{h.passage.text}" for h in hits])), abs=1e-4
    )


@pytest.mark.model
def test_a_reranker_that_is_none(engine: Assistant) -> None:
    engine.settings = engine.settings.model_copy(update={"reranker": "/nowhere/at-all"})
    with pytest.raises(EncoderError, match="'/nowhere/at-all' can't be loaded"):
        engine.retrieve("Who waits?")
