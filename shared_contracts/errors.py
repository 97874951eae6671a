"""Every error a person or another process can meet, each with a code and what to do about it.

AppError
├── DatabaseLockedError     DB001      ├── IPCTimeoutError        IPC001
├── QueryFailedError        DB002      ├── UnknownChannelError    IPC002
├── NewerDatabaseError      DB003      ├── ConnectionLostError    IPC003
├── MigrationFailedError    DB004      ├── FrameTooLargeError     IPC004
├── ProfileNotWritableError DB005      ├── NotAuthorisedError     IPC005
├── ConflictError           DB006      ├── ValidationFailedError  VAL001
├── NotFoundError           DB007      ├── BankFileError          BANK001
├── DatabaseCorruptError    DB008      ├── AIServiceUnavailableError AI001
├── QueueClosedError        DB009      ├── LLMUnreachableError    AI002
├── AnotherInstanceError    APP001     ├── LLMKeyRefusedError     AI003
├── NoDisplayError          APP002     ├── LLMAnswerInvalidError  AI004
├── InternalError           APP003     ├── ModelMissingError      AI005
├── ProcessFailedError      APP004     ├── LLMRefusedError        AI006
├── PageMissingError        APP005     ├── ConsentMissingError    AI007
├── NotRunningError         APP006     ├── RateLimitedError       RATE001
├── SettingsInvalidError    CFG001     ├── FallbackClosedError    HTTP001
├── PortTakenError          PORT001    ├── PortNotAllowedError    PORT002
├── NotErasedError          DB010      ├── BackupFailedError      DB013
├── QueueFullError          DB011      ├── RestoreFailedError     DB014
├── ReaderTimeoutError      DB012      ├── ImportInvalidError     DB015
├── MicrophoneRefusedError  MIC001     ├── MicrophoneMissingError MIC002
├── MicrophoneFailedError   MIC003     │
├── KeyNotGivenError        AI020      ├── KeyRingError           AI021
├── NothingHeardError       AI008      ├── RecordingNotWrittenError MIC011
├── TooQuietError           AI009      ├── RecordingCutOffError   MIC012
├── SpeechUnclearError      AI010      ├── RecordingTooLongError  MIC013
├── SpeechModelMissingError AI011      ├── PiecesMissingError     MIC014
├── VoiceMissingError       AI012      ├── SoundDeletedError      MIC015
├── SoundUnreadableError    AI013      ├── NotTranscribedError    AI014
├── BusyError               IPC006     ├── SlowReaderError        IPC007
├── RequestCancelledError   IPC008     ├── UnknownFrameError      IPC009
├── NoDatabaseError         DB016      ├── ForeignDatabaseError   DB017
└── TargetUnusableError     DB018
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from shared_contracts.envelope import IPCError


class ErrorCode(StrEnum):
    """The codes, by the plan's names where it has one."""

    DATABASE_LOCKED = "DB001"
    QUERY_FAILED = "DB002"
    NEWER_DATABASE = "DB003"
    MIGRATION_FAILED = "DB004"
    PROFILE_NOT_WRITABLE = "DB005"
    CONFLICT = "DB006"
    NOT_FOUND = "DB007"
    DATABASE_CORRUPT = "DB008"
    QUEUE_CLOSED = "DB009"
    NOT_ERASED = "DB010"
    QUEUE_FULL = "DB011"
    READER_TIMEOUT = "DB012"
    BACKUP_FAILED = "DB013"
    RESTORE_FAILED = "DB014"
    IMPORT_INVALID = "DB015"
    NO_DATABASE = "DB016"
    FOREIGN_DATABASE = "DB017"
    TARGET_UNUSABLE = "DB018"
    IPC_TIMEOUT = "IPC001"
    UNKNOWN_CHANNEL = "IPC002"
    CONNECTION_LOST = "IPC003"
    FRAME_TOO_LARGE = "IPC004"
    NOT_AUTHORISED = "IPC005"
    BUSY = "IPC006"
    SLOW_READER = "IPC007"
    REQUEST_CANCELLED = "IPC008"
    UNKNOWN_FRAME = "IPC009"
    RATE_LIMITED = "RATE001"
    VALIDATION_FAILED = "VAL001"
    BANK_FILE_INVALID = "BANK001"
    AI_SERVICE_UNAVAILABLE = "AI001"
    LLM_UNREACHABLE = "AI002"
    LLM_KEY_REFUSED = "AI003"
    LLM_ANSWER_INVALID = "AI004"
    MODEL_MISSING = "AI005"
    LLM_REFUSED = "AI006"
    CONSENT_MISSING = "AI007"
    MICROPHONE_REFUSED = "MIC001"
    MICROPHONE_MISSING = "MIC002"
    MICROPHONE_FAILED = "MIC003"
    KEY_NOT_GIVEN = "AI020"
    KEY_RING_UNUSABLE = "AI021"
    NOTHING_HEARD = "AI008"
    TOO_QUIET = "AI009"
    SPEECH_UNCLEAR = "AI010"
    SPEECH_MODEL_MISSING = "AI011"
    VOICE_MISSING = "AI012"
    SOUND_UNREADABLE = "AI013"
    NOT_TRANSCRIBED = "AI014"
    RECORDING_NOT_WRITTEN = "MIC011"
    RECORDING_CUT_OFF = "MIC012"
    RECORDING_TOO_LONG = "MIC013"
    PIECES_MISSING = "MIC014"
    SOUND_DELETED = "MIC015"
    ANOTHER_INSTANCE = "APP001"
    NO_DISPLAY = "APP002"
    INTERNAL = "APP003"
    PROCESS_FAILED = "APP004"
    PAGE_MISSING = "APP005"
    NOT_RUNNING = "APP006"
    SETTINGS_INVALID = "CFG001"
    FALLBACK_CLOSED = "HTTP001"
    PORT_TAKEN = "PORT001"
    PORT_NOT_ALLOWED = "PORT002"


