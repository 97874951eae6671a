"""Spoken answers without anybody speaking: pieces of sound, and what may be heard in them."""

from __future__ import annotations

from uuid import UUID

from main_process.services import Services
from shared_contracts.recordings import (
    BYTES_PER_MS,
    HeardPart,
    Pause,
    Piece,
    Recording,
    Word,
)
from tests import steps

PIECE_MS = 200


def pieces(recording_id: UUID, count: int, first: int = 0) -> list[Piece]:
    """So many pieces of sound, each of samples of its own."""
    return [
        Piece(recording_id, number, (1 + number % 250).to_bytes(2, "little") * (PIECE_MS * 16))
        for number in range(first, first + count)
    ]


def sound_of(some: list[Piece]) -> bytes:
    """All their samples."""
    return b"".join(piece.pcm for piece in some)


def heard(*texts: str, **fields: object) -> HeardPart:
    """A part in which each of these words took half a second."""
    words = tuple(
        Word(
            text=text,
            start_ms=number * 500,
            end_ms=number * 500 + 400,
            probability=0.9,
            filler=text == "um",
        )
        for number, text in enumerate(texts)
    )
    defaults: dict[str, object] = {
        "consumed_ms": len(texts) * 500,
        "words": words,
        "pauses": (Pause(start_ms=0, end_ms=600),),
        "speech_ms": len(texts) * 400,
        "loudness_db": -20.0,
        "model": "tiny.en",
    }
    return HeardPart(**(defaults | fields))  # type: ignore[arg-type]


async def record(app: Services, count: int = 5) -> Recording:
    """A recording that has ended, of a question of a new interview."""
    session = await steps.start(app)
    recording_id = await app.recorder.start(session.questions[0].id)
    for piece in pieces(recording_id, count):
        app.recorder.take(piece)
    await app.recorder.finish(recording_id, count)
    return await by_id(app, recording_id)


async def by_id(app: Services, recording_id: UUID) -> Recording:
    """The recording as it is now."""
    return await app.database.read(lambda tx: app.recordings.by_id(tx, recording_id))


def bytes_of(ms: int) -> int:
    """How many bytes a recording of this length has."""
    return ms * BYTES_PER_MS
