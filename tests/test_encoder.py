"""The bundled model, exported and as it is: checked weights, exact windows, pooled sentences."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant import chunking
from assistant.encoder import load_encoder
from assistant.errors import EncoderError
from assistant.onnx_encoder import OnnxEncoder, bundled_folder, check_weights
from assistant.transformer_encoder import TransformerEncoder, load_transformer
from assistant.types import Document, Encoder, Span

pytestmark = pytest.mark.model
TEXT = "The mill burned down in 1904. Clara Stone rebuilt it with a tower of red brick."


@pytest.fixture(scope="module")
def theirs() -> TransformerEncoder:
    """Return the bundled model, run by sentence-transformers."""
    return load_transformer("all-MiniLM-L6-v2", str(bundled_folder()))


@pytest.fixture(scope="module", params=["exported", "as it is"])
def real(request: pytest.FixtureRequest, theirs: TransformerEncoder) -> Encoder:
    """Return the bundled model in both its forms."""
    return load_encoder(precision="f32") if request.param == "exported" else theirs


def test_what_it_is(real: Encoder) -> None:
    assert (real.name, real.dimensions, real.window) == ("all-MiniLM-L6-v2", 384, 256)


def test_the_bundled_model_is_run_as_exported() -> None:
    assert isinstance(load_encoder(), OnnxEncoder)


def test_an_index_gets_the_precision_it_has(theirs: TransformerEncoder) -> None:
    single, fastest = load_encoder(precision="f32"), load_encoder()
    assert (single.precision, theirs.precision) == ("f32", "f32")
    assert fastest.precision in {"f32", "bf16"}
    near = float(single.encode_question(TEXT) @ fastest.encode_question(TEXT))
    assert near > 0.9999
    assert (near == 1.0) == (fastest.precision == "f32")


def test_threads_get_vectors_of_their_own_texts() -> None:
    encoder = load_encoder()
    texts = [f"Number {n} of the {'very ' * n}long list." for n in range(24)]
    one_by_one = [encoder.encode_question(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(encoder.encode_question, texts))
    assert all(float(a @ b) > 0.9999 for a, b in zip(one_by_one, together, strict=True))


def test_without_a_cache_it_is_run_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert isinstance(load_encoder(), TransformerEncoder)


def test_nobody_is_told_that_the_model_is_run(tmp_path: Path) -> None:
    """OpenVINO's converter, which is not used here, would note an identity for the machine."""
    home = tmp_path / "elsewhere"
    home.mkdir()
    load_encoder()
    (exported,) = Path(os.environ["XDG_CACHE_HOME"]).rglob("*.onnx")
    program = "import assistant, openvino, sys;openvino.Core().compile_model(sys.argv[1], 'CPU')"
    kept = {"CI", "XDG_CACHE_HOME"}
    quiet = {name: value for name, value in os.environ.items() if name not in kept}
    subprocess.run(
        [sys.executable, "-c", program, str(exported)],
        check=True,
        env={**quiet, "HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert not list(home.rglob("*"))


def test_a_damaged_export_is_made_anew() -> None:
    (exported,) = Path(os.environ["XDG_CACHE_HOME"]).rglob("*.onnx")
    whole = exported.read_bytes()
    exported.write_bytes(whole[:1000])
    assert load_encoder().dimensions == 384
    assert len(exported.read_bytes()) == len(whole)


def test_a_passage_vector_is_the_librarys_own(real: Encoder, theirs: TransformerEncoder) -> None:
    vector, _ = next(iter(real.encode_passages([TEXT], [[]])))
    expected = theirs._model.encode(TEXT)
    assert float(vector @ expected) == pytest.approx(1.0, abs=1e-5)
    assert float(real.encode_question(TEXT) @ expected) == pytest.approx(1.0, abs=1e-5)


def test_sentence_vectors_are_means_of_their_tokens(
    real: Encoder, theirs: TransformerEncoder
) -> None:
    cut = TEXT.index("Clara")
    spans = [Span(0, cut - 1), Span(cut, len(TEXT))]
    _, sentences = next(iter(real.encode_passages([TEXT], [spans])))
    tokens = np.asarray(theirs._model.encode(TEXT, output_value="token_embeddings").cpu())
    starts = [span.start for span in real.token_spans(TEXT)]
    # The first and the last token are the model's own.
    first = [n + 1 for n, start in enumerate(starts) if start < cut]
    second = [n + 1 for n, start in enumerate(starts) if start >= cut]
    for vector, rows in zip(sentences, (first, second), strict=True):
        mean = tokens[rows].mean(axis=0)
        assert float(vector @ mean / np.linalg.norm(mean)) == pytest.approx(1.0, abs=1e-4)


def test_order_and_batches_make_no_difference(real: Encoder) -> None:
    texts = [f"Number {n}. " + "More text here. " * (n % 7) for n in range(40)]
    together = [vector for vector, _ in real.encode_passages(texts, [[]] * 40)]
    alone, _ = next(iter(real.encode_passages([texts[33]], [[]])))
    assert float(together[33] @ alone) == pytest.approx(1.0, abs=1e-4)


def test_no_passage_is_cut_off(real: Encoder) -> None:
    text = " ".join(f"Antidisestablishmentarianism, number {n}, prevailed!" for n in range(300))
    document = Document("a.txt", "A rather long title " * 20, text, "/a.txt", "0" * 64)
    passages = chunking.split(document, real)
    for passage in passages:
        whole = chunking.context(passage, real) + passage.text
        assert real.count_tokens(whole) + 2 <= real.window
    assert "".join(p.text for p in passages).replace(" ", "") == text.replace(" ", "")


def test_counting_is_not_limited_by_the_window(real: Encoder) -> None:
    real.encode_question("A question sets the tokenizer's limits.")
    assert real.count_tokens("mill " * 1000) == 1000


def test_other_weights_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    with pytest.raises(EncoderError, match="can't be read"):
        check_weights(weights)
    weights.write_bytes(b"not the weights")
    with pytest.raises(EncoderError, match="SHA-256"):
        check_weights(weights)
    check_weights(bundled_folder() / "model.safetensors")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="no-model-here"):
        load_encoder(str(tmp_path / "no-model-here"))


def test_a_device_runs_the_bundled_model_in_torch() -> None:
    encoder = load_encoder(device="cpu")
    assert isinstance(encoder, TransformerEncoder)
    ours = load_encoder(precision="f32").encode_question(TEXT)
    assert float(encoder.encode_question(TEXT) @ ours) == pytest.approx(1.0, abs=1e-4)


def test_a_device_that_is_not_there_is_named() -> None:
    with pytest.raises(EncoderError, match="on cuda:99"):
        load_encoder(device="cuda:99")