class AppError(Exception):
    """Something went wrong."""

    code: ClassVar[ErrorCode] = ErrorCode.INTERNAL
    remedy: ClassVar[str] = ""

    def __init__(self, message: str = "", *, details: object = None) -> None:
        self.message = message or _first_line(type(self))
        self.details: Any = details
        super().__init__(self.message)

    def __str__(self) -> str:
        """Code, message and remedy on one line, as a terminal shows it."""
        return f"{self.code}: {self.message} {self.remedy}".rstrip()

    def to_ipc(self) -> IPCError:
        """The same error as it travels between processes."""
        return IPCError(
            code=self.code,
            message=self.message,
            remedy=self.remedy,
            details=self.details,
        )


def _first_line(error: type[AppError]) -> str:
    return (error.__doc__ or "").partition("\n")[0]


def from_ipc(error: IPCError) -> AppError:
    """The exception that `error` was made of on the other side; InternalError for a code not known
    here.
    """
    kind = ERRORS.get(error.code, InternalError)
    return kind(error.message, details=error.details)


class DatabaseLockedError(AppError):
    """The database stayed locked by another program."""

    code = ErrorCode.DATABASE_LOCKED
    remedy = (
        "Close other programs that use the profile folder, then try again. Nothing was changed."
    )


class QueryFailedError(AppError):
    """The database refused the operation."""

    code = ErrorCode.QUERY_FAILED
    remedy = "Nothing was changed. Try again; if it keeps failing, look into the database log."


class NewerDatabaseError(AppError):
    """These interviews were saved by a newer version of the app."""

    code = ErrorCode.NEWER_DATABASE
    remedy = (
        "Install the newer version, or start with another folder: --profile DIR. Nothing was "
        "changed."
    )


class MigrationFailedError(AppError):
    """The database could not be brought up to date."""

    code = ErrorCode.MIGRATION_FAILED
    remedy = (
        "The file is as it was before. Mend what is named and start again, or go back to the "
        "version you had; the database log says more."
    )


class ProfileNotWritableError(AppError):
    """The profile folder can't be written."""

    code = ErrorCode.PROFILE_NOT_WRITABLE
    remedy = (
        "Give yourself write access to it, free some space, or choose another folder: --profile "
        "DIR."
    )


class ConflictError(AppError):
    """This was changed elsewhere in the meantime."""

    code = ErrorCode.CONFLICT
    remedy = "Look at it as it is now and make your change again."


