"""Locks, full disks, broken files, kill -9: a code and a remedy each, no confirmed word lost."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from main_process.ai_client import AIClient
from main_process.backend import Backend, open_backend
from main_process.database import connection
from shared_contracts import channels
from shared_contracts.answers import SaveAnswer, SaveDraft
from shared_contracts.errors import (
    AppError,
    DatabaseCorruptError,
    DatabaseLockedError,
    NewerDatabaseError,
    ProfileNotWritableError,
)
from shared_contracts.health import GetHealth, ProcessHealth
from shared_contracts.sessions import (
    GetHistory,
    GetSession,
    InterviewSession,
    SessionSetup,
    StartSession,
)
from tests.ai_stub import DIES, TOKEN, AIStub
from tests.factories import EVERYTHING_SEEN
from tests.integration.conftest import Headless, run_headless
from tests.ipc_client import WAIT_SECONDS, Client
from tests.locker import locked

ANSWER = "An index makes reads quicker, and every write has to keep it."


async def begin(client: Client, count: int = 1) -> InterviewSession:
    setup = SessionSetup(topics=("backend",), question_count=count)
    return await client.call(channels.SESSION_START, StartSession(setup=setup))


async def draft(client: Client, session: InterviewSession, text: str, place: int = 0) -> None:
    question_id = session.questions[place].id
    typed = SaveDraft(
        session_question_id=question_id, text=text, elapsed_ms=1, seen_at=EVERYTHING_SEEN
    )
    await client.call(channels.DRAFTS_SAVE, typed)


async def answer(client: Client, session: InterviewSession, place: int = 0) -> None:
    question_id = session.questions[place].id
    given = SaveAnswer(session_question_id=question_id, text=ANSWER, elapsed_ms=1)
    await client.call(channels.ANSWERS_SAVE, given)


async def reopen(client: Client, session: InterviewSession) -> InterviewSession:
    return await client.call(channels.SESSION_GET, GetSession(session_id=session.id))


def all_judged(session: InterviewSession) -> bool:
    return all(q.evaluations and q.job is None for q in session.questions if q.answers)


async def opening(profile: Path) -> AppError:
    """The error that keeps the backend from opening."""
    with pytest.raises(AppError) as caught:
        async with open_backend(profile, AIClient(), lambda: ()):
            pass
    assert caught.value.remedy
    return caught.value


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestDatabase:
    """What may be wrong with the file, and with the disk it lies on."""

    async def test_a_database_locked_by_another_program_is_db001_and_nothing_is_lost(
        self, profile: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connection, "BUSY_TIMEOUT_SECONDS", 0.1)
        async with (
            open_backend(profile, AIClient(), lambda: ()) as backend,
            Client.connect(backend.socket_path, backend.token) as client,
        ):
            session = await begin(client)
            await draft(client, session, "before")
            async with locked(profile / "interview.db"):
                with pytest.raises(DatabaseLockedError):
                    await draft(client, session, "meanwhile")
                assert (await reopen(client, session)).questions[0].draft == "before"
            await draft(client, session, "after")
            assert (await reopen(client, session)).questions[0].draft == "after"

    async def test_a_database_locked_from_the_start_is_db001(
        self, profile: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(connection, "BUSY_TIMEOUT_SECONDS", 0.1)
        async with locked(profile / "interview.db"):
            assert isinstance(await opening(profile), DatabaseLockedError)

    async def test_a_newer_database_is_db003_and_left_to_the_byte(self, profile: Path) -> None:
        with closing(sqlite3.connect(profile / "interview.db", isolation_level=None)) as plain:
            plain.execute("UPDATE alembic_version SET version_num = '9999'")
        before = contents(profile)
        assert isinstance(await opening(profile), NewerDatabaseError)
        assert contents(profile) == before

    @pytest.mark.parametrize("noise", [b"\x00" * 4_096, b"not a database " * 300])
    async def test_a_broken_database_is_db008_and_left_to_the_byte(
        self, profile: Path, noise: bytes
    ) -> None:
        overwrite(profile / "interview.db", noise)
        before = contents(profile)
        assert isinstance(await opening(profile), DatabaseCorruptError)
        assert contents(profile) == before

    async def test_a_full_disk_is_db005_and_nothing_is_lost(
        self, profile: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SQLite's own limit stands for the disk's: it fails in the same place and way."""
        limit = f"PRAGMA max_page_count = {pages(profile) + 60}"
        monkeypatch.setattr(connection, "_SETTINGS", (*connection._SETTINGS, limit))  # noqa: SLF001
        async with (
            open_backend(profile, AIClient(), lambda: ()) as backend,
            Client.connect(backend.socket_path, backend.token) as client,
        ):
            session = await begin(client)
            await draft(client, session, "small")
            with pytest.raises(ProfileNotWritableError):
                await draft(client, session, "large " * 150_000)
            assert (await reopen(client, session)).questions[0].draft == "small"
            await answer(client, session)
        async with (
            open_backend(profile, AIClient(), lambda: ()) as backend,
            Client.connect(backend.socket_path, backend.token) as client,
        ):
            assert (await reopen(client, session)).questions[0].answers[0].text == ANSWER


def pages(profile: Path) -> int:
    with closing(sqlite3.connect(profile / "interview.db")) as plain:
        return int(plain.execute("PRAGMA page_count").fetchone()[0])


