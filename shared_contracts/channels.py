"""Every channel there is; what isn't in this table can't be reached from outside the main process.

The router, the renderer's data service, the TypeScript types and the reference page are made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from shared_contracts import (
    answers,
    backups,
    evaluation,
    health,
    metrics,
    questions,
    recordings,
    sessions,
    settings,
)

Request = TypeVar("Request")
Reply = TypeVar("Reply")

_NAME = re.compile(r"(db|ai|app|sync):[a-z]+:[a-z]+")


@dataclass(frozen=True, slots=True)
class Channel(Generic[Request, Reply]):
    """One thing that can be asked: `domain:entity:action`, with the types of question and answer.

    `topics` are announced as events once a command is committed. A query's answer may be kept for
    `cache_seconds` (0 is not at all), and no longer than until one of the topics that it `reads` is
    announced. A payload over `max_bytes` is refused.

    A client may ask `burst` times at a stretch and `per_second` in the long run; `at_once` requests
    of all clients may be under way. No person comes near these: they stop a program gone wild.
    """

    name: str
    kind: Literal["query", "command"]
    request: type[Request]
    reply: type[Reply]
    topics: tuple[str, ...] = ()
    timeout_seconds: float = 10.0
    max_bytes: int = 64 * 1024
    reads: tuple[str, ...] = ()
    cache_seconds: float = 0.0
    per_second: float = 500.0
    burst: int = 1_000
    at_once: int = 256

    def __post_init__(self) -> None:
        """Refuse a name that isn't `domain:entity:action`, and to keep what nothing would renew.

        Raises ValueError.
        """
        if not _NAME.fullmatch(self.name):
            msg = f"channel name {self.name!r} is not domain:entity:action"
            raise ValueError(msg)
        if bool(self.cache_seconds) != bool(self.reads) or (self.reads and self.kind != "query"):
            msg = f"{self.name}: a query is kept for a time and until a topic; nothing else is"
            raise ValueError(msg)


_TEXT = 2 * 1024 * 1024
_MINUTES = 60.0

QUESTIONS_GET = Channel(
    "db:questions:get",
    "query",
    questions.GetQuestions,
    questions.QuestionPage,
    reads=("questions",),
    cache_seconds=10 * _MINUTES,
)
QUESTIONS_CREATE = Channel(
    "db:questions:create",
    "command",
    questions.CreateQuestion,
    questions.Question,
    ("questions",),
)
CATALOGUE_GET = Channel(
    "db:catalogue:get",
    "query",
    questions.GetCatalogue,
    questions.Catalogue,
    reads=("questions",),
    cache_seconds=10 * _MINUTES,
)
SESSION_START = Channel(
    "db:session:start",
    "command",
    sessions.StartSession,
    sessions.InterviewSession,
    ("sessions",),
)
SESSION_SAVE = Channel(
    "db:session:save",
    "command",
    sessions.SaveSession,
    sessions.InterviewSession,
    ("sessions",),
)
SESSION_GET = Channel(
    "db:session:get",
    "query",
    sessions.GetSession,
    sessions.InterviewSession,
    reads=("sessions", "drafts", "jobs"),
    cache_seconds=10 * _MINUTES,
)
SESSION_HISTORY = Channel(
    "db:session:history",
    "query",
    sessions.GetHistory,
    sessions.HistoryPage,
    reads=("sessions",),
    cache_seconds=10 * _MINUTES,
)
SESSION_DELETE = Channel(
    "db:session:delete", "command", sessions.DeleteSession, health.Done, ("sessions",)
)
SESSION_RESTORE = Channel(
    "db:session:restore",
    "command",
    sessions.RestoreSession,
    sessions.InterviewSession,
    ("sessions",),
)
SESSION_FOLLOWUP = Channel(
    "db:session:followup",
    "command",
    sessions.AddFollowUp,
    sessions.InterviewSession,
    ("sessions",),
)
DRAFTS_SAVE = Channel(
    "db:drafts:save",
    "command",
    answers.SaveDraft,
    answers.DraftSaved,
    ("drafts",),
    max_bytes=_TEXT,
)
ANSWERS_SAVE = Channel(
    "db:answers:save",
    "command",
    answers.SaveAnswer,
    answers.Answer,
    ("sessions",),
    max_bytes=_TEXT,
)
ANSWERS_SEARCH = Channel(
    "db:answers:search",
    "query",
    answers.SearchAnswers,
    answers.AnswerHits,
    reads=("sessions",),
    cache_seconds=10 * _MINUTES,
)
ANSWERS_SKIP = Channel(
    "db:answers:skip", "command", answers.SkipQuestion, health.Done, ("sessions",)
)
RECORDING_START = Channel(
    "db:recordings:start",
    "command",
    recordings.StartRecording,
    recordings.Recording,
    ("recordings",),
)
RECORDING_STOP = Channel(
    "db:recordings:stop",
    "command",
    recordings.StopRecording,
    recordings.Recording,
    ("recordings",),
)
RECORDING_DISCARD = Channel(
    "db:recordings:discard",
    "command",
    recordings.DiscardRecording,
    health.Done,
    ("recordings",),
)
SOUND_DELETE = Channel(
    "db:recordings:deletesound",
    "command",
    recordings.DeleteSound,
    recordings.Recording,
    ("recordings",),
)
RECORDING_GET = Channel("db:recordings:get", "query", recordings.GetRecording, recordings.Recording)
RECORDING_LIST = Channel(
    "db:recordings:list", "query", recordings.ListRecordings, recordings.Recordings
)
SOUND_READ = Channel("db:recordings:sound", "query", recordings.ReadSound, recordings.Sound)
VOICE_READ = Channel(
    "ai:voice:read",
    "query",
    recordings.ReadVoice,
    recordings.Sound,
    timeout_seconds=60,
    at_once=8,
)
EVALUATIONS_DISPUTE = Channel(
    "db:evaluations:dispute",
    "command",
    evaluation.DisputeEvaluation,
    evaluation.EvaluationRecord,
    ("sessions",),
)
EVALUATE_REQUEST = Channel(
    "ai:evaluate:request",
    "command",
    evaluation.RequestEvaluation,
    evaluation.EvaluationJob,
    ("sessions",),
)
EVALUATE_CANCEL = Channel(
    "ai:evaluate:cancel",
    "command",
    evaluation.CancelEvaluation,
    evaluation.EvaluationJob,
    ("sessions",),
)
EVALUATE_OUTDATED = Channel(
    "ai:evaluate:outdated", "query", evaluation.GetOutdated, evaluation.Outdated
)
EVALUATE_RENEW = Channel(
    "ai:evaluate:renew",
    "command",
    evaluation.RenewEvaluations,
    evaluation.Outdated,
    ("sessions",),
)
SERVER_TEST = Channel(
    "ai:server:test",
    "command",
    evaluation.TryServer,
    evaluation.ServerAnswered,
    timeout_seconds=45,
    per_second=2,
    burst=10,
    at_once=2,
)
HEALTH_GET = Channel("app:health:get", "query", health.GetHealth, health.AppHealth)
METRICS_GET = Channel("app:metrics:get", "query", metrics.GetMetrics, metrics.AppMetrics)
SETTINGS_GET = Channel(
    "app:settings:get",
    "query",
    settings.GetSettings,
    settings.AppSettings,
    reads=("settings",),
    cache_seconds=1 * _MINUTES,
)
SETTINGS_SAVE = Channel(
    "app:settings:save",
    "command",
    settings.SaveSettings,
    settings.AppSettings,
    ("settings",),
)
KEYS_PLACES = Channel("app:keys:places", "query", settings.GetKeyPlaces, settings.KeyPlaces)
DATA_WIPE = Channel(
    "app:data:wipe",
    "command",
    settings.WipeData,
    settings.Wiped,
    ("sessions", "questions", "settings"),
    timeout_seconds=60,
    per_second=1,
    burst=10,
    at_once=1,
)
DATA_EXPORT = Channel(
    "app:data:export",
    "command",
    backups.ExportData,
    backups.Exported,
    timeout_seconds=10 * _MINUTES,
)
BACKUP_LIST = Channel("app:backup:list", "query", backups.GetBackups, backups.Backups)
BACKUP_CREATE = Channel(
    "app:backup:create",
    "command",
    backups.CreateBackup,
    backups.Backup,
    ("backups",),
    timeout_seconds=2 * _MINUTES,
)
SAFE_MODE_SET = Channel("app:safemode:set", "command", health.SetSafeMode, health.Done)
WINDOW_RAISE = Channel("app:window:raise", "command", health.RaiseWindow, health.Done, ("window",))

CHANNELS: dict[str, Channel[Any, Any]] = {
    channel.name: channel for channel in tuple(globals().values()) if isinstance(channel, Channel)
}
TOPICS = (
    "sessions",
    "drafts",
    "jobs",
    "recordings",
    "questions",
    "settings",
    "backups",
    "health",
    "window",
)
"""What events can be about. `drafts` and `jobs` are what an interview holds besides its answers and
results: text being typed, and evaluations in line.
"""
