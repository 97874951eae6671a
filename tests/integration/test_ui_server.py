"""The page of the real app: what it may do in its window, and who else may ask its server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.end_to_end.app_driver import App, WindowDriver

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
FAKE_MICROPHONE = {"QTWEBENGINE_CHROMIUM_FLAGS": "--use-fake-device-for-media-stream"}
ASK = """message => new Promise(resolve => {
  const socket = new WebSocket(`ws://${location.host}/ws`);
  socket.onopen = () => socket.send(JSON.stringify(message));
  socket.onmessage = event => {
    const answer = JSON.parse(event.data);
    if (answer.id === message.id) resolve(answer);
  };
})"""
MEDIA = """constraints => navigator.mediaDevices.getUserMedia(constraints)
  .then(stream => stream.getTracks().map(track => track.kind), error => error.name)"""
INJECT = """() => new Promise(done => setTimeout(() => {
  document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='hit=1'>");
  document.body.append(Object.assign(document.createElement("script"), {text: "hit=1"}));
  try { eval("1") } catch (error) { window.outcome = error.name }
  setTimeout(done, 50);
}))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with sync_playwright() as playwright:
        profile = tmp_path_factory.mktemp("profile")
        window = WindowDriver(playwright, profile, OFFSCREEN | FAKE_MICROPHONE)
        yield window.page()
        window.close()


def ask(page: Page, channel: str, payload: object) -> dict[str, Any]:
    message = {"id": "7", "timestamp": 1, "channel": channel, "payload": payload}
    answer: dict[str, Any] = page.evaluate(ASK, message)
    return answer


def test_the_page_reaches_the_channels_and_nothing_else(page: Page) -> None:
    assert ask(page, "app:health:get", {})["data"]["version"]
    assert ask(page, "app:secrets:get", {})["error"]["code"] == "IPC002"
    assert ask(page, "app:health:get", {"more": 1})["error"]["code"] == "VAL001"


def test_there_is_nothing_of_python_in_the_page(page: Page) -> None:
    kinds = page.evaluate("() => [typeof qt, typeof pywebview, typeof window.external?.call]")
    assert kinds == ["undefined", "undefined", "undefined"]


def test_the_page_can_not_read_its_cookie(page: Page) -> None:
    assert page.evaluate("() => document.cookie") == ""


@pytest.mark.parametrize(
    "script",
    [
        "() => { location.href = 'https://example.com/' }",
        "() => { location.href = 'file:///etc/passwd' }",
        "() => { location.port = '1' }",
        "() => { window.open('https://example.com/') }",
        "() => Object.assign(document.createElement('a'), {href: 'http://example.com/'}).click()",
    ],
)
def test_the_window_stays_on_its_page(page: Page, script: str) -> None:
    here = page.url
    page.evaluate(script)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    assert page.url == here
    assert len(page.context.pages) == 1


def test_the_page_talks_to_no_other_server(page: Page) -> None:
    script = "() => fetch('https://example.com/').then(() => 'sent', error => error.name)"
    assert page.evaluate(script) == "TypeError"


def test_text_does_not_become_script(page: Page) -> None:
    # In a timer of the page's own: what DevTools evaluates is exempt from the policy.
    page.evaluate(INJECT)
    assert page.evaluate("() => window.outcome") == "EvalError"
    assert page.evaluate("() => typeof hit") == "undefined"


def test_the_microphone_is_granted_and_the_camera_is_not(page: Page) -> None:
    assert page.evaluate(MEDIA, {"audio": True}) == ["audio"]
    assert page.evaluate(MEDIA, {"video": True}) in {"NotAllowedError", "AbortError"}


def test_devtools_are_closed_unless_a_test_asks_for_them(tmp_path: Path) -> None:
    app = App(tmp_path, "window", OFFSCREEN)
    try:
        renderer = psutil.Process(app.socket.wait_until_ready("renderer"))
        listening = [
            connection.laddr
            for connection in renderer.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        ]
        assert [address.ip for address in listening] == ["127.0.0.1"]
        assert httpx.get(f"http://127.0.0.1:{listening[0].port}/").status_code == 403
    finally:
        app.stop()


def test_no_secret_stands_on_a_command_line(tmp_path: Path) -> None:
    """Every user of the computer can read those."""
    app = App(tmp_path, "window", OFFSCREEN)
    try:
        app.socket.wait_until_ready("ai_service")
        token = (tmp_path / "run.json").read_text().partition('"token":"')[2][:20]
        lines = app.command_lines()
        assert token
        assert not any(token in line or "boot?t=" in line for line in lines)
    finally:
        app.stop()
