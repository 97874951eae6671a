"""Every channel there is; what isn't in this table can't be reached from outside the main process.

The router, the renderer's data service, the TypeScript types and the reference page are made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from shared_contracts import answers, evaluation, health, questions, sessions, settings

Request = TypeVar("Request")
Reply = TypeVar("Reply")

_NAME = re.compile(r"(db|ai|app|sync):[a-z]+:[a-z]+")


@dataclass(frozen=True, slots=True)
class Channel(Generic[Request, Reply]):
    """One thing that can be asked: `domain:entity:action`, with the types of question and answer.

    `topics` are announced as events once a command is committed. A payload over `max_bytes` is
    refused.
    """

    name: str
    kind: Literal["query", "command"]
    request: type[Request]
    reply: type[Reply]
    topics: tuple[str, ...] = ()
    timeout_seconds: float = 10.0
    max_bytes: int = 64 * 1024

    def __post_init__(self) -> None:
        """Refuse a name that isn't `domain:entity:action`. Raises ValueError."""
        if not _NAME.fullmatch(self.name):
            msg = f"channel name {self.name!r} is not domain:entity:action"
            raise ValueError(msg)


_TEXT = 2 * 1024 * 1024

QUESTIONS_GET = Channel("db:questions:get", "query", questions.GetQuestions, questions.QuestionPage)
QUESTIONS_CREATE = Channel(
    "db:questions:create",
    "command",
    questions.CreateQuestion,
    questions.Question,
    ("questions",),
)
CATALOGUE_GET = Channel("db:catalogue:get", "query", questions.GetCatalogue, questions.Catalogue)
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
SESSION_GET = Channel("db:session:get", "query", sessions.GetSession, sessions.InterviewSession)
SESSION_HISTORY = Channel("db:session:history", "query", sessions.GetHistory, sessions.HistoryPage)
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
DRAFTS_SAVE = Channel(
    "db:drafts:save", "command", answers.SaveDraft, answers.DraftSaved, max_bytes=_TEXT
)
ANSWERS_SAVE = Channel(
    "db:answers:save",
    "command",
    answers.SaveAnswer,
    answers.Answer,
    ("sessions",),
    max_bytes=_TEXT,
)
ANSWERS_SKIP = Channel(
    "db:answers:skip", "command", answers.SkipQuestion, health.Done, ("sessions",)
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
HEALTH_GET = Channel("app:health:get", "query", health.GetHealth, health.AppHealth)
SETTINGS_GET = Channel("app:settings:get", "query", settings.GetSettings, settings.AppSettings)
SETTINGS_SAVE = Channel(
    "app:settings:save",
    "command",
    settings.SaveSettings,
    settings.AppSettings,
    ("settings",),
)
DATA_WIPE = Channel(
    "app:data:wipe",
    "command",
    settings.WipeData,
    settings.Wiped,
    ("sessions", "questions", "settings"),
    timeout_seconds=60,
)
WINDOW_RAISE = Channel("app:window:raise", "command", health.RaiseWindow, health.Done, ("window",))

CHANNELS: dict[str, Channel[Any, Any]] = {
    channel.name: channel for channel in tuple(globals().values()) if isinstance(channel, Channel)
}
TOPICS = ("sessions", "questions", "settings", "health", "window")
"""What events can be about."""
