"""Every job is made once there is a service, and none is lost on the way."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing, suppress
from pathlib import Path

import msgspec
import pytest
from structlog.contextvars import bound_contextvars

from main_process import evaluation_jobs
from main_process.ai_client import AIClient
from main_process.evaluation_jobs import MAX_ATTEMPTS, why_offline
from main_process.handlers import evaluations, settings
from main_process.repositories.settings import StoredSettings
from main_process.services import Services
from shared_contracts.envelope import Event
from shared_contracts.evaluation import OFFLINE_VERSION, CancelEvaluation, RequestEvaluation
from shared_contracts.sessions import InterviewSession, SessionQuestion
from shared_contracts.settings import SaveSettings
from tests import steps
from tests.ai_stub import DIES, TOKEN, AIStub, evaluation, reply
from tests.factories import make_evaluation

WAIT_SECONDS = 20
URL = "https://ai.example/v1"


class Line:
    """The worker at its line, and what it tells."""

    def __init__(self, app: Services, at_once: int = 1) -> None:
        self.app = app
        self.ai = AIClient()
        self._told = asyncio.Event()
        app.events.subscribe(self._hear)
        self.task = asyncio.create_task(evaluation_jobs.run(app, self.ai, at_once))

    def _hear(self, _: Event) -> None:
        self._told.set()

    async def until(
        self, session: InterviewSession, holds: Callable[[SessionQuestion], bool]
    ) -> SessionQuestion:
        """The first question, once it is so."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                self._told.clear()
                question = (await steps.reopen(self.app, session)).questions[0]
                if holds(question):
                    return question
                await self._told.wait()

    async def end(self) -> None:
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task
        await self.ai.close()


@pytest.fixture
async def stub() -> AsyncIterator[AIStub]:
    async with AIStub.open() as stub:
        yield stub


@pytest.fixture
async def line(app: Services) -> AsyncIterator[Line]:
    line = Line(app)
    yield line
    await line.end()


def is_done(question: SessionQuestion) -> bool:
    return question.job is None and bool(question.evaluations)


def has_failed(question: SessionQuestion) -> bool:
    return question.job is not None and question.job.state == "failed"


def was_put_back(question: SessionQuestion, attempts: int) -> bool:
    job = question.job
    return bool(job and job.error and job.state != "running" and job.attempts == attempts)


async def test_what_waits_is_made_as_soon_as_there_is_a_service(
    app: Services, line: Line, stub: AIStub
) -> None:
    session = await steps.start(app, question_count=3)
    for question in session.questions:
        await steps.answer(app, question, f"Answer {question.position}.")
    line.ai.connect(stub.port, TOKEN)
    for question in session.questions:
        request = await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
        assert request.question == question.question
        assert request.answer == f"Answer {question.position}."
        assert request.llm is None
        assert "nothing left this device" in request.offline_reason
    await line.until(session, is_done)


async def test_it_is_judged_under_the_id_of_the_request_that_handed_it_in(
    app: Services, line: Line, stub: AIStub
) -> None:
    line.ai.connect(stub.port, TOKEN)
    session = await steps.start(app)
    with bound_contextvars(request="page-7"):
        await steps.answer(app, session.questions[0])
    await line.until(session, is_done)
    (head,) = stub.heads
    assert "X-Request-Id: page-7\r\n" in head


async def test_an_answer_that_comes_later_is_made_too(
    app: Services, line: Line, stub: AIStub
) -> None:
    line.ai.connect(stub.port, TOKEN)
    for _ in range(3):
        session = await steps.start(app)
        await steps.answer(app, session.questions[0])
        await line.until(session, is_done)


async def test_a_service_that_dies_in_the_middle_loses_nothing(
    app: Services, line: Line, stub: AIStub
) -> None:
    stub.replies += [DIES, evaluation(0.9)]
    line.ai.connect(stub.port, TOKEN)
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    waiting = await line.until(session, lambda q: bool(q.job and q.job.error))
    assert waiting.job
    assert (waiting.job.state, waiting.job.attempts) == ("queued", 1)
    assert waiting.job.error
    assert waiting.job.error.code == "AI001"
    line.ai.connect(stub.port, TOKEN)
    question = await line.until(session, is_done)
    assert [r.result.scores.content for r in question.evaluations] == [0.9]


