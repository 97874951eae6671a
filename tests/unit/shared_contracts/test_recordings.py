"""Pieces of sound go through a frame unchanged, and nothing else does."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_contracts.errors import ValidationFailedError
from shared_contracts.recordings import MAX_PIECE_BYTES, Piece, pack_piece, read_piece


@given(st.uuids(), st.integers(0, 2**32 - 1), st.binary(max_size=99))
def test_what_is_packed_is_read(recording: UUID, number: int, half: bytes) -> None:
    piece = Piece(recording, number, half * 2)
    assert read_piece(memoryview(pack_piece(piece))) == piece


@pytest.mark.parametrize("body", [b"", b"x" * 19, b"x" * 21, b"x" * (22 + MAX_PIECE_BYTES)])
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ValidationFailedError):
        read_piece(memoryview(body))
