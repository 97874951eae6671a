"""The real processes over one way or the other, and ports that others have."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
import psutil
import pytest
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from main_process.profile_folder import RunInfo
from tests.end_to_end.app_driver import App, address_in, free_port

SECONDS = 60
OVER_HTTP = {"INTERVIEW_APP_USE_IPC": "false"}


class Page:
    """What a browser's page does, without a browser."""

    def __init__(self, app: App) -> None:
        address = address_in(app.first_line())
        self._host = urlsplit(address).netloc
        booted = httpx.get(address, trust_env=False)
        self._cookie = booted.headers["set-cookie"].partition(";")[0]
        self._open_sockets = contextlib.ExitStack()
        self._socket = self._open()
        self.told: list[dict[str, Any]] = []

    def ask(self, channel: str, payload: dict[str, Any]) -> Any:  # noqa: ANN401  JSON
        """The data of the answer; the test fails when it is an error."""
        message = {"id": channel, "timestamp": 0, "channel": channel, "payload": payload}
        self._socket.send(json.dumps(message))
        answer = self.wait_for("response", id=channel)
        assert answer["success"], answer
        return answer["data"]

    def wait_for(self, kind: str, **fields: object) -> dict[str, Any]:
        """The next message like this; what comes before it is kept in `told`."""
        while True:
            message: dict[str, Any] = json.loads(self._socket.recv(SECONDS))
            self.told.append(message)
            if message["type"] == kind and fields.items() <= message.items():
                return message

    def come_back(self) -> None:
        """Connect again, as a page does whose server was started anew."""
        self.told.clear()
        self._socket = self._open()

    def close(self) -> None:
        self._open_sockets.close()

    def _open(self) -> ClientConnection:
        opening = connect(
            f"ws://{self._host}/ws",
            origin=Origin(f"http://{self._host}"),
            additional_headers={"Cookie": self._cookie},
            proxy=None,
        )
        return self._open_sockets.enter_context(opening)


@contextlib.contextmanager
def running(profile: Path, mode: str = "browser", **environment: str) -> Iterator[App]:
    app = App(profile, mode, environment)  # type: ignore[arg-type]
    try:
        yield app
    finally:
        app.stop()


@contextlib.contextmanager
def opened(app: App) -> Iterator[Page]:
    page = Page(app)
    try:
        yield page
    finally:
        page.close()


def run_info(profile: Path) -> RunInfo:
    return msgspec.json.decode((profile / "run.json").read_bytes(), type=RunInfo)


def ask_over_http(profile: Path, channel: str = "app:health:get") -> httpx.Response:
    run = run_info(profile)
    return httpx.post(
        f"http://127.0.0.1:{run.http_port}/v1/channels/{channel}",
        content=b"{}",
        headers={"Authorization": f"Bearer {run.token}"},
        trust_env=False,
    )


def start_interview(page: Page) -> dict[str, Any]:
    session: dict[str, Any] = page.ask("db:session:start", {"setup": {"question_count": 1}})
    return session


def save_draft(page: Page, session: dict[str, Any], text: str) -> None:
    question = session["questions"][0]["id"]
    page.ask("db:drafts:save", {"session_question_id": question, "text": text, "elapsed_ms": 1})


def draft_of(page: Page, session: dict[str, Any]) -> str:
    again = page.ask("db:session:get", {"session_id": session["id"]})
    return str(again["questions"][0]["draft"])


def test_by_default_the_socket_is_used_and_http_is_closed(tmp_path: Path) -> None:
    with running(tmp_path) as app, opened(app) as page:
        assert page.wait_for("way") == {"type": "way", "way": "ipc", "chosen": False}
        assert page.ask("app:health:get", {})["version"]
        for channel in ("app:health:get", "db:questions:get"):
            response = ask_over_http(tmp_path, channel)
            assert (response.status_code, response.json()["code"]) == (503, "HTTP001")


def test_without_ipc_everything_goes_over_http_events_included(tmp_path: Path) -> None:
    with running(tmp_path, **OVER_HTTP) as app, opened(app) as page:
        assert page.wait_for("way") == {"type": "way", "way": "http", "chosen": True}
        session = start_interview(page)
        save_draft(page, session, "over HTTP")
        while not [message for message in page.told if message.get("topic") == "drafts"]:
            page.wait_for("event")
        assert draft_of(page, session) == "over HTTP"
        assert ask_over_http(tmp_path).status_code == 200