class NotFoundError(AppError):
    """There is nothing with this id."""

    code = ErrorCode.NOT_FOUND
    remedy = "It may have been deleted. Go back and open it from the list."


class DatabaseCorruptError(AppError):
    """The database file is damaged."""

    code = ErrorCode.DATABASE_CORRUPT
    remedy = (
        "Start the app anew and choose there, or run 'interview-app restore', which takes the "
        "newest good backup, or 'interview-app restore --empty', which starts with nothing. The "
        "damaged file is kept."
    )


class QueueClosedError(AppError):
    """The app is closing and takes no more writes."""

    code = ErrorCode.QUEUE_CLOSED
    remedy = "Start the app again; everything confirmed before is saved."


class NotErasedError(AppError):
    """All is deleted, but another program still holds what was there."""

    code = ErrorCode.NOT_ERASED
    remedy = "Close other programs that use the profile folder, and wipe once more."


class QueueFullError(AppError):
    """Too much waits to be written."""

    code = ErrorCode.QUEUE_FULL
    remedy = "Wait a moment and try again. Nothing was changed; what you typed is kept."


class ReaderTimeoutError(AppError):
    """The database is busy with other questions."""

    code = ErrorCode.READER_TIMEOUT
    remedy = "Wait a moment and try again."


class BackupFailedError(AppError):
    """No backup could be made."""

    code = ErrorCode.BACKUP_FAILED
    remedy = (
        "Free some space, or give yourself write access to the folder. Nothing you wrote is lost, "
        "and the earlier backups are untouched; the next one is tried within the hour."
    )


class NoDatabaseError(AppError):
    """There is no database in this folder."""

    code = ErrorCode.NO_DATABASE
    remedy = "Name the folder of the profile with --profile; the app makes its database at a start."


class ForeignDatabaseError(AppError):
    """This is the database of another program."""

    code = ErrorCode.FOREIGN_DATABASE
    remedy = (
        "It was not touched. Move it to another place, or start with another folder: --profile DIR."
    )


class TargetUnusableError(AppError):
    """The file can't be made there."""

    code = ErrorCode.TARGET_UNUSABLE
    remedy = "Name a new file in a folder that is there. Nothing was written or changed."


class RestoreFailedError(AppError):
    """The backup could not be restored."""

    code = ErrorCode.RESTORE_FAILED
    remedy = (
        "Nothing was deleted. 'interview-app restore --list' shows the backups there are; name "
        "another one."
    )


class ImportInvalidError(AppError):
    """The file can't be imported."""

    code = ErrorCode.IMPORT_INVALID
    remedy = "Nothing was imported. Take the file as 'interview-app export' wrote it."


class IPCTimeoutError(AppError):
    """The main process did not answer in time."""

    code = ErrorCode.IPC_TIMEOUT
    remedy = "It may still be done: look whether it was, then try again. What you typed is kept."


class UnknownChannelError(AppError):
    """There is no such channel."""

    code = ErrorCode.UNKNOWN_CHANNEL
    remedy = "The page and the app are of different versions: restart the app."


class ConnectionLostError(AppError):
    """The connection to the main process is lost."""

    code = ErrorCode.CONNECTION_LOST
    remedy = "It is tried again by itself; what you typed is kept on this screen."


class FrameTooLargeError(AppError):
    """The message is too large to be sent."""

    code = ErrorCode.FRAME_TOO_LARGE
    remedy = "Shorten the text; it stays on the screen."


class NotAuthorisedError(AppError):
    """This program may not talk to the app."""

    code = ErrorCode.NOT_AUTHORISED
    remedy = "Open the app's own window, or start it again for a new one-time address."


class BusyError(AppError):
    """Too much of this is under way already."""

    code = ErrorCode.BUSY
    remedy = "Wait until some of it is done, then try again. Nothing was changed."


class SlowReaderError(AppError):
    """What was sent is not being read."""

    code = ErrorCode.SLOW_READER
    remedy = "The connection is made anew by itself; if it happens again, restart the app."


