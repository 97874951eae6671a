"""Health tells what a person should know; a wipe leaves nothing of theirs anywhere."""

from __future__ import annotations

import asyncio
import dataclasses
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from main_process import backups
from main_process.handlers import app as handlers
from main_process.handlers import evaluations, questions, sessions, settings
from main_process.services import Around, Services
from shared_contracts import migrations
from shared_contracts.errors import (
    BackupFailedError,
    BankFileError,
    NotErasedError,
    NotFoundError,
    ProcessFailedError,
)
from shared_contracts.evaluation import DisputeEvaluation
from shared_contracts.health import Done, GetHealth, ProcessHealth, RaiseWindow, SetSafeMode
from shared_contracts.questions import GetQuestions
from shared_contracts.sessions import DeleteSession, GetHistory, SaveSession
from shared_contracts.settings import AppSettings, GetSettings, SaveSettings, Wiped, WipeData
from tests import steps
from tests.factories import make_evaluation, make_own_question

SECRET = "Zanzibarschnecke"
EVERYTHING = WipeData(confirm="wipe everything")


async def test_health_counts_what_waits(app: Services, tmp_path: Path) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    health = await handlers.health(app, GetHealth())
    assert (health.evaluations_waiting, health.write_queue_depth) == (1, 0)
    assert (health.profile, health.schema_revision) == (str(tmp_path), migrations.HEAD)
    assert health.log_folder == str(tmp_path / "logs")
    assert (health.processes, health.problems) == ((), ())


async def test_health_tells_of_broken_files_and_failed_processes(app: Services) -> None:
    broken, failed = BankFileError("One").to_ipc(), ProcessFailedError("Two").to_ipc()
    processes = (
        ProcessHealth(name="ai_service", state="failed", error=failed),
        ProcessHealth(name="renderer", state="ready", pid=7),
    )
    ill = dataclasses.replace(
        app,
        bank=dataclasses.replace(app.bank, problems=(broken,)),
        process_health=lambda: processes,
    )
    health = await handlers.health(ill, GetHealth())
    assert health.problems == (broken, failed)
    assert health.processes == processes


async def test_health_tells_of_backups_that_can_not_be_made(app: Services) -> None:
    app.backups.problem = BackupFailedError("Three")
    assert (await handlers.health(app, GetHealth())).problems == (app.backups.problem.to_ipc(),)


async def test_safe_mode_is_told_of_and_set_by_the_app_around(app: Services) -> None:
    assert not (await handlers.health(app, GetHealth())).safe_mode
    asked: list[bool] = []
    safe = dataclasses.replace(app, around=Around(safe_mode=True, set_safe_mode=asked.append))
    assert (await handlers.health(safe, GetHealth())).safe_mode
    assert await handlers.set_safe_mode(safe, SetSafeMode(on=False)) == Done()
    assert asked == [False]


async def test_raising_the_window_is_left_to_who_hears_of_it(app: Services) -> None:
    assert await handlers.raise_window(app, RaiseWindow()) == Done()


async def leave_the_secret_everywhere(app: Services) -> None:
    session = await steps.start(app)
    (question,) = session.questions
    for version in range(3):
        answer = await steps.answer(app, question, f"{SECRET} {version} " * 3_000)
        await steps.evaluate(app, answer.id, make_evaluation(summary=f"You said {SECRET}."))
        await steps.draft(app, question, f"{SECRET} draft " * 5_000)
    (record, *_) = (await steps.reopen(app, session)).questions[0].evaluations
    await evaluations.dispute(app, DisputeEvaluation(evaluation_id=record.id, comment=SECRET))
    await sessions.save(app, SaveSession(session_id=session.id, revision=1, title=SECRET))
    await questions.create(app, make_own_question(prompt=f"Who is {SECRET}?"))
    await settings.save(app, SaveSettings(llm_model=SECRET, api_key=SECRET, key_place="file"))
    deleted = await steps.start(app)
    await steps.answer(app, deleted.questions[0], SECRET)
    await sessions.delete(app, DeleteSession(session_id=deleted.id))


def files_with(secret: str, folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    # An index of words has them in small letters, and of neighbours only where they differ.
    forms = (secret.encode(), secret[4:].lower().encode())
    return [path.name for path in files if any(form in path.read_bytes() for form in forms)]


def keep_copies(folder: Path) -> None:
    """Everything that there may be besides the database."""
    backups.make(folder / "interview.db", "asked")
    (folder / "backups/put-here-by-hand.db").write_text(SECRET)
    (folder / "interview-damaged-2026-07-30T10-11-12.345678Z.db-wal").write_text(SECRET)
    for place in (".making-1/interview.db", "exports/mine.json"):
        (folder / place).parent.mkdir()
        (folder / place).write_text(SECRET)


async def test_a_wipe_leaves_no_trace_on_disk(app: Services, tmp_path: Path) -> None:
    await leave_the_secret_everywhere(app)
    keep_copies(tmp_path)
    assert len(files_with(SECRET, tmp_path)) >= 7
    assert await handlers.wipe(app, EVERYTHING) == Wiped(sessions=2, questions=1)
    assert files_with(SECRET, tmp_path) == []


async def test_a_wipe_waits_for_a_backup_that_is_being_made_and_removes_it(
    app: Services, tmp_path: Path
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def make(_: Callable[[], bool]) -> None:
        begun.set()
        assert go_on.wait(10)
        backups.make(tmp_path / "interview.db", "schedule")

    making = asyncio.create_task(app.backups.in_turn(make))
    await asyncio.to_thread(begun.wait, 10)
    wiping = asyncio.create_task(handlers.wipe(app, EVERYTHING))
    await asyncio.to_thread(app.keys.read, None)
    assert not wiping.done()
    go_on.set()
    await making
    await wiping
    assert backups.listed(tmp_path / "interview.db") == []


async def test_after_a_wipe_the_app_is_as_new(app: Services) -> None:
    counts = await app.database.read(steps.row_counts)
    shipped = await questions.get(app, GetQuestions(limit=200))
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    await settings.save(app, SaveSettings(theme="dark"))
    await handlers.wipe(app, EVERYTHING)
    assert await app.database.read(steps.row_counts) == counts
    assert await questions.get(app, GetQuestions(limit=200)) == shipped
    assert await settings.get(app, GetSettings()) == AppSettings()
    assert (await sessions.history(app, GetHistory())).items == ()
    with pytest.raises(NotFoundError):
        await steps.draft(app, session.questions[0])
    await steps.answer(app, (await steps.start(app)).questions[0])


async def test_a_wipe_that_another_program_hinders_deletes_all_the_same_and_says_so(
    app: Services, tmp_path: Path
) -> None:
    await leave_the_secret_everywhere(app)
    told: list[str] = []
    app.events.subscribe(lambda event: told.append(event.topic))
    with closing(sqlite3.connect(tmp_path / "interview.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM answers").fetchall()
        with pytest.raises(NotErasedError):
            await handlers.wipe(app, EVERYTHING)
    assert app.keys.read(None) == ""
    assert (await sessions.history(app, GetHistory())).items == ()
    assert "sessions" in told
    await handlers.wipe(app, EVERYTHING)
    assert not steps.is_on_disk(SECRET, tmp_path)
