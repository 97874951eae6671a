"""The real processes: started, killed, started again, and gone without a trace."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.end_to_end.app_driver import (
    App,
    Socket,
    WindowDriver,
    address_in,
    connect_to_window,
    free_port,
)

SECONDS = 60
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}


@contextlib.contextmanager
def running(app: App) -> Iterator[App]:
    try:
        yield app
    finally:
        app.stop()


@contextlib.contextmanager
def window_of(profile: Path) -> Iterator[WindowDriver]:
    with sync_playwright() as playwright:
        window = WindowDriver(playwright, profile, OFFSCREEN)
        try:
            yield window
        finally:
            window.close()


def run_to_the_end(
    mode: str, profile: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "main_process", mode, "--profile", str(profile)],
        env={**os.environ, "INTERVIEW_APP_OPEN_BROWSER": "false", **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def log_events(profile: Path) -> list[str]:
    text = (profile / "logs" / "services.log").read_text()
    return [json.loads(line)["event"] for line in text.splitlines()]


@pytest.fixture
def locked_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that not even root may write."""
    folder = tmp_path / "locked"
    folder.mkdir()
    chattr = shutil.which("chattr") or "chattr"
    locked = subprocess.run([chattr, "+i", folder], check=False, capture_output=True)
    if locked.returncode != 0:
        folder.chmod(0o500)
    yield folder
    if locked.returncode == 0:
        subprocess.run([chattr, "-i", folder], check=True)


def test_a_script_is_told_where_to_ask(tmp_path: Path) -> None:
    with running(App(tmp_path, "headless")) as app:
        where = json.loads(app.first_line())
        token_file = Path(where["token_file"])
        assert token_file.stat().st_mode & 0o777 == 0o600
        client = Socket(where["socket"], json.loads(token_file.read_text())["token"])
        assert client.call("app:health:get", {})["profile"] == str(tmp_path)
        assert [process["name"] for process in client.call("app:health:get", {})["processes"]] == [
            "ai_service"
        ]
        client.close()
        database = tmp_path / "interview.db"
        assert database.stat().st_mode & 0o077 == 0, "the folder was there before, for all to enter"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_in_order_and_in_time(tmp_path: Path, number: int) -> None:
    with running(App(tmp_path, "headless")) as app:
        app.socket.wait_until_ready("ai_service")
        family = app.tree()
        started = time.monotonic()
        # As a terminal does it: to each process of the group.
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        assert app.process.wait(SECONDS) == 0
        assert time.monotonic() - started < 5
        _, alive = psutil.wait_procs(family, timeout=5)
        assert alive == []
        assert not (tmp_path / "run.json").exists()


def test_a_signal_before_anything_is_ready_ends_it_as_well(tmp_path: Path) -> None:
    app = App(tmp_path, "window", OFFSCREEN)
    with running(app):
        app.process.terminate()
        assert app.process.wait(SECONDS) in {0, -signal.SIGTERM}


def test_nothing_outlives_a_main_process_that_is_killed(tmp_path: Path) -> None:
    with running(App(tmp_path, "window", OFFSCREEN)) as app:
        app.socket.wait_until_ready("ai_service")
        assert any(process.name().startswith("QtWebEngine") for process in app.tree())
        app.kill_everything()
    with running(App(tmp_path, "headless")) as app:
        app.socket.wait_until_ready("ai_service")


def test_the_ai_service_is_started_again(tmp_path: Path) -> None:
    with running(App(tmp_path, "headless")) as app:
        killed = app.kill("ai_service")
        app.socket.wait_until_ready("ai_service", other_than=killed)
        assert app.socket.processes()["ai_service"]["restarts"] == 1


def test_an_ai_service_that_keeps_crashing_is_given_up_on_and_the_app_goes_on(
    tmp_path: Path,
) -> None:
    with running(App(tmp_path, "headless")) as app:
        killed = 0
        for _ in range(3):
            killed = app.socket.wait_until_ready("ai_service", other_than=killed)
            os.kill(killed, signal.SIGKILL)
        while app.socket.processes()["ai_service"]["state"] != "failed":
            app.socket.wait_for_event("health")
        assert app.socket.processes()["ai_service"]["error"]["code"] == "APP004"


def test_the_window_comes_back_and_leaves_no_helper_behind(tmp_path: Path) -> None:
    with window_of(tmp_path) as window:
        window.page()
        renderer = psutil.Process(window.app.socket.wait_until_ready("renderer"))
        helpers = renderer.children(recursive=True)
        renderer.kill()
        window.app.socket.wait_until_ready("renderer", other_than=renderer.pid)
        expect(window.page().get_by_role("button", name="Start").first).to_be_visible()
        _, alive = psutil.wait_procs([renderer, *helpers], timeout=SECONDS)
        assert alive == []


