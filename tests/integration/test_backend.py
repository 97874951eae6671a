"""Everything behind the socket: each channel as the page asks it, and what is no request."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from main_process import backups
from main_process.ai_client import AIClient
from main_process.backend import Backend, open_backend
from shared_contracts import channels
from shared_contracts.answers import (
    MAX_ANSWER_CHARACTERS,
    SaveAnswer,
    SaveDraft,
    SearchAnswers,
    SkipQuestion,
)
from shared_contracts.backups import CreateBackup, ExportData, GetBackups
from shared_contracts.channels import CHANNELS
from shared_contracts.contract import Contract
from shared_contracts.envelope import MAX_MESSAGE_BYTES
from shared_contracts.errors import ConflictError, NotAuthorisedError, NotFoundError
from shared_contracts.evaluation import (
    CancelEvaluation,
    DisputeEvaluation,
    GetOutdated,
    RenewEvaluations,
    RequestEvaluation,
    TryServer,
)
from shared_contracts.health import Done, GetHealth, RaiseWindow, SetSafeMode
from shared_contracts.metrics import GetMetrics
from shared_contracts.questions import CreateQuestion, GetCatalogue, GetQuestions, QuestionFilter
from shared_contracts.recordings import (
    DeleteSound,
    DiscardRecording,
    GetRecording,
    ListRecordings,
    ReadSound,
    ReadVoice,
    StartRecording,
    StopRecording,
)
from shared_contracts.sessions import (
    AddFollowUp,
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
from shared_contracts.settings import GetKeyPlaces, GetSettings, SaveSettings, WipeData
from tests.factories import EVERYTHING_SEEN
from tests.ipc_client import Client
from tests.openai_stub import KEY, Reply, serving
from tests.steps import row_counts

Open = Callable[[], Awaitable[Client]]
ANSWER = (
    "An index lets the database find rows without reading the whole table, so reads get quicker."
    " Every write has to keep it, so writes get slower and it takes space."
)
TEXTS = {
    "html": "<script>alert(document.cookie)</script><img src=x onerror=alert(1)>",
    "emoji": "👩🏽‍💻🎉 I shipped it 🏳️‍🌈",
    "right to left": "אני כתבתי את זה. \u202eكتبت هذا\u202c.",
    "sql": "'); DROP TABLE answers; --",
    "nul and odd spaces": "a\u0000b\u2028c\u00a0d\ufeff",
    "template": "{{7*7}} ${7*7} %s %(x)s {0}",
}


def start(count: int = 1, **setup: object) -> StartSession:
    return StartSession(setup=msgspec.convert({"question_count": count, **setup}, SessionSetup))


async def begin(client: Client, count: int = 1, **setup: object) -> InterviewSession:
    return await client.call(channels.SESSION_START, start(count, **setup))


async def answered(client: Client, text: str = ANSWER) -> InterviewSession:
    """An interview of one question that was answered."""
    session = await begin(client, topics=["backend"])
    question_id = session.questions[0].id
    given = SaveAnswer(session_question_id=question_id, text=text, elapsed_ms=1_000)
    await client.call(channels.ANSWERS_SAVE, given)
    return await client.call(channels.SESSION_GET, GetSession(session_id=session.id))


def all_judged(session: InterviewSession) -> bool:
    return all(q.evaluations and q.job is None for q in session.questions if q.answers)


async def play(client: Client) -> InterviewSession:
    """Five questions: three answered, one skipped, one begun; judged by the real service."""
    session = await begin(client, 5, role="backend-engineer")
    *others, fourth, fifth = session.questions
    typed = SaveDraft(session_question_id=others[0].id, text="An in", elapsed_ms=400)
    await client.call(channels.DRAFTS_SAVE, typed)
    for question in others:
        given = SaveAnswer(
            session_question_id=question.id,
            text=question.question.reference_answer,
            elapsed_ms=60_000,
        )
        await client.call(channels.ANSWERS_SAVE, given)
    skip = SkipQuestion(session_question_id=fourth.id, elapsed_ms=5_000)
    await client.call(channels.ANSWERS_SKIP, skip)
    typed = SaveDraft(session_question_id=fifth.id, text="I would", elapsed_ms=900)
    await client.call(channels.DRAFTS_SAVE, typed)
    return await client.until(session.id, all_judged)


def quotes_hold(question: SessionQuestion) -> bool:
    """Whether each passage that is quoted is in the answer where it is said to be."""
    text = question.answers[0].text
    points = question.evaluations[0].result.key_points
    quotes = [point.evidence for point in points if point.evidence]
    return all(text[quote.start : quote.end] == quote.text for quote in quotes)


async def test_a_whole_interview_is_judged_while_it_goes_on(
    client: Client, real_ai: AIClient
) -> None:
    played = await play(client)
    assert [q.status for q in played.questions] == ["answered"] * 3 + ["skipped", "open"]
    assert [q.draft for q in played.questions] == [None] * 4 + ["I would"]
    for question in played.questions[:3]:
        (record,) = question.evaluations
        assert record.result.evaluator == "offline"
        assert "nothing left this device" in record.result.reason
        assert quotes_hold(question)
        if question.question.kind == "technical":
            assert (record.result.scores.content or 0) > 0.7


async def test_what_was_judged_can_be_disputed_and_judged_again(
    client: Client, real_ai: AIClient
) -> None:
    session = await answered(client)
    judged = await client.until(session.id, all_judged)
    (record,) = judged.questions[0].evaluations
    said = DisputeEvaluation(evaluation_id=record.id, comment="Too kind.")
    disputed = await client.call(channels.EVALUATIONS_DISPUTE, said)
    again = RequestEvaluation(answer_id=record.answer_id)
    await client.call(channels.EVALUATE_REQUEST, again)
    twice = await client.until(session.id, lambda s: len(s.questions[0].evaluations) == 2)
    first, second = twice.questions[0].evaluations
    assert first == disputed
    assert second.result.scores == record.result.scores
    assert (second.version, second.dispute) == (2, None)


async def test_the_history_says_what_the_interview_says(client: Client, real_ai: AIClient) -> None:
    played = await play(client)
    end = SaveSession(session_id=played.id, revision=played.revision, status="finished")
    finished = await client.call(channels.SESSION_SAVE, end)
    (line,) = (await client.call(channels.SESSION_HISTORY, GetHistory())).items
    assert (line.id, line.title, line.status) == (played.id, played.title, "finished")
    assert (line.answered, line.question_count, line.graded) == (3, 5, finished.graded)
    assert line.score == pytest.approx(finished.score)
    assert line.finished_at == finished.finished_at


def files(profile: Path) -> list[str]:
    return sorted(path.name for path in profile.iterdir())


async def test_a_closed_backend_leaves_its_database_and_a_backup_of_it(profile: Path) -> None:
    async with (
        open_backend(profile, AIClient(), lambda: ()) as backend,
        Client.connect(backend.socket_path, backend.token) as client,
    ):
        await begin(client)
        assert "interview.db-wal" in files(profile)
    assert files(profile) == ["backups", "interview.db"]
    newest, *_ = backups.listed(profile / "interview.db")
    assert (newest.why, newest.verified, newest.sessions) == ("closing", True, 1)
    with pytest.raises(FileNotFoundError):
        await asyncio.open_unix_connection(backend.socket_path)


async def test_an_interview_is_the_same_after_a_restart(profile: Path) -> None:
    async with (
        open_backend(profile, AIClient(), lambda: ()) as backend,
        Client.connect(backend.socket_path, backend.token) as client,
    ):
        session = await answered(client)
    async with (
        open_backend(profile, AIClient(), lambda: ()) as backend,
        Client.connect(backend.socket_path, backend.token) as client,
    ):
        reopened = await client.call(channels.SESSION_GET, GetSession(session_id=session.id))
    assert reopened == session


PAYLOADS: dict[str, Callable[[InterviewSession], Contract]] = {
    "db:questions:get": lambda _: GetQuestions(filter=QuestionFilter(topics=("data",)), limit=3),
    "db:questions:create": lambda _: CreateQuestion(
        kind="technical", topic="own", difficulty="easy", prompt="<b>Why?</b> 🙂 لماذا"
    ),
    "db:catalogue:get": lambda _: GetCatalogue(),
    "db:session:start": lambda _: start(2),
    "db:session:save": lambda s: SaveSession(session_id=s.id, revision=1, title="🙂 <i>mine</i>"),
    "db:session:get": lambda s: GetSession(session_id=s.id),
    "db:session:history": lambda _: GetHistory(limit=1),
    "db:session:delete": lambda s: DeleteSession(session_id=s.id),
    "db:session:restore": lambda s: RestoreSession(session_id=s.id),
    "db:session:followup": lambda s: AddFollowUp(
        session_question_id=s.questions[0].id, prompt="And what does it cost?"
    ),
    "db:drafts:save": lambda s: SaveDraft(
        session_question_id=s.questions[0].id, text="x" * 200_000, elapsed_ms=1
    ),
    "db:answers:save": lambda s: SaveAnswer(
        session_question_id=s.questions[0].id, text="Shorter.", elapsed_ms=1
    ),
    "db:answers:search": lambda _: SearchAnswers(text='an "index of" OR * dat'),
    "db:answers:skip": lambda s: SkipQuestion(session_question_id=s.questions[0].id, elapsed_ms=1),
    "db:recordings:start": lambda s: StartRecording(session_question_id=s.questions[0].id),
    "db:recordings:stop": lambda s: StopRecording(recording_id=s.id, pieces=0),
    "db:recordings:discard": lambda s: DiscardRecording(recording_id=s.id),
    "db:recordings:deletesound": lambda s: DeleteSound(recording_id=s.id),
    "db:recordings:get": lambda s: GetRecording(recording_id=s.id),
    "db:recordings:list": lambda s: ListRecordings(session_id=s.id),
    "db:recordings:sound": lambda s: ReadSound(recording_id=s.id),
    "ai:voice:read": lambda s: ReadVoice(session_question_id=s.questions[0].id, length=4),
    "db:evaluations:dispute": lambda s: DisputeEvaluation(
        evaluation_id=s.questions[0].evaluations[0].id, comment="<script>"
    ),
    "ai:evaluate:request": lambda s: RequestEvaluation(answer_id=s.questions[0].answers[0].id),
    "app:health:get": lambda _: GetHealth(),
    "app:settings:get": lambda _: GetSettings(),
    "app:settings:save": lambda _: SaveSettings(theme="dark", api_key="sk-1"),
    "app:data:wipe": lambda _: WipeData(confirm="wipe everything"),
    "app:data:export": lambda _: ExportData(),
    "ai:evaluate:cancel": lambda s: CancelEvaluation(job_id=s.questions[0].answers[0].id),
    "ai:evaluate:outdated": lambda _: GetOutdated(),
    "ai:evaluate:renew": lambda _: RenewEvaluations(),
    "ai:server:test": lambda _: TryServer(base_url="http://localhost/v1", model="m", api_key=KEY),
    "app:keys:places": lambda _: GetKeyPlaces(),
    "app:backup:list": lambda _: GetBackups(),
    "app:backup:create": lambda _: CreateBackup(),
    "app:window:raise": lambda _: RaiseWindow(),
    "app:metrics:get": lambda _: GetMetrics(),
    "app:safemode:set": lambda _: SetSafeMode(on=True),
}


@pytest.mark.parametrize("name", CHANNELS)
async def test_every_channel_answers_and_tells_what_it_changed(
    client: Client, real_ai: AIClient, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where an export would go to.
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    session = await answered(client)
    judged = await client.until(session.id, all_judged)
    channel = CHANNELS[name]
    request: Any = PAYLOADS[name](judged)
    if "recording_id" in request.__struct_fields__ and name != "db:answers:save":
        asked = StartRecording(session_question_id=judged.questions[0].id)
        begun = await client.call(channels.RECORDING_START, asked)
        request = msgspec.structs.replace(request, recording_id=begun.id)
        await client.until_told("recordings")
    client.events.clear()
    assert type(request) is channel.request
    if isinstance(request, CancelEvaluation):
        again = RequestEvaluation(answer_id=judged.questions[0].answers[0].id)
        job = await client.call(channels.EVALUATE_REQUEST, again)
        request = CancelEvaluation(job_id=job.id)
    with serving(lambda *_: Reply('{"ready": true}')) as server:
        if isinstance(request, TryServer):
            request = msgspec.structs.replace(request, base_url=server.base_url)
        assert type(await client.call(channel, request)) is channel.reply
    for topic in channel.topics:
        await client.until_told(topic)
    assert channel.kind == "command" or not client.events


def broken(good: Contract, how: str) -> bytes:
    """A payload that is nearly right."""
    fields = json.loads(msgspec.json.encode(good))
    return {
        "unknown field": json.dumps(fields | {"colour": "red"}).encode(),
        "wrong type": json.dumps([fields]).encode(),
        "not utf-8": b'{"title": "\xff\xfe", "text": "\xff", "theme": "\xff", "colour": "\xff"}',
        "nested": b'{"setup": ' + b"[" * 500 + b"]" * 500 + b"}",
    }[how]


@pytest.mark.parametrize("how", ["unknown field", "wrong type", "not utf-8", "nested"])
async def test_bad_input_to_any_channel_is_val001_and_changes_nothing(
    client: Client, profile: Path, how: str
) -> None:
    before = stored(profile)
    for name in CHANNELS:
        response = await client.ask(name, broken(PAYLOADS[name](SAMPLE), how))
        assert response.error, name
        assert response.error.code == "VAL001", name
        assert response.error.details.keys() >= {"field", "reason"}, name
    assert stored(profile) == before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b'{"id": "1", "timestamp": 0, "channel": "db:session:get", "pay',
        b'{"id": "1", "timestamp": 0, "channel": "db:session:get", "payload": ' + b"[" * 100_000,
        b'{"id": "1", "timestamp": 0, "channel": "db:session:get", "payload": "\\ud800"}',
        b"\xff\xfe",
    ],
    ids=["nothing", "text", "half", "too deep", "half a character", "bytes"],
)
async def test_what_cannot_be_read_at_all_is_val001_for_its_id_if_it_has_one(
    client: Client, body: bytes
) -> None:
    client.send(body)
    response = await asyncio.wait_for(client.unasked.get(), 10)
    assert response.error
    assert response.error.code == "VAL001"
    assert response.id == ("1" if body.startswith(b'{"id": "1"') else "")
    assert await client.call(channels.WINDOW_RAISE, RaiseWindow()) == Done()


def stored(profile: Path) -> dict[str, int]:
    """How many rows each table has, as another program sees it."""
    with closing(sqlite3.connect(profile / "interview.db")) as plain:
        return row_counts(plain)


def make_sample() -> InterviewSession:
    """An interview whose ids are nobody's."""
    nobody = {"id": str(uuid4()), "answer_id": str(uuid4()), "created_at": "2030-01-01T00:00:00Z"}
    question = {
        "id": str(uuid4()),
        "kind": "technical",
        "topic": "data",
        "difficulty": "easy",
        "prompt": "What for?",
    }
    evaluation = {
        "evaluator": "offline",
        "evaluator_version": "1",
        "reason": "",
        "scores": {},
        "confidence": 0,
        "summary": "",
        "delivery": {"words": 0, "sentences": 0},
    }
    asked = {
        "id": str(uuid4()),
        "position": 0,
        "question": question,
        "status": "open",
        "elapsed_ms": 0,
        "answers": [
            {
                "id": str(uuid4()),
                "session_question_id": str(uuid4()),
                "version": 1,
                "text": "",
                "elapsed_ms": 0,
                "created_at": "2030-01-01T00:00:00Z",
            }
        ],
        "evaluations": [nobody | {"version": 1, "result": evaluation}],
    }
    return msgspec.convert(
        {
            "id": str(uuid4()),
            "title": "",
            "status": "active",
            "setup": {},
            "position": 0,
            "questions": [asked],
            "score": None,
            "graded": 0,
            "created_at": "2030-01-01T00:00:00Z",
            "finished_at": None,
            "revision": 1,
        },
        InterviewSession,
    )


