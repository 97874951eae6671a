"""With the cache in between, a person is never shown anything but what the database holds."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from main_process.ai_client import AIClient
from main_process.backend import open_backend
from renderer.data_service.cache import ReplyCache
from renderer.data_service.cached_access import CachedDataAccess
from renderer.data_service.ways import Ways
from shared_contracts import channels
from shared_contracts.answers import SaveAnswer, SaveDraft, SearchAnswers, SkipQuestion
from shared_contracts.channels import CHANNELS, Channel
from shared_contracts.child_process import Connect
from shared_contracts.envelope import Event
from shared_contracts.errors import AppError
from shared_contracts.evaluation import RequestEvaluation
from shared_contracts.questions import GetCatalogue, GetQuestions, QuestionFilter
from shared_contracts.sessions import (
    AddFollowUp,
    DeleteSession,
    GetHistory,
    GetSession,
    InterviewSession,
    RestoreSession,
    SaveSession,
)
from shared_contracts.settings import GetSettings, SaveSettings, WipeData
from tests.factories import EVERYTHING_SEEN, make_own_question, make_start
from tests.ipc_client import WAIT_SECONDS, Client

Reply = TypeVar("Reply")
WRITES: dict[str, Callable[[InterviewSession], Any]] = {
    "db:session:start": lambda _: make_start(),
    "db:session:save": lambda s: SaveSession(
        session_id=s.id, revision=s.revision, title=f"{s.title}!"
    ),
    "db:session:delete": lambda s: DeleteSession(session_id=s.id),
    "db:session:restore": lambda s: RestoreSession(session_id=s.id),
    "db:session:followup": lambda s: AddFollowUp(
        session_question_id=s.questions[0].id, prompt="And what does it cost?"
    ),
    "db:drafts:save": lambda s: SaveDraft(
        session_question_id=s.questions[0].id,
        text=f"{s.questions[0].draft or ''} and so on",
        elapsed_ms=1,
        seen_at=EVERYTHING_SEEN,
    ),
    "db:answers:save": lambda s: SaveAnswer(
        session_question_id=s.questions[0].id, text="It depends on the load.", elapsed_ms=1
    ),
    "db:answers:skip": lambda s: SkipQuestion(session_question_id=s.questions[0].id, elapsed_ms=1),
    "ai:evaluate:request": lambda s: RequestEvaluation(answer_id=s.questions[0].answers[0].id),
    "db:questions:create": lambda _: make_own_question(),
    "app:settings:save": lambda s: SaveSettings(theme="dark" if s.revision % 2 else "light"),
    "app:data:wipe": lambda _: WipeData(confirm="wipe everything"),
}
NOT_KEPT_APART = {
    "app:backup:create": "changes nothing that is kept",
    "app:data:export": "changes nothing that is kept",
    "app:window:raise": "changes nothing that is kept",
    "app:safemode:set": "changes nothing that is kept",
    "ai:evaluate:cancel": "needs a job; announces what ai:evaluate:request does",
    "ai:evaluate:renew": "needs an older evaluator; announces what ai:evaluate:request does",
    "ai:server:test": "changes nothing that is kept",
    "db:recordings:start": "changes nothing that is kept",
    "db:recordings:stop": "changes nothing that is kept",
    "db:recordings:discard": "changes nothing that is kept",
    "db:recordings:deletesound": "changes nothing that is kept",
    "db:evaluations:dispute": "needs an evaluation; announces what db:answers:save does",
}


class Reader:
    """A page's data service, cache and all, beside a connection that asks for everything anew."""

    def __init__(self, plain: Client) -> None:
        self.plain = plain
        self.cache = ReplyCache()
        self.ways = Ways(self._hear, self._turn)
        self.access = CachedDataAccess(self.ways, self.cache)
        self.connected = asyncio.Event()
        self.heard: set[str] = set()
        self._told = asyncio.Event()
        self.session: InterviewSession

    async def call(self, channel: Channel[Any, Reply], request: object) -> Reply:
        payload = msgspec.Raw(msgspec.json.encode(request))
        return msgspec.json.decode(await self.access.request(channel, payload), type=channel.reply)

    async def write(self, name: str, through: Callable[..., Awaitable[Any]]) -> None:
        self.heard.clear()
        try:
            reply = await through(CHANNELS[name], WRITES[name](self.session))
        except (AppError, IndexError):
            return  # Refused in this state: then nothing has changed.
        if through == self.plain.call:
            await self._until_heard(set(CHANNELS[name].topics))
        if isinstance(reply, InterviewSession):
            self.session = reply

    async def check(self) -> None:
        """Every query that is kept answers what it answers when it isn't."""
        for channel, request in self.reads():
            assert await outcome(self.call(channel, request)) == await outcome(
                self.plain.call(channel, request)
            ), channel.name

    def reads(self) -> list[tuple[Channel[Any, Any], Any]]:
        own = GetQuestions(filter=QuestionFilter(sources=("own",)))
        return [
            (channels.QUESTIONS_GET, own),
            (channels.CATALOGUE_GET, GetCatalogue()),
            (channels.SESSION_GET, GetSession(session_id=self.session.id)),
            (channels.SESSION_HISTORY, GetHistory()),
            (channels.ANSWERS_SEARCH, SearchAnswers(text="depends")),
            (channels.SETTINGS_GET, GetSettings()),
        ]

    def _hear(self, event: Event) -> None:
        self.cache.changed(event.topic)
        self.heard.add(event.topic)
        self._told.set()

    def _turn(self, way: str, *, chosen: bool) -> None:
        if way != "none":
            self.cache.open()
            self.connected.set()

    async def _until_heard(self, topics: set[str]) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while not topics <= self.heard:
                self._told.clear()
                await self._told.wait()


async def outcome(asking: Awaitable[Any]) -> object:
    """The reply, or the code that comes in its place."""
    try:
        return await asking
    except AppError as error:
        return error.code


@asynccontextmanager
async def reading(template: Path) -> AsyncIterator[Reader]:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        profile = Path(shutil.copytree(template, folder / "profile"))
        backend = await stack.enter_async_context(open_backend(profile, AIClient(), lambda: ()))
        where = backend.socket_path
        reader = Reader(await stack.enter_async_context(Client.connect(where, backend.token)))
        stack.push_async_callback(reader.ways.close)
        reader.ways.connect(Connect(socket=str(where), token=backend.token))
        await asyncio.wait_for(reader.connected.wait(), WAIT_SECONDS)
        reader.session = await reader.call(channels.SESSION_START, make_start())
        yield reader


STEPS = st.lists(st.tuples(st.sampled_from(list(WRITES)), st.booleans()), min_size=5, max_size=25)


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(STEPS)
async def test_what_is_kept_is_what_is_stored(
    profile_template: Path, steps: list[tuple[str, bool]]
) -> None:
    async with reading(profile_template) as reader:
        for name, by_another in steps:
            await reader.write(name, reader.plain.call if by_another else reader.call)
            await reader.check()
            await reader.check()
        assert reader.cache.counts().hits >= len(reader.reads())


def test_every_command_and_every_kept_query_is_in_the_play() -> None:
    commands = {channel.name for channel in CHANNELS.values() if channel.kind == "command"}
    assert commands == WRITES.keys() | NOT_KEPT_APART.keys()


async def test_every_kept_query_is_compared(profile_template: Path) -> None:
    async with reading(profile_template) as reader:
        compared = {channel.name for channel, _ in reader.reads()}
    assert compared == {channel.name for channel in CHANNELS.values() if channel.reads}
