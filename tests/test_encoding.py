"""Nothing is encoded twice, also where a long document breaks off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from assistant import chunking, encoding, health
from assistant.holdings import Progress
from assistant.types import Matrix, Span, Vector
from tests.fakes import FakeEncoder
from tests.indexes import opened, prose, write


class Breaking(FakeEncoder):
    """Breaks off after so many texts."""

    left = 10**9

    def encode_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]
    ) -> Iterator[tuple[Vector, Matrix]]:
        for made in super().encode_passages(texts, sentences):
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
            yield made


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "WINDOW", 8)


@pytest.mark.parametrize("held", [True, False])
def test_a_long_document_goes_on_where_it_broke_off(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    held: bool,
) -> None:
    monkeypatch.setattr(encoding, "_LONG", 10**7 if held else 0)
    path = write(tmp_path / "long.txt", prose("river", 40))
    encoder = Breaking()
    encoder.left = 21
    with opened(tmp_path / "index", encoder) as index:
        with pytest.raises(KeyboardInterrupt):
            index.add([path])
        assert index.catalog.counts()[0] == 0
        assert encoding.unfinished(index.catalog) == {str(path): 21}
    encoder.left = 10**9
    # One text was being encoded when it broke off.
    first = encoder.encoded[:21]
    with opened(tmp_path / "index", encoder) as index:
        assert "21 passages" in caplog.text
        index.add([path])
        assert encoding.unfinished(index.catalog) == {}
        again = encoder.encoded[22:]
        assert not set(first) & set(again)
        assert len(first) + len(again) == index.catalog.counts()[1] > 40
        assert health.verify(index).ok
    with opened(tmp_path / "other", FakeEncoder()) as other:
        other.add([path])
        ids, vectors = other.catalog.vectors()
        with opened(tmp_path / "index", encoder) as index:
            ids_here, vectors_here = index.catalog.vectors()
            assert ids_here == ids
            assert np.array_equal(vectors, vectors_here)


def test_what_was_encoded_of_a_file_that_is_gone_is_dropped(tmp_path: Path) -> None:
    path = write(tmp_path / "long.txt", prose("river", 40))
    other = write(tmp_path / "short.txt", prose("pond", 1))
    encoder = Breaking()
    encoder.left = 21
    with opened(tmp_path / "index", encoder) as index:
        with pytest.raises(KeyboardInterrupt):
            index.add([path])
        encoder.left = 10**9
        index.add([other])
        assert encoding.unfinished(index.catalog) == {str(path): 21}
        path.unlink()
        index.add([other])
        assert encoding.unfinished(index.catalog) == {}


def test_the_same_words_in_another_document_are_not_encoded_again(
    tmp_path: Path, encoder: FakeEncoder
) -> None:
    text = "# The weir\n\n" + prose("heron", 6)
    with opened(tmp_path / "index", encoder) as index:
        index.add([write(tmp_path / "a.md", text)])
        encoded = len(encoder.encoded)
        index.add([write(tmp_path / "b.md", text + "\n\nAn afterword of this edition.")])
        assert [t for t in encoder.encoded[encoded:] if "afterword" not in t] == []
        assert health.verify(index).ok


@pytest.mark.parametrize("held", [True, False])
def test_progress_grows_to_the_number_of_passages(
    tmp_path: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    monkeypatch.setattr(encoding, "_LONG", 10**7 if held else 0)
    seen: list[Progress] = []
    with opened(tmp_path / "index", encoder) as index:
        index.add([write(tmp_path / "a.txt", prose("heron", 30))], on_progress=seen.append)
        done = [step.passages_done for step in seen]
        assert done == sorted(done)
        assert all(step.passages_done <= step.passages_total or not done for step in seen)
        last = seen[-1]
        assert last.passages_done == last.passages_total == index.catalog.counts()[1]


def test_long_texts_are_cut_where_a_paragraph_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chunking, "STRETCH_CHARACTERS", 1000)
    for text in (prose("heron", 30), prose("heron", 30).replace("\n\n", " "), "x" * 5000):
        spans = list(chunking.stretches(text))
        assert spans[0].start == 0
        assert spans[-1].end == len(text)
        assert all(one.end == two.start for one, two in pairwise(spans))
        assert all(span.end - span.start <= 1100 for span in spans)
    assert list(chunking.stretches("")) == []