SAMPLE = make_sample()
BY_ID = [
    "db:session:save",
    "db:session:get",
    "db:session:delete",
    "db:session:restore",
    "db:session:followup",
    "db:drafts:save",
    "db:answers:save",
    "db:answers:skip",
    "db:evaluations:dispute",
    "db:recordings:start",
    "db:recordings:stop",
    "db:recordings:discard",
    "db:recordings:deletesound",
    "db:recordings:get",
    "ai:voice:read",
    "ai:evaluate:request",
    "ai:evaluate:cancel",
]


@pytest.mark.parametrize("name", BY_ID)
async def test_an_id_that_is_nobodys_is_db007(client: Client, name: str) -> None:
    with pytest.raises(NotFoundError):
        await client.call(CHANNELS[name], PAYLOADS[name](SAMPLE))


async def test_an_unknown_channel_is_ipc002(client: Client) -> None:
    response = await client.ask("db:secrets:get", b"{}")
    assert response.error
    assert (response.error.code, response.error.details) == (
        "IPC002",
        {"channel": "db:secrets:get"},
    )


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
async def test_any_text_comes_back_to_the_character(
    client: Client, real_ai: AIClient, text: str
) -> None:
    own = CreateQuestion(kind="technical", topic="own", difficulty="easy", prompt=f"Why {text}?")
    question = await client.call(channels.QUESTIONS_CREATE, own)
    session = await begin(client, question_ids=[str(question.id)])
    rename = SaveSession(session_id=session.id, revision=1, title=text)
    await client.call(channels.SESSION_SAVE, rename)
    asked = session.questions[0].id
    given = SaveAnswer(session_question_id=asked, text=text, elapsed_ms=1)
    await client.call(channels.ANSWERS_SAVE, given)
    judged = await client.until(session.id, all_judged)
    (only,) = judged.questions
    assert (judged.title, only.question.prompt, only.answers[0].text) == (
        text,
        f"Why {text}?",
        text,
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "VAL001"),
        (" \n\t", "VAL001"),
        ("x" * 200_000, "VAL001"),
        ("🙂" * (MAX_ANSWER_CHARACTERS + 1), "VAL001"),
        ("é" * (channels.ANSWERS_SAVE.max_bytes // 2), "IPC004"),
    ],
    ids=["empty", "blank", "200 kB", "too many emoji", "over the channel's limit"],
)
async def test_an_answer_that_is_refused_loses_nothing(
    client: Client, text: str, code: str
) -> None:
    session = await begin(client)
    (question,) = session.questions
    kept = text[:1_000_000] if code == "VAL001" else "kept"
    draft = SaveDraft(session_question_id=question.id, text=kept, elapsed_ms=1)
    await client.call(channels.DRAFTS_SAVE, draft)
    given = SaveAnswer(session_question_id=question.id, text=text, elapsed_ms=2)
    response = await client.ask("db:answers:save", msgspec.json.encode(given))
    assert response.error
    assert response.error.code == code
    assert len(str(response.error.message)) < 300
    reopened = await client.call(channels.SESSION_GET, GetSession(session_id=session.id))
    assert (reopened.questions[0].draft, reopened.questions[0].answers) == (kept, ())