async def test_after_the_last_attempt_it_waits_to_be_asked_again(
    app: Services, line: Line, stub: AIStub
) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    for attempt in range(1, MAX_ATTEMPTS + 1):
        stub.replies.append(DIES)
        line.ai.connect(stub.port, TOKEN)
        await line.until(
            session,
            lambda q, n=attempt: was_put_back(q, n),  # type: ignore[misc]
        )
    failed = await line.until(session, has_failed)
    assert failed.job
    assert failed.job.error
    assert failed.job.error.code == "AI001"
    line.ai.connect(stub.port, TOKEN)
    await evaluations.request(app, RequestEvaluation(answer_id=answer.id))
    question = await line.until(session, is_done)
    assert len(question.evaluations) == 1


async def test_garbage_fails_its_own_job_and_the_next_one_is_made(
    app: Services, line: Line, stub: AIStub
) -> None:
    stub.replies.append(reply(200, b"<html>"))
    line.ai.connect(stub.port, TOKEN)
    broken, fine = await steps.start(app), await steps.start(app)
    await steps.answer(app, broken.questions[0])
    await steps.answer(app, fine.questions[0])
    await line.until(fine, is_done)
    failed = await line.until(broken, has_failed)
    assert failed.job
    assert failed.job.error
    assert failed.job.error.code == "APP003"


async def test_a_job_that_was_cut_off_is_made_at_the_next_start(
    app: Services, stub: AIStub
) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    first = Line(app)
    stub.replies.append(asyncio.Event())
    first.ai.connect(stub.port, TOKEN)
    await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    await first.end()
    second = Line(app)
    second.ai.connect(stub.port, TOKEN)
    question = await second.until(session, is_done)
    assert len(question.evaluations) == 1
    await second.end()


async def test_a_wipe_in_the_middle_leaves_no_result(
    app: Services, line: Line, stub: AIStub
) -> None:
    go = asyncio.Event()
    stub.replies.append(go)
    line.ai.connect(stub.port, TOKEN)
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    await app.database.write(lambda tx: tx.execute("DELETE FROM sessions"))
    go.set()
    later = await steps.start(app)
    await steps.answer(app, later.questions[0])
    await line.until(later, is_done)
    counts = await app.database.read(steps.row_counts)
    assert (counts["evaluations"], counts["evaluation_jobs"]) == (1, 1)


class Log:
    """Knows when the worker said that it was interrupted."""

    def __init__(self) -> None:
        self.interrupted = asyncio.Event()

    def error(self, event: str, *, code: str) -> None:
        assert (event, code) == ("interrupted", "DB001")
        self.interrupted.set()

    def info(self, _: str, **__: object) -> None:
        """What goes well is of no interest here."""


