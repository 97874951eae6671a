"""What the main process remembers of the renderer from one start of it to the next."""

from __future__ import annotations

from typing import Literal

import msgspec
import pytest

from main_process.app import Renderer
from main_process.settings import Settings
from renderer.__main__ import RendererOptions
from shared_contracts.child_process import Connect
from shared_contracts.errors import PageMissingError
from shared_contracts.problem import Offered, Problem


def make_renderer(
    mode: Literal["window", "browser"] = "browser", dev_server: str = ""
) -> tuple[Renderer, list[str]]:
    said: list[str] = []
    return Renderer(mode, Settings(open_browser=False, dev_server=dev_server), said.append), said


def options_of(renderer: Renderer) -> RendererOptions:
    return msgspec.convert(renderer.program().options(), RendererOptions)


async def test_a_restart_keeps_port_and_cookie_and_has_a_new_one_time_address() -> None:
    renderer, said = make_renderer()
    first = options_of(renderer)
    renderer.program().on_ready(4711)
    second = options_of(renderer)
    renderer.program().on_ready(4711)
    assert (first.port, second.port) == (0, 4711)
    assert not second.port_is_fixed
    assert second.cookie_name == first.cookie_name
    assert second.cookie_secret == first.cookie_secret
    assert [line.rpartition("/boot?t=")[2] for line in said] == [
        first.boot_token,
        second.boot_token,
    ]
    assert first.boot_token != second.boot_token


async def test_two_runs_share_no_secret() -> None:
    first, second = (options_of(make_renderer()[0]) for _ in range(2))
    for secret in ("boot_token", "cookie_name", "cookie_secret"):
        assert getattr(first, secret) != getattr(second, secret)


async def test_a_restart_knows_where_to_connect() -> None:
    renderer, _ = make_renderer()
    assert options_of(renderer).connect is None
    renderer.connect = Connect(socket="/run/ipc.sock", token="token")
    assert options_of(renderer).connect == renderer.connect


async def test_a_start_in_safe_mode_is_handed_on() -> None:
    renderer, _ = make_renderer()
    assert not options_of(renderer).safe_mode
    renderer.safe_mode = True
    assert options_of(renderer).safe_mode
    renderer.program().on_choice("safe-mode")
    assert renderer.choices.get_nowait() == "safe-mode"


async def test_a_start_anew_keeps_the_browsers_page_and_nothing_of_the_old_socket() -> None:
    renderer, said = make_renderer()
    renderer.connect = Connect(socket="/run/ipc.sock", token="token")
    first = options_of(renderer)
    renderer.program().on_ready(4711)
    renderer.start_anew()
    assert not renderer.ready.is_set()
    again = options_of(renderer)
    assert (again.connect, again.port) == (None, 4711)
    assert again.cookie_secret == first.cookie_secret
    renderer.program().on_ready(4711)
    assert said[1].startswith("If the page doesn't come back by itself")


async def test_a_port_that_was_asked_for_is_had_or_none() -> None:
    renderer = Renderer("browser", Settings(port=4711, open_browser=False), lambda _: None)
    assert (options_of(renderer).port, options_of(renderer).port_is_fixed) == (4711, True)


async def test_a_problem_is_handed_on() -> None:
    renderer, _ = make_renderer("window")
    offered = (Offered(choice="quit", label="Quit"),)
    renderer.problem = Problem(title="Oh", error=PageMissingError().to_ipc(), offered=offered)
    assert options_of(renderer).problem == renderer.problem


async def test_a_window_says_nothing_on_the_terminal() -> None:
    renderer, said = make_renderer("window")
    options_of(renderer)
    renderer.program().on_ready(4711)
    assert said == []
    assert renderer.ready.is_set()


@pytest.mark.parametrize(
    ("dev_server", "origin"),
    [("", "http://127.0.0.1:4711"), ("http://127.0.0.1:5173", "http://127.0.0.1:5173")],
)
async def test_the_address_is_where_the_page_is_served(dev_server: str, origin: str) -> None:
    renderer, said = make_renderer(dev_server=dev_server)
    options_of(renderer)
    renderer.program().on_ready(4711)
    assert f" {origin}/boot?t=" in said[0]