async def test_the_longest_answer_that_is_allowed_is_judged(
    client: Client, real_ai: AIClient
) -> None:
    text = ("An index makes reads quicker. " * 4_000)[:MAX_ANSWER_CHARACTERS]
    session = await answered(client, text)
    judged = await client.until(session.id, all_judged)
    assert judged.questions[0].answers[0].text == text


async def test_a_change_of_something_older_comes_back_with_what_is_there_now(
    client: Client,
) -> None:
    session = await begin(client)
    rename = SaveSession(session_id=session.id, revision=1, title="First")
    current = await client.call(channels.SESSION_SAVE, rename)
    with pytest.raises(ConflictError) as caught:
        await client.call(channels.SESSION_SAVE, rename)
    assert msgspec.convert(caught.value.details["current"], InterviewSession) == current


async def test_numbers_beyond_all_bounds_are_refused(client: Client) -> None:
    session = await begin(client)
    huge = f'{{"session_id": "{session.id}", "revision": 1, "position": {10**30}}}'
    response = await client.ask("db:session:save", huge.encode())
    assert response.error
    assert response.error.code == "VAL001"
    odd = f'{{"session_id": "{session.id}", "revision": {10**30}, "position": 1}}'
    response = await client.ask("db:session:save", odd.encode())
    assert response.error
    assert response.error.code == "VAL001"


