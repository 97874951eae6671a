"""Processes that hang or keep crashing, and the way on in safe mode, with the real app."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect, sync_playwright
from prometheus_client.parser import text_string_to_metric_families

from tests.end_to_end.app_driver import App, WindowDriver, connect_to_window, free_port

SECONDS = 60
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


@contextlib.contextmanager
def running(app: App) -> Iterator[App]:
    try:
        yield app
    finally:
        app.stop()


@contextlib.contextmanager
def window_of(profile: Path, **environment: str) -> Iterator[WindowDriver]:
    with sync_playwright() as playwright:
        window = WindowDriver(playwright, profile, OFFSCREEN | environment)
        try:
            yield window
        finally:
            window.close()


def log_lines(profile: Path) -> list[dict[str, object]]:
    text = (profile / "logs" / "services.log").read_text()
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("name", ["ai_service", "renderer"])
def test_a_process_that_hangs_without_dying_is_noticed(tmp_path: Path, name: str) -> None:
    with running(App(tmp_path, "browser")) as app:
        stopped = app.socket.wait_until_ready(name)
        os.kill(stopped, signal.SIGSTOP)
        app.socket.wait_until_ready(name, other_than=stopped)
        assert not psutil.pid_exists(stopped)
        assert app.socket.processes()[name]["restarts"] == 1
    (killed,) = [line for line in log_lines(tmp_path) if line["event"] == "child killed"]
    assert (killed["part"], killed["why"]) == (name, "it hangs")


def test_nothing_outlives_a_main_process_that_is_killed_with_children_that_hang(
    tmp_path: Path,
) -> None:
    with running(App(tmp_path, "window", OFFSCREEN)) as app:
        app.socket.wait_until_ready("ai_service")
        assert any(process.name().startswith("QtWebEngine") for process in app.tree())
        for child in app.socket.processes().values():
            os.kill(child["pid"], signal.SIGSTOP)
        app.kill_everything()


def test_every_process_is_told_of_with_its_memory_and_its_answer(tmp_path: Path) -> None:
    with running(App(tmp_path, "window", OFFSCREEN)) as app:
        app.socket.wait_until_ready("ai_service")
        app.socket.call("app:metrics:get", {})
        metrics = app.socket.call("app:metrics:get", {"history": True})
        main, renderer, ai = metrics["processes"]
        assert [main["name"], renderer["name"], ai["name"]] == ["main", "renderer", "ai_service"]
        assert main["pid"] == app.process.pid
        assert renderer["processes"] > 1, "Qt WebEngine's helpers are part of it"
        for process in (main, renderer, ai):
            assert 5_000_000 < process["memory_bytes"] <= process["resident_bytes"]
            assert process["descriptors"] > 0
        assert renderer["answer_ms"] > 0, "the window's own thread answered"
        assert ai["answer_ms"] > 0
        assert metrics["ipc"]["calls"] >= 1
        assert metrics["history"][0]["memory_bytes"] > 5_000_000


def test_the_numbers_can_be_had_on_a_terminal(tmp_path: Path) -> None:
    def run(*options: str) -> str:
        command = [sys.executable, "-m", "main_process", "metrics", "--profile", str(tmp_path)]
        return subprocess.run(
            [*command, *options], capture_output=True, text=True, check=True
        ).stdout

    with running(App(tmp_path, "headless")) as app:
        app.socket.wait_until_ready("ai_service")
        app.socket.call("db:catalogue:get", {})
        families = {each.name: each for each in text_string_to_metric_families(run())}
        metrics = json.loads(run("--json"))
    latency = families["interview_app_ipc_latency_seconds"]
    counts = {sample.labels["channel"]: sample.value for sample in latency.samples}
    assert counts["db:catalogue:get"] > 0
    up = families["interview_app_process_up"].samples
    assert {sample.labels["process"]: sample.value for sample in up} == {"main": 1, "ai_service": 1}
    assert metrics["history"]


def test_in_safe_mode_nothing_is_judged_and_it_can_be_left(tmp_path: Path) -> None:
    with running(App(tmp_path, "browser", {"INTERVIEW_APP_SAFE_MODE": "true"})) as app:
        app.socket.wait_until_ready("renderer")
        health = app.socket.call("app:health:get", {})
        assert health["safe_mode"]
        assert [process["name"] for process in health["processes"]] == ["renderer"]
        app.socket.call("app:safemode:set", {"on": False})
        app.forget_socket()
        app.socket.wait_until_ready("ai_service")
        assert not app.socket.call("app:health:get", {})["safe_mode"]
        assert app.process.poll() is None


def test_a_window_in_safe_mode_shows_the_page_and_starts_normally(tmp_path: Path) -> None:
    with window_of(tmp_path, INTERVIEW_APP_SAFE_MODE="true") as window:
        page = window.page()
        expect(page.get_by_text("This is safe mode.")).to_be_visible()
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
        page.get_by_role("button", name="Start normally").click()
        window.app.forget_socket()
        page = window.page()
        expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
        expect(page.get_by_text("This is safe mode.")).to_have_count(0)


def test_when_the_service_is_given_up_on_the_page_offers_safe_mode(tmp_path: Path) -> None:
    with window_of(tmp_path) as window:
        page = window.page()
        killed = 0
        for _ in range(3):
            killed = window.app.socket.wait_until_ready("ai_service", other_than=killed)
            os.kill(killed, signal.SIGKILL)
        problem = page.get_by_role("complementary", name="Problem")
        expect(problem).to_contain_text("The evaluation service failed 3 times within 5 minutes")
        expect(problem).to_contain_text(str(tmp_path / "logs" / "services.log"))
        errors = window.app.socket.call("app:metrics:get", {})["last_errors"]
        assert [(error["place"], error["code"]) for error in errors] == [("ai_service", "APP004")]
        problem.get_by_role("button", name="Start in safe mode").click()
        window.app.forget_socket()
        expect(window.page().get_by_text("This is safe mode.")).to_be_visible()


def test_when_the_window_keeps_crashing_another_one_offers_safe_mode(tmp_path: Path) -> None:
    port = free_port()
    debugging = {"INTERVIEW_APP_REMOTE_DEBUGGING_PORT": str(port)}
    app = App(tmp_path, "window", OFFSCREEN | debugging, stderr=subprocess.PIPE)
    with running(app), sync_playwright() as playwright:
        killed = 0
        for _ in range(3):
            killed = app.socket.wait_until_ready("renderer", other_than=killed)
            os.kill(killed, signal.SIGKILL)
        app.forget_socket()
        said = read_until(app, "APP004")
        assert said.startswith("APP004: The window failed 3 times within 5 minutes")
        assert str(tmp_path / "logs" / "services.log") in said
        assert "interview-app --safe-mode" in said
        read_until(app, "DevTools listening")
        browser = connect_to_window(playwright, port)
        page = browser.contexts[0].pages[0]
        expect(page.get_by_role("heading")).to_have_text("Interview App can't go on")
        page.get_by_role("button", name="Start in safe mode").click()
        app.socket.wait_until_ready("renderer")
        assert app.socket.call("app:health:get", {})["safe_mode"]
        assert app.stop() == 0


def read_until(app: App, words: str) -> str:
    """The first line on the terminal that begins with these words or holds them."""
    assert app.process.stderr
    while words not in (line := app.process.stderr.readline()):
        assert line, "it ended without a word"
    return line
