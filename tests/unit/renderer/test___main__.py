"""The renderer as a process of its own, without a window: it serves, connects and leaves."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect

from renderer.__main__ import CRASHED
from shared_contracts.child_process import STOP, ChildLink, Ready, Report, run_child
from shared_contracts.errors import PageMissingError
from shared_contracts.problem import Problem
from tests.unit.renderer.conftest import MainProcess

SPAWN = multiprocessing.get_context("spawn")
SECONDS = 30
OPTIONS = {
    "mode": "browser",
    "boot_token": "boot-token",
    "cookie_name": "interview_app_1",
    "cookie_secret": "cookie-secret",
    "dev_server": "http://127.0.0.1:5173",  # so that no built page is needed
}


class Renderer:
    """A real child, with the main process's end of its link."""

    def __init__(self, **options: object) -> None:
        self.connection, theirs = SPAWN.Pipe()
        self.log_queue = SPAWN.Queue()
        link = ChildLink("renderer", theirs, self.log_queue)
        arguments = ("renderer.__main__", link, OPTIONS | options)
        self.process = SPAWN.Process(target=run_child, args=arguments)
        self.process.start()
        theirs.close()
        self.address = ""

    async def report(self) -> Report:
        assert await asyncio.to_thread(self.connection.poll, SECONDS)
        report: Report = msgspec.json.decode(self.connection.recv_bytes(), type=Report)
        if isinstance(report, Ready):
            self.address = f"127.0.0.1:{report.port}"
        return report

    async def stop(self) -> int | None:
        self.connection.send_bytes(STOP)
        await asyncio.to_thread(self.process.join, SECONDS)
        return self.process.exitcode

    def open_socket(self) -> AbstractAsyncContextManager[ClientConnection]:
        headers = {"Origin": f"http://{self.address}", "Cookie": "interview_app_1=cookie-secret"}
        url = f"ws://{self.address}/ws"
        return connect(url, additional_headers=headers, proxy=None)


@asynccontextmanager
async def rendering(**options: object) -> AsyncIterator[Renderer]:
    renderer = Renderer(**options)
    try:
        yield renderer
    finally:
        renderer.process.kill()
        renderer.process.join()
        renderer.process.close()
        renderer.connection.close()
        renderer.log_queue.close()


async def ask(socket: ClientConnection) -> None:
    request = {"id": "7", "timestamp": 1, "channel": "app:health:get", "payload": {}}
    await socket.send(json.dumps(request))


async def test_it_serves_until_it_is_told_to_stop() -> None:
    async with rendering() as renderer:
        assert isinstance(await renderer.report(), Ready)
        async with httpx.AsyncClient(base_url=f"http://{renderer.address}") as http:
            assert (await http.get("/")).status_code == 403
            assert (await http.get("/boot?t=boot-token")).status_code == 303
        assert await renderer.stop() == 0


async def test_it_asks_the_main_process_once_it_hears_of_it(main_process: MainProcess) -> None:
    async with rendering() as renderer:
        await renderer.report()
        async with renderer.open_socket() as socket:
            await ask(socket)
            renderer.connection.send_bytes(msgspec.json.encode(main_process.connect))
            request = await main_process.asked.get()
            assert request.channel == "app:health:get"
            main_process.answer(request, {"well": True})
            way, answer = [json.loads(await socket.recv()) for _ in range(2)]
            assert way == {"type": "way", "way": "ipc", "chosen": False}
            assert answer["data"] == {"well": True}
        assert await renderer.stop() == 0


async def test_a_restarted_one_knows_where_to_ask(main_process: MainProcess) -> None:
    async with rendering(connect=msgspec.to_builtins(main_process.connect)) as renderer:
        await renderer.report()
        await main_process.greeted.wait()


async def test_a_problem_stands_in_the_pages_place() -> None:
    shown = Problem(title="Oh", error=PageMissingError().to_ipc())
    problem: dict[str, Any] = msgspec.to_builtins(shown)
    async with rendering(problem=problem) as renderer:
        await renderer.report()
        async with httpx.AsyncClient(base_url=f"http://{renderer.address}") as http:
            page = await http.get("/boot?t=boot-token", follow_redirects=True)
        assert "APP005" in page.text


@pytest.mark.parametrize("wrong", [{"mode": "teapot"}, {"port": "none"}, {"more": 1}])
async def test_options_it_does_not_know_end_it(wrong: dict[str, object]) -> None:
    async with rendering(**wrong) as renderer:
        await asyncio.to_thread(renderer.process.join, SECONDS)
        assert renderer.process.exitcode not in {0, CRASHED, None}
