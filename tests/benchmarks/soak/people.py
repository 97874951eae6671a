"""People who use every channel: each practises, looks around, changes things, and goes on."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from shared_contracts import channels
from shared_contracts.answers import SaveAnswer, SaveDraft, SearchAnswers, SkipQuestion
from shared_contracts.backups import CreateBackup, ExportData, GetBackups
from shared_contracts.evaluation import DisputeEvaluation, RequestEvaluation
from shared_contracts.health import GetHealth, RaiseWindow
from shared_contracts.metrics import GetMetrics
from shared_contracts.questions import CreateQuestion, GetCatalogue, GetQuestions
from shared_contracts.sessions import (
    DeleteSession,
    GetHistory,
    GetSession,
    InterviewSession,
    RestoreSession,
    SaveSession,
    SessionQuestion,
    SessionSetup,
    StartSession,
)
from shared_contracts.settings import GetSettings, SaveSettings
from tests.benchmarks.soak.ledger import Ledger
from tests.benchmarks.soak.page import CallError, PageClient

LEFT_OUT = {
    channels.DATA_WIPE.name: "it deletes what is counted",
    channels.SAFE_MODE_SET.name: "it starts the app anew",
}
"""Channels that nobody uses here, and why."""
_VOCABULARY = """
index cache replica queue commit rollback latency tail shard leader quorum snapshot schema
contract retry budget backoff token session cookie header measure because trade cost first
"""
WORDS = _VOCABULARY.split()


class Person:
    """One page with somebody in front of it; `random` decides what they do."""

    def __init__(self, page: PageClient, ledger: Ledger, dice: random.Random, pause: float) -> None:
        self._page = page
        self._ledger = ledger
        self._dice = dice
        self._pause = pause
        self.interviews = 0

    async def use(self) -> None:
        """Go on until cancelled. After an error: what now? Something else."""
        while True:
            try:
                await self._practise()
            except CallError:
                await self._wait()

    async def take_care(self, seconds: float) -> None:
        """Do now and then what a person does seldom."""
        rare: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda: self._page.call(channels.BACKUP_CREATE, CreateBackup()),
            lambda: self._page.call(channels.BACKUP_LIST, GetBackups()),
            lambda: self._page.call(channels.DATA_EXPORT, ExportData()),
            lambda: self._page.call(channels.WINDOW_RAISE, RaiseWindow()),
            lambda: self._page.call(channels.SETTINGS_SAVE, SaveSettings(theme="dark")),
        )
        while True:
            for action in rare:
                try:
                    await action()
                except CallError:
                    await self._wait()
                await asyncio.sleep(seconds)

    async def _practise(self) -> None:
        session = await self._start()
        for question in session.questions:
            await self._answer_or_not(question)
            await self._look_around(session.id)
        await self._end(session.id)
        self.interviews += 1

    async def _start(self) -> InterviewSession:
        setup = SessionSetup(topics=("backend",), question_count=3)
        session = await self._page.call(channels.SESSION_START, StartSession(setup=setup))
        self._ledger.confirm("title", session.id, session.title)
        return session

    async def _answer_or_not(self, question: SessionQuestion) -> None:
        seen: datetime | None = None
        for _ in range(self._dice.randint(1, 4)):
            seen = await self._type(question.id, seen)
            await self._wait()
        match self._dice.choices(("answer", "skip", "leave"), (0.7, 0.15, 0.15))[0]:
            case "answer":
                given = SaveAnswer(
                    session_question_id=question.id, text=self._text(), elapsed_ms=9_000
                )
                answer = await self._page.call(channels.ANSWERS_SAVE, given)
                self._ledger.confirm("answer", answer.id, given.text)
                self._ledger.confirm("job", answer.id, value=True)
            case "skip":
                skip = SkipQuestion(session_question_id=question.id, elapsed_ms=2_000)
                with self._ledger.writing("skip", question.id, value=True):
                    await self._page.call(channels.ANSWERS_SKIP, skip)

    async def _type(self, question_id: UUID, seen: datetime | None) -> datetime:
        text = self._text()
        draft = SaveDraft(
            session_question_id=question_id, text=text, elapsed_ms=1_000, seen_at=seen
        )
        with self._ledger.writing("draft", question_id, text):
            saved = await self._page.call(channels.DRAFTS_SAVE, draft)
        return saved.saved_at

    async def _look_around(self, session_id: UUID) -> None:
        page = self._page
        asked: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda: page.call(channels.QUESTIONS_GET, GetQuestions(limit=50)),
            lambda: page.call(channels.CATALOGUE_GET, GetCatalogue()),
            lambda: page.call(channels.SESSION_HISTORY, GetHistory()),
            lambda: page.call(channels.SESSION_GET, GetSession(session_id=session_id)),
            lambda: page.call(channels.SETTINGS_GET, GetSettings()),
            lambda: page.call(channels.HEALTH_GET, GetHealth()),
            lambda: page.call(channels.METRICS_GET, GetMetrics()),
            lambda: page.call(
                channels.ANSWERS_SEARCH, SearchAnswers(text=self._dice.choice(WORDS))
            ),
            self._write_question,
        )
        for ask in self._dice.sample(asked, k=4):
            await ask()
            await self._wait()

    async def _write_question(self) -> None:
        written = CreateQuestion(
            kind="technical",
            topic="backend",
            difficulty="medium",
            prompt=f"{self._text(12)}?",
            key_points=(self._text(12),),
        )
        question = await self._page.call(channels.QUESTIONS_CREATE, written)
        self._ledger.confirm("question", question.id, written.prompt)

    async def _end(self, session_id: UUID) -> None:
        """Give it a name, say what is wrong, throw it away, and sometimes want it back."""
        session = await self._page.call(channels.SESSION_GET, GetSession(session_id=session_id))
        title = f"Number {self.interviews}: {self._dice.choice(WORDS)}"
        named = SaveSession(
            session_id=session.id, revision=session.revision, title=title, status="finished"
        )
        with self._ledger.writing("title", session.id, title):
            await self._page.call(channels.SESSION_SAVE, named)
        await self._judge(session)
        if self._dice.random() < 0.3:
            await self._delete(session.id)

    async def _judge(self, session: InterviewSession) -> None:
        for question in session.questions:
            if question.evaluations:
                evaluation = question.evaluations[-1]
                wrong = DisputeEvaluation(evaluation_id=evaluation.id, comment=self._text())
                with self._ledger.writing("dispute", evaluation.id, wrong.comment):
                    await self._page.call(channels.EVALUATIONS_DISPUTE, wrong)
            elif question.answers and self._dice.random() < 0.2:
                again = RequestEvaluation(answer_id=question.answers[-1].id)
                await self._page.call(channels.EVALUATE_REQUEST, again)

    async def _delete(self, session_id: UUID) -> None:
        with self._ledger.writing("deletion", session_id, value=True):
            await self._page.call(channels.SESSION_DELETE, DeleteSession(session_id=session_id))
        if self._dice.random() < 0.5:
            back = RestoreSession(session_id=session_id)
            with self._ledger.writing("deletion", session_id, value=False):
                await self._page.call(channels.SESSION_RESTORE, back)

    def _text(self, most: int = 60) -> str:
        return " ".join(self._dice.choices(WORDS, k=self._dice.randint(8, most)))

    async def _wait(self) -> None:
        await asyncio.sleep(self._dice.expovariate(1 / self._pause))
