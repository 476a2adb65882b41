"""Words and meaning made one score."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.search.fusion import FLOOR, LEANING_AMONG, Scale, by_meaning, by_words, fuse, lean

_NONE = np.zeros((0, 8), np.float32)


def rows(count: int, seed: int = 0) -> np.ndarray:
    matrix = np.random.default_rng(seed).standard_normal((count, 8)).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def test_the_best_words_count_fully_unless_they_are_poor() -> None:
    scores = np.array([10.0, 5.0], np.float32)
    assert by_words(scores, Scale(best_words=10, ideal=6)).tolist() == [1.0, 0.5]
    assert by_words(scores, Scale(best_words=10, ideal=50)).tolist() == [0.25, 0.125]
    assert by_words(np.zeros(2, np.float32), Scale(0, 0)).tolist() == [0, 0]


def test_meaning_counts_by_how_far_it_stands_out() -> None:
    scale = Scale(1, 1, best_cosine=0.6, mean=0.2)
    assert by_meaning(np.array([0.6, 0.4, 0.2, -0.3], np.float32), scale) == pytest.approx([1.0, 0.5, 0.0, 0.0])


@pytest.mark.parametrize(("best", "mean", "floor"), [(0.29, 0.0, math.inf), (0.9, 0.1, 0.34), (0.4, 0.0, FLOOR), (0.31, 0.2, 0.233)])
def test_what_matches_by_meaning_alone(best: float, mean: float, floor: float) -> None:
    assert Scale(1, 1, best_cosine=best, mean=mean).floor == pytest.approx(floor)


def test_without_vectors_the_order_is_that_of_words() -> None:
    words = np.array([0.3, 0.9, 0.1, 0.5, 0.0], np.float32)
    fused = fuse(words, np.zeros((5, 8), np.float32), rows(1)[0], Scale(1, 1, best_cosine=0.5, mean=0.1))
    assert np.argsort(-fused).tolist() == [1, 3, 0, 2, 4]


def test_the_same_words_are_told_apart_by_meaning() -> None:
    vectors, question = rows(6), rows(1, seed=9)[0]
    cosines = vectors @ question
    fused = fuse(np.full(6, 0.5, np.float32), vectors, question, Scale(1, 1, best_cosine=float(cosines.max()), mean=0.0))
    assert int(np.argmax(fused)) == int(np.argmax(cosines))


def test_good_company_raises() -> None:
    near, apart = rows(1, 1)[0], rows(1, 2)[0]
    vectors = np.vstack([near, near, near, near, apart, apart, apart, apart])
    leaned = lean(np.array([0.9, 0.8, 0.8, 0.5, 0.1, 0.1, 0.1, 0.5], np.float32), vectors)
    assert leaned[3] > leaned[7]


@given(st.integers(0, 150), st.integers(0, 1_000))
def test_any_number_of_documents_is_scored(count: int, seed: int) -> None:
    words = np.random.default_rng(seed).random(count).astype(np.float32)
    fused = fuse(words, rows(count, seed), rows(1, seed + 1)[0], Scale(1, 1, best_cosine=0.7, mean=0.1))
    assert fused.shape == (count,)
    assert np.isfinite(fused).all()
    if count > LEANING_AMONG:
        best = np.argsort(-lean(words, rows(count, seed)))
        assert set(best[:LEANING_AMONG].tolist()) == set(np.argsort(-words, kind="stable")[:LEANING_AMONG].tolist())


def test_nothing_is_fused_to_nothing() -> None:
    assert fuse(np.zeros(0, np.float32), _NONE, np.ones(8, np.float32), Scale(0, 0)).tolist() == []
