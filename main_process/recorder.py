"""Takes the sound of spoken answers and writes it down as it comes."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog

from main_process.database import DatabaseManager, Transaction
from main_process.events import EventBus
from main_process.profile_folder import database_file
from main_process.recovery import last_set_aside
from main_process.repositories.recordings import Recordings
from main_process.sound_files import SoundFolder, append
from main_process.workspace import new_id
from shared_contracts.errors import (
    AppError,
    NothingHeardError,
    NotTranscribedError,
    PiecesMissingError,
    RecordingCutOffError,
    RecordingNotWrittenError,
    RecordingTooLongError,
)
from shared_contracts.recordings import BYTES_PER_MS, MAX_RECORDING_MS, Piece, Recording

FLUSH_SECONDS = 0.5
"""How long sound may wait to be written: a crash loses no more than that."""
MAX_WAITING_BYTES = 8 * 1024 * 1024
"""A disk that is four minutes behind will not catch up."""
MAX_BYTES = MAX_RECORDING_MS * BYTES_PER_MS
_log = structlog.get_logger(__name__)


class Recorder:
    """The recordings that are going on, and the files of all; `due` is set when there is something
    new to listen to.
    """

    def __init__(
        self, profile: Path, database: DatabaseManager, rows: Recordings, events: EventBus
    ) -> None:
        self.files = SoundFolder(profile)
        self._folder = database_file(profile).parent
        self.due = asyncio.Event()
        self._database = database
        self._rows = rows
        self._events = events
        self._going_on: dict[UUID, _Tape] = {}
        self._ending: set[asyncio.Task[None]] = set()

    async def start(self, question: UUID) -> UUID:
        """Begin one. Raises NotFoundError (DB007) and RecordingNotWrittenError (MIC011)."""
        for recording_id in tuple(self._going_on):
            await self.finish(recording_id)
        recording_id = new_id()
        try:
            file = await asyncio.to_thread(self.files.create, recording_id)
        except OSError as error:
            raise _not_written(error) from error
        try:
            await self._database.write(lambda tx: self._rows.insert(tx, recording_id, question))
        except BaseException:
            os.close(file)
            self.files.delete(recording_id)
            raise
        self._going_on[recording_id] = _Tape(file, self.due.set, self._end_soon(recording_id))
        return recording_id

    def take(self, piece: Piece) -> None:
        """Take a piece of sound; one of a recording that has ended is let go."""
        tape = self._going_on.get(piece.recording_id)
        if tape:
            tape.take(piece)

    def is_going_on(self, recording_id: UUID) -> bool:
        """Whether more may come."""
        return recording_id in self._going_on

    async def finish(self, recording_id: UUID, pieces: int | None = None) -> None:
        """End it, if it is going on; `pieces` is how many were sent."""
        tape = self._going_on.pop(recording_id, None)
        if tape is None:
            return
        problem = await tape.close()
        if missing := tape.missing if pieces is None else pieces - tape.taken:
            problem = problem or PiecesMissingError(details={"missing": missing})
        await self._note_end(recording_id, problem)

    async def discard(self, recording_id: UUID) -> None:
        """Delete it, its sound as well. Raises NotFoundError (DB007)."""
        tape = self._going_on.pop(recording_id, None)
        if tape:
            await tape.close()
        await self._database.write(lambda tx: self._rows.delete(tx, recording_id))
        await self._delete(recording_id)

    async def delete_sound(self, recording_id: UUID) -> None:
        """Delete the sound, at once or when it has been listened to.

        Raises NotFoundError (DB007).
        """
        await self.finish(recording_id)

        def work(tx: Transaction) -> Recording:
            self._rows.set_kept(tx, recording_id, kept=False)
            return self._rows.by_id(tx, recording_id)

        if is_done(await self._database.write(work)):
            await self._delete(recording_id)
        self._events.changed("recordings", [recording_id])

    async def mend(self) -> None:
        """Put right what a run left that was killed, and delete sound that no row wants."""
        for recording in await self._database.read(lambda tx: self._rows.in_state(tx, "recording")):
            await self._note_end(recording.id, RecordingCutOffError())
            _log.warning("recording was cut off", code=RecordingCutOffError.code)
        await self.tidy()

    async def tidy(self) -> None:
        """Sweep, as far as that goes: what can't be deleted now is tried at the next start."""
        try:
            await self.sweep()
        except RecordingNotWrittenError as error:
            _log.warning("sound not deleted", code=error.code)

    async def sweep(self) -> None:
        """Delete every file that belongs to no recording, or to one that isn't kept.

        What a database that was set aside may want, if it is put back, stays with it. Raises
        RecordingNotWrittenError (MIC011).
        """
        rows = await self._database.read(
            lambda tx: self._rows.in_state(tx, "recording", "transcribing", "ready", "failed")
        )
        files = set(await asyncio.to_thread(lambda: list(self.files.all())))
        wanted = {row.id for row in rows if row.kept or not is_done(row)}
        aside = await asyncio.to_thread(last_set_aside, self._folder)
        of_others = {
            each for each in files - {row.id for row in rows} if _is_from_before(each, aside)
        }
        for recording_id in files - wanted - of_others - self._going_on.keys():
            await self._delete(recording_id)
        for lost in (row for row in rows if row.id in wanted - files - self._going_on.keys()):
            await self._note_lost(lost)

    async def forget_outdated(self, keep_days: int) -> None:
        """Delete the sound of what is older than that."""
        before = datetime.now(UTC) - timedelta(days=keep_days)
        microseconds = int(before.timestamp() * 1_000_000)
        for recording_id in await self._database.read(
            lambda tx: self._rows.outdated(tx, microseconds)
        ):
            await self.delete_sound(recording_id)

    async def aclose(self) -> None:
        """End all that is going on."""
        for recording_id in tuple(self._going_on):
            await self.finish(recording_id)
        await asyncio.gather(*self._ending)

    async def _note_end(self, recording_id: UUID, problem: AppError | None) -> None:
        duration = await asyncio.to_thread(self.files.duration_ms, recording_id)

        def work(tx: Transaction) -> None:
            self._rows.set_duration(tx, recording_id, duration)
            if duration:
                told = problem.to_ipc() if problem else None
                self._rows.set_state(tx, recording_id, "transcribing", told)
            else:
                empty = problem or NothingHeardError()
                self._rows.set_state(tx, recording_id, "failed", empty.to_ipc())

        await self._database.write(work)
        self._events.changed("recordings", [recording_id])
        self.due.set()

    async def _note_lost(self, lost: Recording) -> None:
        def work(tx: Transaction) -> None:
            self._rows.set_kept(tx, lost.id, kept=False)
            if not is_done(lost):
                self._rows.set_state(tx, lost.id, "failed", NotTranscribedError().to_ipc())

        await self._database.write(work)

    async def _delete(self, recording_id: UUID) -> None:
        try:
            await asyncio.to_thread(self.files.delete, recording_id)
        except OSError as error:
            raise RecordingNotWrittenError(
                f"The recording could not be deleted: {error.strerror}."
            ) from error

    def _end_soon(self, recording_id: UUID) -> Callable[[], None]:
        def end() -> None:
            task = asyncio.get_running_loop().create_task(self.finish(recording_id))
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

        return end