def overwrite(path: Path, noise: bytes) -> None:
    with path.open("r+b") as file:
        file.write(noise)


@contextmanager
def unprivileged() -> Iterator[None]:
    """As a user whom mode bits bind, which they do root not."""
    if os.geteuid():
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A profile folder that can be entered and not written."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def closed_profile(closed_folder: Path, profile: Path) -> Path:
    """One that holds a database which can only be read."""
    folder = closed_folder
    folder.chmod(0o755)
    shutil.copy(profile / "interview.db", folder)
    (folder / "interview.db").chmod(0o444)
    folder.chmod(0o555)
    return folder


class TestProfileFolder:
    """A folder that can't be written."""

    async def test_an_empty_one_is_db005_and_stays_empty(self, closed_folder: Path) -> None:
        with unprivileged():
            assert isinstance(await opening(closed_folder), ProfileNotWritableError)
        assert contents(closed_folder) == {}

    async def test_one_with_interviews_is_db005_and_stays_as_it_is(
        self, closed_profile: Path
    ) -> None:
        before = contents(closed_profile)
        with unprivileged():
            assert isinstance(await opening(closed_profile), ProfileNotWritableError)
        assert contents(closed_profile) == before


class TestAIService:
    """A service that dies, seen from the page."""

    async def test_one_that_dies_in_the_middle_is_asked_again_when_it_is_back(
        self, backend: Backend, ai: AIClient, client: Client
    ) -> None:
        async with AIStub.open() as stub:
            stub.replies.append(DIES)
            ai.connect(stub.port, TOKEN)
            session = await begin(client)
            await answer(client, session)
            waiting = await client.until(session.id, lambda s: bool(job_error(s)))
            assert job_error(waiting) == "AI001"
            ai.connect(stub.port, TOKEN)
            judged = await client.until(session.id, all_judged)
        assert len(judged.questions[0].evaluations) == 1
        assert judged.score == 0.5

    async def test_without_one_the_interview_goes_on_and_the_answers_wait(
        self, client: Client
    ) -> None:
        session = await begin(client, 3)
        for place in range(3):
            await answer(client, session, place)
        health = await client.call(channels.HEALTH_GET, GetHealth())
        assert health.evaluations_waiting == 3


def job_error(session: InterviewSession) -> str:
    job = session.questions[0].job
    return job.error.code if job and job.error else ""


async def processes(client: Client) -> dict[str, ProcessHealth]:
    health = await client.call(channels.HEALTH_GET, GetHealth())
    return {process.name: process for process in health.processes}


async def ai_ready(client: Client) -> ProcessHealth:
    """The AI service's process, once it is ready."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            client.events.clear()
            process = (await processes(client)).get("ai_service")
            if process and process.state == "ready":
                return process
            await client.until_told("health")


@asynccontextmanager
async def open_app(profile: Path) -> AsyncIterator[tuple[Headless, Client]]:
    async with (
        run_headless(profile) as app,
        Client.connect(app.socket, app.token) as client,
    ):
        yield app, client


class TestKill:
    """kill -9 of real processes, with the real AI service."""

    async def test_an_evaluation_whose_service_is_killed_is_made_by_the_next_one(
        self, profile: Path
    ) -> None:
        async with open_app(profile) as (_, client):
            before = await ai_ready(client)
            session = await begin(client, 3)
            for place in range(3):
                await answer(client, session, place)
            assert before.pid
            os.kill(before.pid, signal.SIGKILL)
            judged = await client.until(session.id, all_judged)
            after = await ai_ready(client)
            assert after.pid != before.pid
            assert after.restarts == 1
        assert [len(question.evaluations) for question in judged.questions] == [1, 1, 1]
        assert {q.evaluations[0].result.evaluator for q in judged.questions} == {"offline"}

    async def test_after_the_app_is_killed_every_confirmed_word_is_there_and_is_judged(
        self, profile: Path
    ) -> None:
        async with open_app(profile) as (app, client):
            session = await begin(client, 3)
            await answer(client, session, 0)
            for number in range(50):
                await draft(client, session, f"Half a sentence, {number} letters in", 1)
            await answer(client, session, 2)
            await app.kill()
            await asyncio.wait_for(client.hung_up.wait(), WAIT_SECONDS)
        async with open_app(profile) as (_, client):
            (line,) = (await client.call(channels.SESSION_HISTORY, GetHistory())).items
            assert line.id == session.id
            found = await client.until(session.id, all_judged)
        first, second, third = found.questions
        assert [first.answers[0].text, third.answers[0].text] == [ANSWER, ANSWER]
        assert second.draft == "Half a sentence, 49 letters in"
        assert [len(q.evaluations) for q in found.questions] == [1, 0, 1]

    async def test_a_killed_app_leaves_a_database_that_is_whole(self, profile: Path) -> None:
        async with open_app(profile) as (app, client):
            session = await begin(client, 3)
            typing = [
                asyncio.create_task(draft(client, session, f"{n} " * 2_000, n % 3))
                for n in range(60)
            ]
            await typing[20]
            await app.kill()
            await asyncio.gather(*typing, return_exceptions=True)
        with closing(sqlite3.connect(profile / "interview.db")) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
