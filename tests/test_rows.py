"""Vectors as the catalog keeps them: small, near enough, and the same when written again."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from assistant import rows
from assistant.pooling import unit
from assistant.types import Matrix

_SHAPES = st.tuples(st.integers(1, 6), st.just(16))
_NUMBERS = st.floats(-1, 1, width=32).filter(lambda number: number == 0 or abs(number) > 1e-6)


@given(arrays.arrays(np.float32, _SHAPES, elements=_NUMBERS))
def test_a_sentence_keeps_its_direction(numbers: Matrix) -> None:
    matrix = unit(numbers)
    packed = rows.packed_directions(matrix)
    assert len(packed) == matrix.size
    again = rows.directions([packed], matrix.shape[1])
    cosines = (again * matrix).sum(axis=1)
    some = np.abs(numbers).max(axis=1) > 0
    assert (cosines[some] > 0.9998).all()
    assert rows.packed_directions(again) == packed


@given(arrays.arrays(np.float32, _SHAPES, elements=_NUMBERS))
def test_passages_come_back_in_their_order(numbers: Matrix) -> None:
    matrix = unit(numbers)
    packed = [rows.packed_vector(row) for row in matrix]
    again = rows.vectors(packed)
    np.testing.assert_allclose(again, matrix, atol=1e-3)
    assert [rows.packed_vector(row) for row in again] == packed


def test_grains_know_where_each_passage_begins() -> None:
    east = np.array([1.0, 0.0], np.float32)
    counts = [2, 1, 3]
    found = [
        (str(n), rows.packed_vector(east), rows.packed_directions(np.tile(east, (count, 1))))
        for n, count in enumerate(counts)
    ]
    grains = rows.grains(found)
    assert grains.ids == ["0", "1", "2"]
    assert grains.first.tolist() == [0, 2, 3]
    assert grains.passages.shape == (3, 2)
    assert grains.sentences.shape == (6, 2)