async def test_many_calls_at_once_are_each_answered(client: Client) -> None:
    session = await begin(client, 10)
    saved = await asyncio.gather(
        *(
            client.call(
                channels.DRAFTS_SAVE,
                SaveDraft(
                    session_question_id=question.id,
                    text=f"{n}",
                    elapsed_ms=n,
                    seen_at=EVERYTHING_SEEN,
                ),
            )
            for n in range(20)
            for question in session.questions
        )
    )
    assert len(saved) == 200
    reopened = await client.call(channels.SESSION_GET, GetSession(session_id=session.id))
    assert {question.draft for question in reopened.questions} == {"19"}


async def test_a_wrong_token_gets_nobody_in(backend: Backend) -> None:
    with pytest.raises(NotAuthorisedError):
        async with Client.connect(backend.socket_path, f"{backend.token}x"):
            pass


async def test_a_frame_that_is_too_large_ends_its_connection_only(
    client: Client, connect: Open
) -> None:
    other = await connect()
    client.send_raw((MAX_MESSAGE_BYTES + 1).to_bytes(4, "big") + b"x")
    refused = await asyncio.wait_for(client.unasked.get(), 10)
    assert refused.error
    assert refused.error.code == "IPC004"
    await asyncio.wait_for(client.hung_up.wait(), 10)
    assert await other.call(channels.WINDOW_RAISE, RaiseWindow()) == Done()


@settings(
    max_examples=40,
    # One backend for all examples: what one leaves behind, the next has to bear.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(frames=st.lists(st.binary(max_size=200) | st.text().map(str.encode), max_size=20))
async def test_after_any_frames_the_next_request_is_answered(
    client: Client, frames: list[bytes]
) -> None:
    for body in frames:
        client.send(body)
    assert await client.call(channels.WINDOW_RAISE, RaiseWindow()) == Done()
    for _ in frames:
        response = await asyncio.wait_for(client.unasked.get(), 10)
        assert response.error
        assert response.error.code == "VAL001"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=500))
async def test_after_any_bytes_others_are_answered(backend: Backend, noise: bytes) -> None:
    async with Client.connect(backend.socket_path, backend.token) as noisy:
        noisy.send_raw(noise)
    async with Client.connect(backend.socket_path, backend.token) as other:
        assert await other.call(channels.WINDOW_RAISE, RaiseWindow()) == Done()