async def test_a_locked_database_only_holds_the_line_up(
    app: Services, tmp_path: Path, stub: AIStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, answered = Log(), asyncio.Event()
    monkeypatch.setattr(evaluation_jobs, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(evaluation_jobs, "_log", log)
    await app.database.write(lambda tx: tx.execute("PRAGMA busy_timeout = 10").fetchall())
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    stub.replies.append(answered)
    line = Line(app)
    line.ai.connect(stub.port, TOKEN)
    await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    with closing(sqlite3.connect(tmp_path / "interview.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answered.set()
        # The result can't be stored; once the lock is gone, the answer is judged anew.
        await asyncio.wait_for(log.interrupted.wait(), WAIT_SECONDS)
        other.execute("ROLLBACK")
    question = await line.until(session, is_done)
    assert len(question.evaluations) == 1
    assert stub.requests.qsize() == 1
    await line.end()


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (StoredSettings(), "offline evaluator is chosen"),
        (StoredSettings(evaluator="llm"), "No AI server and model"),
        (StoredSettings(evaluator="llm", llm_base_url=URL), "No AI server and model"),
        (StoredSettings(evaluator="llm", llm_base_url=URL, llm_model="m"), "agreed to send"),
        (
            StoredSettings(
                evaluator="llm",
                llm_base_url=URL,
                llm_model="m",
                consented_url="https://other.example/v1",
            ),
            "ai.example",
        ),
    ],
)
def test_nothing_leaves_without_a_server_a_model_and_consent_to_that_server(
    stored: StoredSettings, words: str
) -> None:
    assert words in why_offline(stored, 0)
    assert "nothing left this device" in why_offline(stored, 0)


async def test_a_key_that_is_not_there_lets_nothing_out_and_says_why(
    app: Services, line: Line, stub: AIStub
) -> None:
    change = SaveSettings(
        evaluator="llm", llm_base_url=URL, llm_model="m", consented_url=URL, api_key="sk-1"
    )
    await settings.save(app, change)
    app.keys.forget(None)
    line.ai.connect(stub.port, TOKEN)
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    request = await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    assert request.llm is None
    assert request.offline_error
    assert request.offline_error.code == "AI020"
    await line.until(session, is_done)


async def test_with_consent_the_answer_goes_out_with_server_and_key(
    app: Services, line: Line, stub: AIStub
) -> None:
    change = SaveSettings(
        evaluator="llm", llm_base_url=URL, llm_model="m", consented_url=URL, api_key="sk-1"
    )
    await settings.save(app, change)
    line.ai.connect(stub.port, TOKEN)
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    request = await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    assert request.llm
    assert (request.llm.base_url, request.llm.model, request.llm.api_key) == (URL, "m", "sk-1")
    assert request.offline_reason == ""
    await line.until(session, is_done)


async def test_as_many_are_made_at_once_as_there_are_workers(app: Services, stub: AIStub) -> None:
    line = Line(app, at_once=2)
    go = asyncio.Event()
    stub.replies += [go, go]
    session = await steps.start(app, question_count=3)
    for question in session.questions:
        await steps.answer(app, question, f"Answer {question.position}.")
    line.ai.connect(stub.port, TOKEN)
    first = {(await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)).answer for _ in range(2)}
    assert first == {"Answer 0.", "Answer 1."}
    states = [q.job.state for q in (await steps.reopen(app, session)).questions if q.job]
    assert states == ["running", "running", "queued"]
    go.set()
    await line.until(session, is_done)
    await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    await line.end()


async def test_one_that_is_cancelled_while_it_is_made_leaves_nothing_and_the_next_is_made(
    app: Services, line: Line, stub: AIStub
) -> None:
    stub.replies.append(asyncio.Event())
    line.ai.connect(stub.port, TOKEN)
    given_up, fine = await steps.start(app), await steps.start(app)
    await steps.answer(app, given_up.questions[0])
    await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    job = (await steps.reopen(app, given_up)).questions[0].job
    assert job
    assert (await evaluations.cancel(app, CancelEvaluation(job_id=job.id))).state == "cancelled"
    await steps.answer(app, fine.questions[0])
    await line.until(fine, is_done)
    question = (await steps.reopen(app, given_up)).questions[0]
    assert question.job
    assert (question.job.state, question.evaluations) == ("cancelled", ())
    assert app.judging == {}


async def test_what_is_cancelled_can_be_asked_for_again(
    app: Services, line: Line, stub: AIStub
) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    job = (await steps.reopen(app, session)).questions[0].job
    assert job
    await evaluations.cancel(app, CancelEvaluation(job_id=job.id))
    await evaluations.request(app, RequestEvaluation(answer_id=answer.id))
    line.ai.connect(stub.port, TOKEN)
    assert len((await line.until(session, is_done)).evaluations) == 1


async def turn_to_the_server(app: Services) -> None:
    change = SaveSettings(
        evaluator="llm", llm_base_url=URL, llm_model="m", consented_url=URL, api_key="sk-1"
    )
    await settings.save(app, change)


async def test_what_waited_before_the_person_turned_to_a_server_is_not_sent_to_it(
    app: Services, line: Line, stub: AIStub
) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    await turn_to_the_server(app)
    line.ai.connect(stub.port, TOKEN)
    request = await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    assert request.llm is None
    assert "before you turned" in request.offline_reason
    await line.until(session, is_done)


def theirs() -> bytes:
    result = make_evaluation(0.9, evaluator="llm", evaluator_version="llm-1")
    return reply(200, msgspec.json.encode(result))


def ours() -> bytes:
    result = make_evaluation(0.4, evaluator_version=OFFLINE_VERSION)
    return reply(200, msgspec.json.encode(result))


async def test_beside_a_servers_judgement_our_own_is_kept_once(
    app: Services, line: Line, stub: AIStub
) -> None:
    await turn_to_the_server(app)
    stub.replies += [theirs(), ours(), theirs()]
    line.ai.connect(stub.port, TOKEN)
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    await line.until(session, is_done)
    await evaluations.request(app, RequestEvaluation(answer_id=answer.id))
    question = await line.until(session, lambda q: is_done(q) and len(q.evaluations) > 2)
    assert [r.result.evaluator for r in question.evaluations] == ["offline", "llm", "llm"]
    sent = [stub.requests.get_nowait() for _ in range(3)]
    assert [bool(request.llm) for request in sent] == [True, False, True]
    assert (await steps.reopen(app, session)).score == 0.9
