"""The shipped coefficients can be read, and say what they rest on."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from ai_service.coefficients import Chance, Coefficients, Leaf, Score, Split, load

TREE = Split(feature=0, at=0.5, below=Leaf(value=-0.1), above=Leaf(value=0.3))


def test_the_shipped_file_is_whole() -> None:
    known = load()
    assert "mohler_dev" in known.about["data"]
    assert known.score.trees
    assert all(len(each.names) == len(each.weights) for each in (known.heap, known.coverage))


def test_a_tree_sends_each_row_to_its_leaf() -> None:
    values = np.array([[0.5], [0.51]])
    assert TREE.predict(values).tolist() == [-0.1, 0.3]
    score = Score(names=("one",), start=0.9, trees=(TREE, TREE))
    assert score.of(values).tolist() == pytest.approx([0.7, 1.0])


def test_a_chance_grows_with_what_speaks_for_it() -> None:
    chance = Chance(names=("one", "other"), constant=0.0, weights=(1.0, -1.0))
    assert chance.of(np.array([0.0, 0.0])) == pytest.approx(0.5)
    table = chance.of(np.array([[[2.0, 0.0], [0.0, 2.0]]]))
    assert table[0, 0] > 0.8
    assert table[0, 1] < 0.2
    assert np.isfinite(chance.of(np.array([1e6, 0.0])))


def test_they_survive_the_file() -> None:
    known = load()
    assert msgspec.json.decode(msgspec.json.encode(known), type=Coefficients) == known