def test_closing_the_window_ends_the_app(tmp_path: Path) -> None:
    with window_of(tmp_path) as window:
        page = window.page()
        family = window.app.tree()
        window.app.forget_socket()
        page.close()
        assert window.app.process.wait(SECONDS) == 0
        _, alive = psutil.wait_procs(family, timeout=SECONDS)
        assert alive == []


def test_a_second_start_brings_the_window_to_the_front(tmp_path: Path) -> None:
    with running(App(tmp_path, "window", OFFSCREEN)) as app:
        app.socket.wait_until_ready("renderer")
        second = run_to_the_end("window", tmp_path, **OFFSCREEN)
        assert (second.returncode, second.stderr) == (0, "")
        assert second.stdout.startswith("Interview App is open with this profile already")
        app.socket.wait_for_event("window")
    assert "window brought to front" in log_events(tmp_path)


@pytest.mark.parametrize("mode", ["headless", "browser"])
def test_a_second_start_beside_an_app_without_window_is_refused(tmp_path: Path, mode: str) -> None:
    with running(App(tmp_path, "headless")) as app:
        app.first_line()
        second = run_to_the_end(mode, tmp_path)
    assert second.returncode == 1
    assert second.stderr.startswith("APP001: ")
    assert "--profile DIR" in second.stderr


def test_two_profiles_live_side_by_side(tmp_path: Path) -> None:
    with (
        running(App(tmp_path / "first", "browser")) as first,
        running(App(tmp_path / "second", "browser")) as second,
    ):
        assert address_in(first.first_line()) != address_in(second.first_line())


def test_a_profile_that_can_not_be_written_is_said(locked_folder: Path) -> None:
    ended = run_to_the_end("headless", locked_folder)
    assert ended.returncode == 1
    assert ended.stdout == ""
    said = ended.stderr.strip()
    assert said.startswith(f"DB005: The profile folder {locked_folder} can't be written: ")
    assert said.endswith("--profile DIR.")
    assert len(said.splitlines()) == 1


def test_a_profile_that_can_not_be_written_is_shown_in_a_window(locked_folder: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "main_process", "--profile", str(locked_folder)]
    debugging = {"INTERVIEW_APP_REMOTE_DEBUGGING_PORT": str(port)}
    with (
        subprocess.Popen(
            command, env={**os.environ, **OFFSCREEN, **debugging}, stderr=subprocess.PIPE, text=True
        ) as app,
        sync_playwright() as playwright,
    ):
        assert app.stderr
        assert app.stderr.readline().startswith("DB005: ")
        while "DevTools listening" not in app.stderr.readline():
            pass
        page = connect_to_window(playwright, port).contexts[0].pages[0]
        expect(page.get_by_role("heading")).to_have_text("Interview App could not start")
        expect(page.get_by_text(str(locked_folder))).to_be_visible()
        expect(page.get_by_text("DB005")).to_be_visible()
        page.close()
        assert app.wait(SECONDS) == 1


def test_without_a_display_the_browser_is_offered(tmp_path: Path) -> None:
    with running(App(tmp_path, "window", NO_DISPLAY)) as app:
        assert app.first_line().startswith("APP002: There is no display to open a window on.")
        address = address_in(app.first_line())
        assert httpx.get(address, follow_redirects=True).status_code == 200


def test_a_display_that_is_not_there_is_no_reason_to_give_up(tmp_path: Path) -> None:
    broken = {"DISPLAY": ":9797", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "xcb"}
    with running(App(tmp_path, "window", broken)) as app:
        assert app.first_line().startswith("APP002: The window could not be opened")
        assert httpx.get(address_in(app.first_line())).status_code == 303


def test_a_browsers_page_finds_its_way_back_after_a_crash(tmp_path: Path) -> None:
    with running(App(tmp_path, "browser")) as app, httpx.Client() as browser:
        address = address_in(app.first_line())
        assert browser.get(address, follow_redirects=True).status_code == 200
        killed = app.kill("renderer")
        app.socket.wait_until_ready("renderer", other_than=killed)
        assert browser.get(address.partition("/boot")[0] + "/").status_code == 200
        new_address = address_in(app.first_line())
        assert new_address != address
        assert httpx.get(address).status_code == 403
        assert httpx.get(new_address).status_code == 303