class RequestCancelledError(AppError):
    """The request was taken back by the one who made it."""

    code = ErrorCode.REQUEST_CANCELLED
    remedy = "Nothing needs to be done. A change that was being saved already is saved whole."


class UnknownFrameError(AppError):
    """A frame is of a kind that is not known here, or out of place."""

    code = ErrorCode.UNKNOWN_FRAME
    remedy = "The page and the app are of different versions: restart the app."


class RateLimitedError(AppError):
    """This is asked for too often."""

    code = ErrorCode.RATE_LIMITED
    remedy = "Wait a moment, then try again. Nothing was changed."


class ValidationFailedError(AppError):
    """Something in the request is not as it must be."""

    code = ErrorCode.VALIDATION_FAILED
    remedy = "Change the field that is named and try again. Nothing was lost."


class BankFileError(AppError):
    """A file of the question bank is broken."""

    code = ErrorCode.BANK_FILE_INVALID
    remedy = (
        "Mend the entry that is named, or reinstall the app. Your own questions are not affected."
    )


class AIServiceUnavailableError(AppError):
    """The evaluation service is not running."""

    code = ErrorCode.AI_SERVICE_UNAVAILABLE
    remedy = "It is started again by itself; the evaluation is waiting and will be made."


class LLMUnreachableError(AppError):
    """The AI server could not be reached."""

    code = ErrorCode.LLM_UNREACHABLE
    remedy = (
        "Check the address in the settings and your network. Meanwhile the offline evaluator "
        "steps in."
    )


class LLMKeyRefusedError(AppError):
    """The AI server refused the key."""

    code = ErrorCode.LLM_KEY_REFUSED
    remedy = "Enter a valid key in the settings. Meanwhile the offline evaluator steps in."


class LLMAnswerInvalidError(AppError):
    """The AI server's answer could not be used."""

    code = ErrorCode.LLM_ANSWER_INVALID
    remedy = "Try another model. Meanwhile the offline evaluator steps in."


class ModelMissingError(AppError):
    """The language model's files are missing or changed."""

    code = ErrorCode.MODEL_MISSING
    remedy = "Set the app up again. Interviews work; answers wait for their evaluation."


class LLMRefusedError(AppError):
    """The AI server refused the request."""

    code = ErrorCode.LLM_REFUSED
    remedy = "Check model name and quota with the server. Meanwhile the offline evaluator steps in."


class ConsentMissingError(AppError):
    """You have not agreed to send answers to this server."""

    code = ErrorCode.CONSENT_MISSING
    remedy = "Agree in the settings, or go on with the offline evaluator."


class MicrophoneRefusedError(AppError):
    """The app may not use the microphone."""

    code = ErrorCode.MICROPHONE_REFUSED
    remedy = "Allow the microphone in the browser's or the system's settings, or type your answer."


class MicrophoneMissingError(AppError):
    """No microphone was found."""

    code = ErrorCode.MICROPHONE_MISSING
    remedy = "Connect one and try again, or type your answer."


class MicrophoneFailedError(AppError):
    """The microphone can't be opened, or it stopped."""

    code = ErrorCode.MICROPHONE_FAILED
    remedy = "Another program may be using it. Close that, or choose another microphone."


class KeyNotGivenError(AppError):
    """The AI server's key was not entered since the app was started."""

    code = ErrorCode.KEY_NOT_GIVEN
    remedy = "Enter it in the settings, where you chose to be asked at each start."


class KeyRingError(AppError):
    """The system's key ring can't be used."""

    code = ErrorCode.KEY_RING_UNUSABLE
    remedy = "Unlock it and try again, or keep the key elsewhere: the settings offer two places."


class NothingHeardError(AppError):
    """Nobody is heard speaking in this recording."""

    code = ErrorCode.NOTHING_HEARD
    remedy = "Check the microphone, record again, or type the answer."


class TooQuietError(AppError):
    """The recording is too quiet to be understood well."""

    code = ErrorCode.TOO_QUIET
    remedy = (
        "Come closer to the microphone or turn its level up. Correct the text, or record again; "
        "how it was said is not judged."
    )


class SpeechUnclearError(AppError):
    """The speech can't be understood well: noise, or another language than English."""

    code = ErrorCode.SPEECH_UNCLEAR
    remedy = "Correct the text, or record again; how it was said is not judged."


