"""Helper processes whose renderer is gone are ended and leave no trace."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import psutil

RENDERER = """
import os, subprocess, sys
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
print(*[subprocess.Popen([program, "60"], **quiet).pid for program in sys.argv[1:]], flush=True)
os._exit(1)
"""
MAIN = """
import subprocess, sys
from main_process import orphans
orphans.adopt()
started = subprocess.run([sys.executable, "-c", *sys.argv[1:]], stdout=subprocess.PIPE, text=True)
orphans.end_helpers()
print(started.stdout)
"""


def test_the_helpers_of_a_dead_renderer_are_ended_and_nothing_else(tmp_path: Path) -> None:
    helper, other = tmp_path / "QtWebEngineProcess", tmp_path / "browser"
    for path in (helper, other):
        shutil.copy(shutil.which("sleep") or "", path)
    command = [sys.executable, "-c", MAIN, RENDERER, str(helper), str(other)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    helper_id, other_id = map(int, said.split()[-2:])
    try:
        assert not psutil.pid_exists(helper_id)
        assert psutil.Process(other_id).name() == "browser"
    finally:
        psutil.Process(other_id).kill()
