"""Helper processes whose renderer is gone are ended and leave no trace."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import psutil

SLEEPER = Path(shutil.which("sleep") or "")
CODE = """
import subprocess, sys
from main_process import orphans
orphans.adopt()
helper, other = sys.argv[1:]
# A renderer that starts a helper and something else, tells their ids, and dies.
renderer = (
    "import subprocess, os;"  # -3 is DEVNULL
    f"print(*[subprocess.Popen([each, '60'], stdout=-3).pid for each in ({helper!r}, {other!r})], flush=True);"
    "os._exit(1)"
)
done = subprocess.run([sys.executable, "-c", renderer], capture_output=True, text=True)
orphans.end_helpers()
print(done.stdout)
"""


def test_the_helpers_of_a_dead_renderer_are_ended_and_nothing_else(tmp_path: Path) -> None:
    helper, other = tmp_path / "QtWebEngineProcess", tmp_path / "browser"
    for path in (helper, other):
        shutil.copy(SLEEPER, path)
    said = subprocess.run(
        [sys.executable, "-c", CODE, helper, other], capture_output=True, text=True, check=True
    )
    helper_id, other_id = map(int, said.stdout.split()[-2:])
    try:
        assert not psutil.pid_exists(helper_id)
        assert psutil.Process(other_id).name() == "browser"
    finally:
        psutil.Process(other_id).kill()
