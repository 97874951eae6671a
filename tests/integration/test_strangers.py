"""What others get of the running app: another user of the computer, and pages of other origins."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from playwright.sync_api import Page, sync_playwright

from main_process.profile_folder import RunInfo
from tests.end_to_end.app_driver import CHROMIUM, CHROMIUM_OPTIONS, App, address_in

NOBODY = "65534"
SYSTEM_PYTHON = "/usr/bin/python3"
SECONDS = 60
TRY_EVERYTHING = """
import http.client, json, os, socket, sys
where = json.loads(sys.stdin.read())
def tried(do):
    try:
        return do()
    except OSError as error:
        return type(error).__name__
def connect():
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(where["socket"])
def ask(port, method, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, "{}")
    return connection.getresponse().status
files = ["run.json", "interview.db", "logs/ipc.log", "interview-app.lock"]
print(json.dumps({
    "socket": tried(connect),
    "folder": tried(lambda: os.listdir(os.path.dirname(where["socket"]))),
    **{name: tried(lambda: open(f"{where['profile']}/{name}").close()) for name in files},
    "channel": ask(where["http_port"], "POST", "/v1/channels/app:health:get"),
    "events": ask(where["http_port"], "GET", "/v1/events"),
    "page": ask(where["page_port"], "GET", "/"),
    "boot": ask(where["page_port"], "GET", "/boot?t=guessed"),
    "tracing": tried(lambda: open(f"/proc/{where['pid']}/environ").close()),
}))
"""
LISTEN = """
import os, socket, sys
ours = socket.socket(socket.AF_UNIX)
ours.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
ours.listen()
print("listening", flush=True)
connection, _ = ours.accept()
connection.settimeout(20)
print(connection.recv(1000), flush=True)
"""


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    """In a folder that everybody may enter: what keeps them out is in it."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        app = App(Path(folder) / "profile", "browser", {"INTERVIEW_APP_USE_IPC": "false"})
        app.socket.wait_until_ready("renderer")
        yield app
        app.stop()


@pytest.fixture(scope="module")
def address(app: App) -> str:
    return address_in(app.first_line())


@pytest.fixture(scope="module")
def run(app: App) -> RunInfo:
    return msgspec.json.decode((app.profile / "run.json").read_bytes(), type=RunInfo)


def as_nobody(*command: str) -> list[str]:
    if os.geteuid() != 0 or not Path(SYSTEM_PYTHON).exists():
        pytest.skip("needs root's right to become somebody else, and the system's Python")
    become = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]
    return [*become, SYSTEM_PYTHON, *command]