class _Tape:
    """One recording while it is going on."""

    def __init__(
        self, file: int, on_written: Callable[[], None], on_end: Callable[[], None]
    ) -> None:
        self.taken = 0
        """How many pieces came."""
        self.missing = 0
        """How many didn't, before the last that came."""
        self._file = file
        self._on_written = on_written
        self._on_end = on_end
        self._next = 0
        self._bytes = 0
        self._waiting = bytearray()
        self._come = asyncio.Event()
        self._closing = asyncio.Event()
        self._problem: AppError | None = None
        self._writing = asyncio.create_task(self._write(), name="recording")

    def take(self, piece: Piece) -> None:
        """Have it written soon; what comes twice is written once."""
        if self._problem or piece.number < self._next:
            return
        self.missing += piece.number - self._next
        self._next = piece.number + 1
        self.taken += 1
        room = MAX_BYTES - self._bytes
        self._waiting += piece.pcm[:room]
        self._bytes += min(room, len(piece.pcm))
        self._come.set()
        if len(piece.pcm) >= room:
            self._fail(RecordingTooLongError())
        elif len(self._waiting) > MAX_WAITING_BYTES:
            self._fail(RecordingNotWrittenError("The disk is too slow to record on."))

    async def close(self) -> AppError | None:
        """Write what is left. Returns what went wrong with it, if anything did."""
        self._closing.set()
        self._come.set()
        await self._writing
        os.close(self._file)
        return self._problem

    async def _write(self) -> None:
        while not self._closing.is_set():
            await self._come.wait()
            self._come.clear()
            waiting, self._waiting = bytes(self._waiting), bytearray()
            try:
                await asyncio.to_thread(append, self._file, waiting)
            except OSError as error:
                self._fail(_not_written(error))
                return
            self._on_written()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._closing.wait()
        await asyncio.to_thread(self._write_rest)

    def _write_rest(self) -> None:
        try:
            append(self._file, bytes(self._waiting))
        except OSError as error:
            self._problem = _not_written(error)

    def _fail(self, problem: AppError) -> None:
        self._problem = problem
        self._on_end()


def is_done(recording: Recording) -> bool:
    """Whether nobody needs its sound any more but to hear it again."""
    return recording.state in {"ready", "failed"}


def _not_written(error: OSError) -> RecordingNotWrittenError:
    reason = error.strerror or str(error)
    return RecordingNotWrittenError(
        f"The recording could not be written to the disk: {reason}.", details={"reason": reason}
    )


def _is_from_before(recording_id: UUID, moment: datetime | None) -> bool:
    """A UUIDv7 begins with the milliseconds since 1970 in which it was made."""
    return moment is not None and recording_id.int >> 80 <= moment.timestamp() * 1_000
