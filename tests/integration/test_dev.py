"""`interview-app dev`: the page comes from Vite, and a changed source starts the app anew."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil

from main_process import dev

SECONDS = 60
NO_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}


@contextlib.contextmanager
def developing(profile: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "main_process", "dev", "--profile", str(profile)],
        env={**os.environ, **NO_DISPLAY, "INTERVIEW_APP_OPEN_BROWSER": "false"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def next_address(process: subprocess.Popen[str]) -> str:
    """The one-time address that the app prints, in want of a display, on its next start."""
    assert process.stdout
    while "/boot?t=" not in (line := process.stdout.readline()):
        assert line, "it ended before it was ready"
    return line.split()[-1]


def test_the_page_is_served_by_vite_and_outlives_the_app(tmp_path: Path) -> None:
    with developing(tmp_path) as process, httpx.Client() as browser:
        address = next_address(process)
        page = browser.get(address, follow_redirects=True)
        assert "/@vite/client" in page.text
        vite, app = psutil.Process(process.pid).children()
        os.utime(dev.ROOT / "renderer" / "page_files.py")
        assert next_address(process).partition("/boot")[0] == address.partition("/boot")[0]
        vite_now, app_now = psutil.Process(process.pid).children()
        assert vite_now == vite
        assert app_now != app
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
        assert process.wait(SECONDS) == 0
        _, alive = psutil.wait_procs(family, timeout=SECONDS)
        assert alive == []


def test_nothing_outlives_it_when_it_is_killed(tmp_path: Path) -> None:
    with developing(tmp_path) as process:
        next_address(process)
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        _, alive = psutil.wait_procs(family, timeout=SECONDS)
        assert alive == []
