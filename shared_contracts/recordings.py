"""Spoken answers: the recording, what was heard in it, and how it was said."""

from __future__ import annotations

import struct
from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from msgspec import Meta

from shared_contracts.contract import Contract, Milliseconds, Share
from shared_contracts.envelope import IPCError
from shared_contracts.errors import ValidationFailedError

SAMPLE_RATE = 16_000
"""Samples a second; each is 16 bits, little-endian, and there is one channel."""
BYTES_PER_MS = SAMPLE_RATE * 2 // 1000
MAX_RECORDING_MS = 30 * 60 * 1000
MAX_PIECE_BYTES = 64 * 1024
"""The longest piece of sound in one frame: two seconds."""
MAX_READ_BYTES = 1024 * 1024
_HEAD = struct.Struct("<16sI")
PIECE_HEAD_BYTES = _HEAD.size

RecordingState = Literal["recording", "transcribing", "ready", "failed"]
Norm = Literal["words_per_minute", "fillers_per_100_words"]


class Piece(NamedTuple):
    """What a binary frame holds: 16 bytes of the recording's id, four of the piece's number
    (little-endian, from 0), and PCM.
    """

    recording_id: UUID
    number: int
    pcm: bytes


def pack_piece(piece: Piece) -> bytes:
    """The frame's body."""
    return _HEAD.pack(piece.recording_id.bytes, piece.number) + piece.pcm


def read_piece(body: memoryview) -> Piece:
    """A piece out of a frame's body. Raises ValidationFailedError (VAL001) for what is none."""
    size = len(body) - _HEAD.size
    if size < 0 or size > MAX_PIECE_BYTES or size % 2:
        details = {"field": "piece", "reason": "a head of 20 bytes and whole samples are needed"}
        raise ValidationFailedError(details=details)
    recording, number = _HEAD.unpack_from(body)
    return Piece(UUID(bytes=recording), number, bytes(body[_HEAD.size :]))


class Word(Contract, gc=False):
    """A word as it was heard, times from the recording's beginning.

    `probability` is how sure the model is of it.
    """

    text: str
    start_ms: int
    end_ms: int
    probability: Share
    filler: bool = False


class Pause(Contract, gc=False):
    """Half a second or more in which nobody speaks."""

    start_ms: int
    end_ms: int


class Transcript(Contract):
    """What was heard so far. `speech_ms` is the time in which somebody spoke."""

    text: str
    words: tuple[Word, ...]
    pauses: tuple[Pause, ...]
    speech_ms: int
    model: str


class Recording(Contract):
    """A spoken answer, in whatever state it is.

    While it is `recording` or `transcribing` its transcript grows. `problem` says what went wrong
    with it, also of one that is `ready`: that it was cut off, say, or that nothing can be
    understood. `kept` is False once the sound is deleted; the transcript stays.
    """

    id: UUID
    session_question_id: UUID
    state: RecordingState
    created_at: datetime
    duration_ms: int
    kept: bool
    transcript: Transcript | None = None
    problem: IPCError | None = None
    answer_id: UUID | None = None


class StartRecording(Contract):
    """Begins a recording; one that is still going on ends, for there is one microphone.

    Its sound follows in binary frames (see Piece); a pause sends nothing and is not in the file.
    """

    session_question_id: UUID


class StopRecording(Contract):
    """Ends a recording of which so many `pieces` were sent. If some are missing, `problem` says it
    (MIC014).
    """

    recording_id: UUID
    pieces: Annotated[int, Meta(ge=0, le=1_000_000)]


class DiscardRecording(Contract):
    """Deletes a recording: its sound is gone from the disk once this is answered."""

    recording_id: UUID


class DeleteSound(Contract):
    """Deletes the sound of a recording and keeps what was heard in it."""

    recording_id: UUID


class GetRecording(Contract):
    """Asks for one recording."""

    recording_id: UUID


class ListRecordings(Contract):
    """Asks for the recordings of an interview, the oldest first, without their transcripts."""

    session_id: UUID


class Recordings(Contract):
    """Those that there are."""

    items: tuple[Recording, ...]


class ReadSound(Contract):
    """Asks for bytes of a recording as a WAV file."""

    recording_id: UUID
    offset: Annotated[int, Meta(ge=0, le=2**31)] = 0
    length: Annotated[int, Meta(ge=1, le=MAX_READ_BYTES)] = MAX_READ_BYTES


class ReadVoice(Contract):
    """Asks for bytes of the WAV file in which a question of an interview is read aloud.

    Raises AI012 when there is no voice.
    """

    session_question_id: UUID
    offset: Annotated[int, Meta(ge=0, le=2**31)] = 0
    length: Annotated[int, Meta(ge=1, le=MAX_READ_BYTES)] = MAX_READ_BYTES


class Sound(Contract):
    """A part of a WAV file; `data` is base64, as JSON has no bytes."""

    data: bytes
    total_bytes: int


SLOWEST_USUAL, FASTEST_USUAL = 124, 189
"""Words per minute: the middle 80 % in real interviews. Source: MIT interview data set."""
USUAL_FILLERS = 3.5
"""um and uh in 100 words, the median of the same interviews."""
SHORTEST_TIMED_MS = 3_000
"""Of what is shorter a pace says nothing."""


class Usual(Contract):
    """What is usual, and where that is published. `low` or `high` None: nothing is said of it."""

    what: Norm
    source: str
    low: float | None = None
    high: float | None = None


class Filler(Contract, gc=False):
    """A word that fills a pause, and when it was said."""

    text: str
    start_ms: int


class SpokenFacts(Contract):
    """How an answer was said, each number as it was measured, `norms` beside them.

    `pauses` are the longest, the longest first. `speech_share` is of the whole recording.
    """

    recording_id: UUID
    duration_ms: Milliseconds
    speech_ms: int
    speech_share: Share
    words: int
    words_per_minute: float | None
    fillers: tuple[Filler, ...]
    fillers_per_minute: float | None
    fillers_per_100_words: float | None
    pauses: tuple[Pause, ...]
    norms: tuple[Usual, ...]


class SpeechRequest(Contract):
    """What the AI service is asked to read aloud."""

    text: Annotated[str, Meta(min_length=1, max_length=4_000)]


class HeardPart(Contract):
    """What the AI service hears in a part of a recording, times from the part's beginning.

    `consumed_ms` is how much of the part is done with; the rest is to be sent again with what
    follows. `loudness_db` is of the speech, in dB below full scale.
    """

    consumed_ms: int
    words: tuple[Word, ...] = ()
    pauses: tuple[Pause, ...] = ()
    speech_ms: int = 0
    loudness_db: float = -100.0
    model: str = ""
