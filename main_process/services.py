"""What the handlers work with, put together once when the app opens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from main_process.ai_client import AIClient
from main_process.asked_by import AskedBy
from main_process.backup_schedule import BackupSchedule
from main_process.database import DatabaseManager
from main_process.events import EventBus
from main_process.key_store import KeyStore
from main_process.metrics import Metrics
from main_process.profile_folder import database_file
from main_process.question_bank import Bank, import_bank
from main_process.recorder import Recorder
from main_process.repositories.answers import Answers
from main_process.repositories.evaluations import Evaluations
from main_process.repositories.questions import Questions
from main_process.repositories.recordings import Recordings
from main_process.repositories.sessions import Sessions
from main_process.repositories.settings import Settings
from main_process.repositories.tracking import Tracker
from main_process.voice_cache import VoiceCache
from main_process.workspace import open_workspace
from shared_contracts.errors import VoiceMissingError
from shared_contracts.evaluation import Evaluation
from shared_contracts.health import ProcessHealth
from shared_contracts.metrics import RendererMetrics


async def _nobody() -> None:
    """There is nobody to ask."""


async def _no_voice(_: str) -> bytes:
    """There is nobody to speak."""
    raise VoiceMissingError


@dataclass(frozen=True, slots=True)
class Around:
    """What only the app around the backend knows and can do; by default there is none."""

    ai: AIClient = field(default_factory=AIClient)
    """Connected to the AI service whenever there is one."""
    check_processes: Callable[[], Awaitable[None]] = _nobody
    """Has each child say that it lives, and what it counted; waits for that a moment at most."""
    renderer_metrics: Callable[[], RendererMetrics] = RendererMetrics
    speak: Callable[[str], Awaitable[bytes]] = _no_voice
    """A WAV file in which a text is read aloud. Raises VoiceMissingError (AI012)."""
    safe_mode: bool = False
    set_safe_mode: Callable[[bool], None] = lambda _: None
    """Has the app start anew in this mode, soon."""


@dataclass(frozen=True, slots=True)
class Services:
    """The opened parts. `evaluations_due` is set whenever a job was put in line."""

    profile: Path
    database: DatabaseManager
    questions: Questions
    sessions: Sessions
    answers: Answers
    evaluations: Evaluations
    recordings: Recordings
    recorder: Recorder
    voice: VoiceCache
    settings: Settings
    keys: KeyStore
    bank: Bank
    process_health: Callable[[], tuple[ProcessHealth, ...]]
    backups: BackupSchedule
    around: Around = field(default_factory=Around)
    metrics: Metrics = field(default_factory=Metrics)
    events: EventBus = field(default_factory=EventBus)
    evaluations_due: asyncio.Event = field(default_factory=asyncio.Event)
    judging: dict[UUID, asyncio.Task[Evaluation]] = field(default_factory=dict)
    """What is being judged just now, by job."""
    asked_by: AskedBy = field(default_factory=AskedBy)

    def judge_soon(self, answer_id: UUID) -> None:
        """An evaluation of this answer was put in line."""
        self.asked_by.note(answer_id)
        self.evaluations_due.set()


async def open_services(
    profile: Path,
    database: DatabaseManager,
    bank: Bank,
    process_health: Callable[[], tuple[ProcessHealth, ...]],
    around: Around | None = None,
) -> Services:
    """Make the repositories for this database's workspace and bring the shipped questions in."""
    tracker = Tracker(await database.write(open_workspace))
    events = EventBus()
    around = around or Around()
    recordings = Recordings(tracker)
    services = Services(
        profile=profile,
        database=database,
        questions=Questions(tracker),
        sessions=Sessions(tracker),
        answers=Answers(tracker),
        evaluations=Evaluations(tracker),
        recordings=recordings,
        recorder=Recorder(profile, database, recordings, events),
        voice=VoiceCache(profile, around.speak),
        settings=Settings(tracker),
        keys=KeyStore(profile),
        bank=bank,
        process_health=process_health,
        backups=BackupSchedule(database_file(profile), events),
        events=events,
        around=around,
    )
    await database.write(lambda tx: import_bank(tx, services.questions, bank.questions))
    await database.write(services.sessions.purge_deleted, large=True)
    await services.recorder.mend()
    return services
