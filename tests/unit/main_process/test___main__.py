"""The command says what it can do, and what was wrong with how it was started."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
import uvloop

from main_process.__main__ import _parser, fastest_loop


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "main_process", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_way_to_start() -> None:
    ended = start("--help")
    assert ended.returncode == 0
    assert all(mode in ended.stdout for mode in ("window", "browser", "headless", "dev"))


def test_an_unknown_way_to_start_is_refused() -> None:
    ended = start("teapot")
    assert ended.returncode == 2
    assert "teapot" in ended.stderr


@pytest.mark.parametrize("mode", ["headless", "window", "dev"])
def test_a_wrong_setting_is_said_on_one_line(tmp_path: Path, mode: str) -> None:
    ended = start(mode, "--profile", str(tmp_path / "new"), INTERVIEW_APP_PORT="none")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("CFG001: INTERVIEW_APP_PORT is not valid: ")
    assert len(ended.stderr.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_who_reads_no_further_ends_it_quietly() -> None:
    code = "from main_process.__main__ import _say\nfor _ in range(100_000): _say('x' * 100)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as talking:
        assert talking.stdout
        assert talking.stderr
        assert talking.stdout.readline()
        talking.stdout.close()
        assert talking.stderr.read() == ""
    assert talking.returncode == 0


def test_importing_it_starts_and_loads_nothing() -> None:
    """Each child process imports it again."""
    code = "import sys, main_process.__main__; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert {"sqlalchemy", "structlog", "pydantic", "msgspec", "PySide6"}.isdisjoint(loaded)


def test_the_event_loop_is_the_fastest_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fastest_loop() is uvloop.new_event_loop
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert fastest_loop() is asyncio.new_event_loop


@pytest.mark.parametrize(
    ("arguments", "mode", "profile"),
    [
        ([], "window", None),
        (["--profile", "here"], "window", Path("here")),
        (["--profile", "here", "headless"], "headless", Path("here")),
        (["headless", "--profile", "here"], "headless", Path("here")),
        (["--profile", "here", "backup"], "backup", Path("here")),
        (["export", "file", "--profile", "here"], "export", Path("here")),
    ],
)
def test_options_may_stand_before_the_command_or_after_it(
    arguments: list[str], mode: str, profile: Path | None
) -> None:
    options = _parser().parse_args(arguments)
    assert (options.mode, options.profile) == (mode, profile)


@pytest.mark.parametrize("arguments", [["--safe-mode"], ["browser", "--safe-mode"]])
def test_safe_mode_may_too(arguments: list[str]) -> None:
    assert _parser().parse_args(arguments).safe_mode is True
    assert _parser().parse_args(arguments[:-1]).safe_mode is None
