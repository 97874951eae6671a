"""A damaged database, backups and exports, by real processes: nothing that was kept gets lost."""

from __future__ import annotations

import asyncio
import contextlib
import html
import random
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from main_process import backups
from main_process.database import copies
from shared_contracts import channels
from shared_contracts.backups import CreateBackup
from shared_contracts.errors import BackupFailedError
from shared_contracts.health import GetHealth
from shared_contracts.sessions import GetHistory, GetSession, SaveSession
from tests.damage import break_page
from tests.disk import small_disk
from tests.end_to_end.app_driver import App, address_in, connect_to_window, free_port
from tests.integration.conftest import run_headless
from tests.integration.test_faults import all_judged, answer, begin, draft
from tests.ipc_client import WAIT_SECONDS, Client
from tests.revisions import REVISIONS, rows_of, unpack

SECONDS = 60
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
TITLE = "Your interviews can't be opened"


def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run `interview-app` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "main_process", *arguments],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def done(*arguments: str | Path) -> str:
    """What a command says that does what it is told."""
    ended = command(*arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A used profile with a backup, whose database is damaged."""
    folder = tmp_path / "profile"
    folder.mkdir()
    database = unpack(REVISIONS[-1], folder)
    backups.make(database, "schedule")
    for left in folder.glob("interview.db-*"):
        left.unlink()
    break_page(database, "drafts")
    return folder


def sessions_in(app: App) -> int:
    return len(app.socket.call("db:session:history", {"limit": 10})["items"])


def test_without_a_page_it_is_said_what_can_be_done_and_the_command_does_it(damaged: Path) -> None:
    before = (damaged / "interview.db").read_bytes()
    refused = command("headless", "--profile", damaged)
    assert refused.returncode == 1
    assert refused.stdout == ""
    (line,) = refused.stderr.splitlines()
    assert line.startswith("DB008: The database file is damaged. The newest good backup is from ")
    assert "2 interviews, 5 answers and 1 question of your own" in line
    assert "how many texts that weren't handed in there were after it" in line
    assert "run 'interview-app restore'" in line
    assert (damaged / "interview.db").read_bytes() == before
    said = done("restore", "--profile", damaged)
    kept = damaged / said.strip().rpartition("/")[2]
    assert kept.name.startswith("interview-damaged-")
    assert kept.read_bytes() == before
    app = App(damaged, "headless")
    try:
        assert sessions_in(app) == 2
    finally:
        assert app.stop() == 0


class Served:
    """The page of the app in browser mode, as a browser gets at it."""

    def __init__(self, app: App) -> None:
        address = address_in(app.first_line())
        self.origin = address.partition("/boot")[0]
        self.http = httpx.Client(base_url=self.origin, follow_redirects=True)
        try:
            self.text = html.unescape(self.http.get(address).text)
        except httpx.TransportError:
            self.text = ""

    def choose(self, choice: str) -> httpx.Response:
        return self.http.post(f"/choose/{choice}", headers={"Origin": self.origin})


@contextmanager
def in_browser(profile: Path) -> Iterator[tuple[App, Served]]:
    app = App(profile, "browser", stderr=subprocess.PIPE)
    try:
        page = Served(app)
        # The renderer starts first, and may have shown the app's own page until main knew.
        while TITLE not in page.text:
            page.http.close()
            page = Served(app)
        with contextlib.closing(page.http):
            yield app, page
    finally:
        app.stop()


def test_in_the_page_the_backup_can_be_chosen_and_the_app_goes_on(damaged: Path) -> None:
    with in_browser(damaged) as (app, page):
        assert "2 interviews, 5 answers and 1 question of your own" in page.text
        assert re.findall(r'action="/choose/([a-z-]+)"', page.text) == ["restore", "empty", "quit"]
        assert page.choose("restore").status_code == 200
        assert sessions_in(app) == 2
    assert len(list(damaged.glob("interview-damaged-*.db"))) == 1


def test_in_the_page_an_empty_start_can_be_chosen(damaged: Path) -> None:
    before = (damaged / "interview.db").read_bytes()
    with in_browser(damaged) as (app, page):
        page.choose("empty")
        assert sessions_in(app) == 0
    (kept,) = damaged.glob("interview-damaged-*.db")
    assert kept.read_bytes() == before
    assert len(backups.listed(damaged / "interview.db")) >= 1


def test_a_choice_that_can_not_be_carried_out_is_said_and_another_one_can_be_made(
    damaged: Path,
) -> None:
    with in_browser(damaged) as (app, page):
        for copy in (damaged / "backups").glob("*.db"):
            break_page(copy, "answers")
        page.choose("restore")
        with contextlib.closing((again := Served(app)).http):
            assert "is damaged itself" in again.text
            again.choose("empty")
        assert sessions_in(app) == 0


def test_in_the_page_nothing_at_all_can_be_chosen(damaged: Path) -> None:
    before = (damaged / "interview.db").read_bytes()
    with in_browser(damaged) as (app, page):
        page.choose("quit")
        assert app.process.wait(SECONDS) == 1
        assert app.process.stderr
        assert app.process.stderr.read().startswith("DB008: ")
    assert (damaged / "interview.db").read_bytes() == before
    assert list(damaged.glob("interview-*.db")) == []


def test_without_a_backup_none_is_offered(damaged: Path) -> None:
    for path in (damaged / "backups").iterdir():
        path.unlink()
    with in_browser(damaged) as (_, page):
        assert "There is no good backup, and 2 interviews, 5 answers" in page.text
        assert re.findall(r'action="/choose/([a-z-]+)"', page.text) == ["empty", "quit"]


def test_in_the_window_the_backup_can_be_chosen_and_another_one_opens(damaged: Path) -> None:
    port = free_port()
    debugging = {"INTERVIEW_APP_REMOTE_DEBUGGING_PORT": str(port)}
    app = App(damaged, "window", OFFSCREEN | debugging, stderr=subprocess.PIPE)
    try:
        with sync_playwright() as playwright:
            page = problem_in(playwright, port, app)
            expect(page.get_by_text("2 interviews, 5 answers and 1 question")).to_be_visible()
            page.get_by_role("button", name="Restore the backup").click()
            app.socket.wait_until_ready("renderer")
            assert sessions_in(app) == 2
    finally:
        app.stop()


def problem_in(playwright: Playwright, port: int, app: App) -> Page:
    """The page of the window that shows the problem; the first window may be there yet."""
    assert app.process.stderr
    for line in app.process.stderr:
        if "DevTools listening" not in line:
            continue
        page = connect_to_window(playwright, port).contexts[0].pages[0]
        with contextlib.suppress(AssertionError, PlaywrightError):
            expect(page.get_by_role("heading")).to_have_text(TITLE)
            return page
    raise AssertionError


async def play(client: Client) -> None:
    """An interview that is judged by the real service and finished, and one under way."""
    session = await begin(client, 3)
    await answer(client, session, 0)
    await answer(client, session, 2)
    judged = await client.until(session.id, all_judged)
    finish = SaveSession(session_id=judged.id, revision=judged.revision, status="finished")
    await client.call(channels.SESSION_SAVE, finish)
    await draft(client, await begin(client), "Half a sentence")


async def test_everything_goes_out_of_a_running_app_and_into_a_new_profile_without_loss(
    profile: Path, tmp_path: Path
) -> None:
    target, new = tmp_path / "mine.json", tmp_path / "new"
    async with run_headless(profile) as app, Client.connect(app.socket, app.token) as client:
        await play(client)
        (_, played) = (await client.call(channels.SESSION_HISTORY, GetHistory())).items
        before = await client.call(channels.SESSION_GET, GetSession(session_id=played.id))
        said = await asyncio.to_thread(done, "export", target, "--profile", profile)
        assert said.startswith(f"{target}: ")
    exported = rows_of(profile / "interview.db")
    said = await asyncio.to_thread(done, "import", target, "--profile", new)
    assert said.startswith("Imported 2 interviews, 2 answers")
    assert rows_of(new / "interview.db") == exported
    async with run_headless(new) as app, Client.connect(app.socket, app.token) as client:
        after = await client.call(channels.SESSION_GET, GetSession(session_id=played.id))
    assert after == before
    assert all(question.evaluations for question in after.questions if question.answers)


async def test_a_running_app_makes_the_backup_itself_and_lets_none_be_restored(
    profile: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick.db"
    async with run_headless(profile) as app, Client.connect(app.socket, app.token) as client:
        await begin(client)
        said = await asyncio.to_thread(done, "backup", "--to", stick, "--profile", profile)
        assert said.startswith(str(stick))
        await client.until_told("backups")
        for refused in (("restore",), ("import", stick), ("migrate", "--to", REVISIONS[-1])):
            ended = await asyncio.to_thread(command, *refused, "--profile", profile)
            assert ended.returncode == 1
            assert ended.stderr.startswith("APP001: The app is running with this profile: end it")
    rows = rows_of(stick)
    assert len(rows["sessions"]) == 1
    assert rows == rows_of(profile / "interview.db")


async def test_an_app_that_is_ended_leaves_a_backup_of_what_changed(profile: Path) -> None:
    async with run_headless(profile) as app, Client.connect(app.socket, app.token) as client:
        await play(client)
        assert await app.end() == 0
    newest, *_ = backups.listed(profile / "interview.db")
    assert (newest.why, newest.verified, newest.sessions) == ("closing", True, 2)
    copy = copies.folder_of(profile / "interview.db") / newest.name
    backups.verify(copy)
    assert rows_of(copy) == rows_of(profile / "interview.db")


@pytest.mark.parametrize("seed", range(4))
async def test_a_kill_while_backups_are_made_leaves_none_that_only_looks_good(
    profile: Path, seed: int
) -> None:
    database = profile / "interview.db"
    async with run_headless(profile) as app, Client.connect(app.socket, app.token) as client:
        session = await begin(client)
        making = asyncio.create_task(_make_many(client))
        for number in range(random.Random(seed).randrange(5, 40)):  # noqa: S311  repeatable
            await draft(client, session, f"{number} words " * 5_000)
        await app.kill()
        await asyncio.gather(making, return_exceptions=True)
    made = backups.listed(database)
    assert made
    for each in made:
        backups.verify(copies.folder_of(database) / each.name)
    async with run_headless(profile) as app, Client.connect(app.socket, app.token) as client:
        await client.call(channels.BACKUP_CREATE, CreateBackup())
    assert {path.suffix for path in copies.folder_of(database).iterdir()} == {".db", ".json"}


async def _make_many(client: Client) -> None:
    while True:
        await client.call(channels.BACKUP_CREATE, CreateBackup())


@pytest.fixture
async def small(tmp_path: Path, profile: Path) -> AsyncIterator[Path]:
    """A profile on a disk that has no room for a backup."""
    with small_disk(tmp_path / "disk", "24m") as disk:
        (disk / "profile").mkdir()
        (disk / "profile" / "interview.db").write_bytes((profile / "interview.db").read_bytes())
        yield disk / "profile"


async def test_on_a_disk_without_room_the_app_goes_on_and_says_so(small: Path) -> None:
    async with run_headless(small) as app, Client.connect(app.socket, app.token) as client:
        session = await begin(client)
        with pytest.raises(BackupFailedError) as caught:
            await client.call(channels.BACKUP_CREATE, CreateBackup())
        assert "not enough space" in caught.value.message
        await client.until_told("health")
        (problem,) = (await client.call(channels.HEALTH_GET, GetHealth())).problems
        assert (problem.code, problem.message) == ("DB013", caught.value.message)
        await answer(client, session)
        assert await asyncio.wait_for(app.end(), WAIT_SECONDS) == 0
    assert len(rows_of(small / "interview.db")["answers"]) == 1