def test_another_user_of_the_computer_gets_nothing(app: App, run: RunInfo, address: str) -> None:
    where = msgspec.to_builtins(run) | {
        "profile": str(app.profile),
        "page_port": urlsplit(address).port,
    }
    tried = subprocess.run(
        as_nobody("-c", TRY_EVERYTHING),
        input=json.dumps(where),
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    got = json.loads(tried.stdout)
    assert (got.pop("channel"), got.pop("events")) == (401, 401)
    assert (got.pop("page"), got.pop("boot")) == (403, 403)
    assert set(got.values()) == {"PermissionError"}


def test_another_users_socket_in_place_of_ours_learns_no_token(tmp_path: Path) -> None:
    app = App(tmp_path, "browser")
    app.socket.wait_until_ready("renderer")
    path = Path(msgspec.json.decode((tmp_path / "run.json").read_bytes(), type=RunInfo).socket)
    app.lose_socket().unlink()
    app.process.send_signal(signal.SIGSTOP)  # So that main can't be the first to make it again.
    path.parent.mkdir()
    path.parent.chmod(0o777)
    stranger = subprocess.Popen(
        as_nobody("-c", LISTEN, str(path)), stdout=subprocess.PIPE, text=True
    )
    assert stranger.stdout
    assert stranger.stdout.readline() == "listening\n"
    assert stranger.stdout.readline() == "b''\n", "the renderer hung up without a word"
    stranger.wait(SECONDS)
    stranger.stdout.close()
    shutil.rmtree(path.parent)
    app.process.send_signal(signal.SIGCONT)
    app.stop()


@contextlib.contextmanager
def foreign_page() -> Iterator[str]:
    """Another server on this computer, whose pages are of another origin and the same site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def pages(address: str) -> Iterator[tuple[Page, Page]]:
    """The app's page, and a foreign one in the same browser, which has the app's cookie."""
    with sync_playwright() as playwright, foreign_page() as elsewhere:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        context = browser.new_context()
        ours, theirs = context.new_page(), context.new_page()
        ours.goto(address)
        theirs.goto(elsewhere)
        yield ours, theirs
        browser.close()


@pytest.fixture
def theirs(pages: tuple[Page, Page]) -> Page:
    return pages[1]


@pytest.fixture
def ours(pages: tuple[Page, Page]) -> Page:
    return pages[0]


REFUSED: list[Any] = ["TypeError", ["opaque", 0, ""]]
"""What a script sees of an answer that isn't for it."""
SOCKET = """url => new Promise(resolve => {
  const socket = new WebSocket(url);
  socket.onopen = () => resolve("open");
  socket.onclose = event => resolve(event.code);
})"""
FETCH = """([url, options]) => fetch(url, options)
  .then(async answer => [answer.type, answer.status, await answer.text()], error => error.name)"""
FRAME = """url => new Promise(resolve => {
  const frame = Object.assign(document.createElement("iframe"), {src: url});
  frame.onload = () => {
    try { resolve(frame.contentDocument.title) } catch (error) { resolve(error.name) }
  };
  document.body.append(frame);
})"""


def test_a_foreign_page_opens_no_socket_of_the_page(theirs: Page, address: str) -> None:
    assert theirs.evaluate(SOCKET, f"ws://{urlsplit(address).netloc}/ws") == 1006


@pytest.mark.parametrize("mode", ["cors", "no-cors"])
def test_a_foreign_page_reads_nothing_of_the_page(theirs: Page, address: str, mode: str) -> None:
    url = f"http://{urlsplit(address).netloc}/"
    options = {"mode": mode, "credentials": "include"}
    got: Any = theirs.evaluate(FETCH, [url, options])
    assert got in REFUSED


def test_a_foreign_page_can_not_frame_the_page(theirs: Page, address: str) -> None:
    url = f"http://{urlsplit(address).netloc}/"
    assert theirs.evaluate(FRAME, url) == "TypeError", "another origin's document is null"
    frames = [frame.content() for frame in theirs.frames[1:]]
    assert not any("Interview" in content for content in frames)


@pytest.mark.parametrize("whose", ["ours", "theirs"])
@pytest.mark.parametrize("options", [{}, {"mode": "no-cors"}], ids=["cors", "no-cors"])
def test_no_page_asks_the_main_process_itself(
    pages: tuple[Page, Page], run: RunInfo, whose: str, options: dict[str, str]
) -> None:
    """Ours is kept from it by its policy, and both for want of the token and by their Origin."""
    page = dict(zip(("ours", "theirs"), pages, strict=True))[whose]
    url = f"http://127.0.0.1:{run.http_port}/v1/channels/app:health:get"
    got: Any = page.evaluate(FETCH, [url, {"method": "POST", "body": "{}", **options}])
    assert got in REFUSED
    known = {"Authorization": f"Bearer {run.token}"}
    asked = {"method": "POST", "body": "{}", "headers": known, **options}
    assert page.evaluate(FETCH, [url, asked]) in REFUSED


def test_in_a_browser_the_policy_holds_as_well(ours: Page) -> None:
    assert ours.evaluate("() => document.cookie") == ""
    assert ours.evaluate(FETCH, ["https://example.com/", {}]) == "TypeError"
    violated = ours.evaluate("""() => new Promise(resolve => {
      addEventListener("securitypolicyviolation", event => resolve(event.violatedDirective));
      const script = document.createElement("script");
      script.text = "window.hit = 1";
      document.body.append(script);
    })""")
    assert violated.startswith("script-src")
    assert ours.evaluate("() => typeof hit") == "undefined"
    allowed = ours.evaluate("() => document.featurePolicy.allowedFeatures()")
    assert "camera" not in allowed
    assert "microphone" in allowed