class SpeechModelMissingError(AppError):
    """The files of the speech recognition are missing or changed."""

    code = ErrorCode.SPEECH_MODEL_MISSING
    remedy = "Set the app up again, or type the answer. The recording is kept."


class VoiceMissingError(AppError):
    """The interviewer's voice is not available."""

    code = ErrorCode.VOICE_MISSING
    remedy = "Read the question instead; everything else works. Set the app up again to have it."


class SoundUnreadableError(AppError):
    """This is not sound that can be read."""

    code = ErrorCode.SOUND_UNREADABLE
    remedy = "Record again, or use a WAV file of at most 30 minutes."


class NotTranscribedError(AppError):
    """The recording could not be transcribed."""

    code = ErrorCode.NOT_TRANSCRIBED
    remedy = (
        "It is kept: listen to it and type the answer, or start the app again to have it tried."
    )


class RecordingNotWrittenError(AppError):
    """The recording could not be written to the disk."""

    code = ErrorCode.RECORDING_NOT_WRITTEN
    remedy = "What was recorded before is kept. Free some space and record again."


class RecordingCutOffError(AppError):
    """The recording was cut off when the app ended."""

    code = ErrorCode.RECORDING_CUT_OFF
    remedy = "What was said up to then is kept. Use it, or record again."


class RecordingTooLongError(AppError):
    """The recording ended after 30 minutes."""

    code = ErrorCode.RECORDING_TOO_LONG
    remedy = "What was said up to then is kept."


class PiecesMissingError(AppError):
    """Some of the sound did not arrive."""

    code = ErrorCode.PIECES_MISSING
    remedy = "Listen to the recording; if too much is missing, record again."


class SoundDeletedError(AppError):
    """The sound of this recording was deleted."""

    code = ErrorCode.SOUND_DELETED
    remedy = "Its transcript is still there."


class AnotherInstanceError(AppError):
    """The app is running with this profile already."""

    code = ErrorCode.ANOTHER_INSTANCE
    remedy = "Use its window or its page, or end it and start again; or use another --profile DIR."


class NoDisplayError(AppError):
    """There is no display to open a window on."""

    code = ErrorCode.NO_DISPLAY
    remedy = "Start 'interview-app browser' and open the address it prints."


class InternalError(AppError):
    """Something went wrong inside the app."""

    code = ErrorCode.INTERNAL
    remedy = "Nothing confirmed was lost. Try again; the services log says more."


class ProcessFailedError(AppError):
    """A part of the app keeps crashing."""

    code = ErrorCode.PROCESS_FAILED
    remedy = (
        "Start in safe mode (interview-app --safe-mode, or interview-app browser --safe-mode), or "
        "start the app again; everything saved is kept."
    )


class NotRunningError(AppError):
    """The app is not running with this profile."""

    code = ErrorCode.NOT_RUNNING
    remedy = "Start it, or name the folder it runs with: --profile DIR."


class PageMissingError(AppError):
    """The page was not built."""

    code = ErrorCode.PAGE_MISSING
    remedy = "Run script/run, which builds it, or reinstall the app."


class SettingsInvalidError(AppError):
    """A setting from the environment or the command line is not valid."""

    code = ErrorCode.SETTINGS_INVALID
    remedy = "Correct the one that is named and start again."


class FallbackClosedError(AppError):
    """The way over HTTP is closed as long as the faster one is open."""

    code = ErrorCode.FALLBACK_CLOSED
    remedy = (
        "Nothing was done. Ask over the app's socket, or start with INTERVIEW_APP_USE_IPC=false."
    )


class PortTakenError(AppError):
    """The port is used by another program."""

    code = ErrorCode.PORT_TAKEN
    remedy = "End that program, choose another port, or leave the setting out to take any."


class PortNotAllowedError(AppError):
    """The system doesn't let you use this port."""

    code = ErrorCode.PORT_NOT_ALLOWED
    remedy = "Choose a port from 1024 to 65535, or leave the setting out to take any."


ERRORS: dict[str, type[AppError]] = {error.code: error for error in AppError.__subclasses__()}