def test_a_channel_can_be_moved_by_itself(tmp_path: Path) -> None:
    moved = {"INTERVIEW_APP_HTTP_CHANNELS": "db:questions:*"}
    with running(tmp_path, **moved) as app, opened(app) as page:
        assert page.wait_for("way")["way"] == "ipc"
        assert len(page.ask("db:questions:get", {})["items"]) == 50
        assert page.ask("app:health:get", {})["version"]
        assert ask_over_http(tmp_path, "db:questions:get").status_code == 200
        assert ask_over_http(tmp_path, "app:health:get").status_code == 503


def test_the_socket_is_made_again_when_its_file_is_removed(tmp_path: Path) -> None:
    """The page's connection is open all the while, and nothing is asked over HTTP."""
    with running(tmp_path) as app, opened(app) as page:
        page.wait_for("way", way="ipc")
        path = Path(run_info(tmp_path).socket)
        before = path.stat().st_ino
        path.unlink()
        assert page.ask("app:health:get", {})["version"]
        assert ask_over_http(tmp_path).status_code == 200, "a knock is answered at once"
        assert app.socket.call("app:health:get", {})["version"]
        assert path.stat().st_ino != before
        assert path.stat().st_mode & 0o777 == 0o600
        assert ask_over_http(tmp_path).status_code == 503
        assert not [message for message in page.told if message.get("way") == "http"]


def test_a_renderer_that_starts_anew_without_a_socket_goes_over_http(tmp_path: Path) -> None:
    with running(tmp_path) as app, opened(app) as page:
        page.wait_for("way", way="ipc")
        session = start_interview(page)
        renderer = psutil.Process(app.socket.wait_until_ready("renderer"))
        in_the_way = app.lose_socket()
        renderer.kill()
        assert app.first_line().startswith("If the page doesn't come back by itself")
        page.come_back()
        page.wait_for("way", way="http")
        save_draft(page, session, "typed meanwhile")
        in_the_way.unlink()
        page.wait_for("way", way="ipc")
        assert draft_of(page, session) == "typed meanwhile"


def test_what_was_confirmed_over_http_is_on_disk(tmp_path: Path) -> None:
    with running(tmp_path, **OVER_HTTP) as app, opened(app) as page:
        session = start_interview(page)
        save_draft(page, session, "confirmed")
        app.kill_everything()
    with running(tmp_path) as app, opened(app) as page:
        assert draft_of(page, session) == "confirmed"


def run_to_the_end(profile: Path, *prefix: str, **environment: str) -> tuple[int, str]:
    """The exit code, and what stands on the terminal."""
    ended = subprocess.run(
        [*prefix, sys.executable, "-m", "main_process", "headless", "--profile", str(profile)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("setting", ["INTERVIEW_APP_PORT", "INTERVIEW_APP_HTTP_PORT"])
def test_a_taken_port_is_said_and_its_owner_goes_on(tmp_path: Path, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as owner:
        port = str(owner.getsockname()[1])
        app = App(tmp_path, "browser", {setting: port}, stderr=subprocess.PIPE)
        assert app.process.stderr
        said = app.process.stderr.read()
        assert app.process.wait(SECONDS) == 1
        app.stop()
        assert f"PORT001: Port {port}, which {setting} asks for, is in use already" in said
        with socket.create_connection(owner.getsockname(), SECONDS):
            owner.accept()[0].close()


def test_two_profiles_share_a_machine_and_no_port(tmp_path: Path) -> None:
    port = str(free_port())
    wanted = {"INTERVIEW_APP_PORT": port}
    with (
        running(tmp_path / "first", **wanted) as first,
        opened(first) as page,
        running(tmp_path / "second") as second,
        opened(second) as other,
    ):
        third = App(tmp_path / "third", "browser", wanted, stderr=subprocess.PIPE)
        assert third.process.wait(SECONDS) == 1
        third.stop()
        runs = [run_info(tmp_path / name) for name in ("first", "second")]
        assert len({run.http_port for run in runs}) == len({run.socket for run in runs}) == 2
        mine, theirs = start_interview(page), start_interview(other)
        assert page.ask("db:session:history", {})["items"][0]["id"] == mine["id"]
        assert [row["id"] for row in other.ask("db:session:history", {})["items"]] == [theirs["id"]]


def test_a_port_kept_for_the_system_is_said(tmp_path: Path) -> None:
    if int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) <= 80:
        pytest.skip("here every port is anybody's")
    as_anybody = ("setpriv", "--bounding-set", "-net_bind_service") if os.geteuid() == 0 else ()
    code, said = run_to_the_end(tmp_path, *as_anybody, INTERVIEW_APP_HTTP_PORT="80")
    assert code == 1
    assert said.startswith("PORT002: The system doesn't let you use port 80, which ")
