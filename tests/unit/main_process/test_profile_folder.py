"""The profile folder is private, proven writable, and used by one app at a time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from main_process.profile_folder import (
    RunInfo,
    database_file,
    log_folder,
    open_profile,
    run_file,
    without_home,
    write_run_info,
)
from shared_contracts.errors import AnotherInstanceError, ProfileNotWritableError

INFO = RunInfo(pid=1, mode="window", socket="/nowhere/ipc.sock", token="secret")


def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "profile"
    with open_profile(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert log_folder(folder).stat().st_mode & 0o777 == 0o700


def test_a_database_that_is_a_link_is_the_file_it_leads_to(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.db"
    assert database_file(tmp_path) == tmp_path / "interview.db"
    (tmp_path / "interview.db").symlink_to(real)
    assert database_file(tmp_path) == real


def test_only_one_app_holds_a_folder(tmp_path: Path) -> None:
    with open_profile(tmp_path), pytest.raises(AnotherInstanceError), open_profile(tmp_path):
        pass
    with open_profile(tmp_path):
        pass


def test_nothing_but_the_lock_and_the_logs_is_left_behind(tmp_path: Path) -> None:
    with open_profile(tmp_path):
        write_run_info(tmp_path, INFO)
    assert {path.name for path in tmp_path.iterdir()} <= {"interview-app.lock", "logs"}


def test_how_to_reach_the_app_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_run_info(tmp_path, INFO)
    write_run_info(tmp_path, INFO)
    assert run_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert msgspec.json.decode(run_file(tmp_path).read_bytes(), type=RunInfo) == INFO


def test_the_socket_of_a_run_that_was_killed_is_swept_away(tmp_path: Path) -> None:
    left = tmp_path / "interview-app-left"
    left.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(left / "ipc.sock"))
    info = msgspec.structs.replace(INFO, socket=str(left / "ipc.sock"))
    write_run_info(tmp_path, info)
    with open_profile(tmp_path):
        assert not left.exists()
        assert not run_file(tmp_path).exists()


def test_only_a_socket_is_swept_away(tmp_path: Path) -> None:
    kept = tmp_path / "letters" / "ipc.sock"
    kept.parent.mkdir()
    kept.write_text("not a socket")
    write_run_info(tmp_path, msgspec.structs.replace(INFO, socket=str(kept)))
    with open_profile(tmp_path):
        assert kept.read_text() == "not a socket"


def test_a_path_is_passed_on_without_the_persons_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "anna"))
    assert without_home(tmp_path / "anna" / "profile" / "logs") == "~/profile/logs"
    assert without_home(tmp_path / "annabel") == str(tmp_path / "annabel")
    monkeypatch.setenv("HOME", "")
    assert without_home(tmp_path) == str(tmp_path)


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "profile").write_text("not a folder")
    with (
        pytest.raises(ProfileNotWritableError, match="File exists"),
        open_profile(tmp_path / "profile"),
    ):
        pass


def test_a_folder_that_the_user_may_not_write_is_refused(tmp_path: Path) -> None:
    """As nobody: the mode bits of a folder don't hold root back."""
    folder = tmp_path / "profile"
    folder.mkdir(mode=0o755)
    code = (
        "import os, pathlib, sys\n"
        "from main_process.profile_folder import open_profile\n"
        "from shared_contracts.errors import ProfileNotWritableError\n"
        "os.setgid(65534), os.setuid(65534)\n"
        "try:\n"
        "    open_profile(pathlib.Path(sys.argv[1])).__enter__()\n"
        "except ProfileNotWritableError as error:\n"
        "    print(error)\n"
    )
    if os.geteuid() != 0:
        folder.chmod(0o555)
        code = code.replace("os.setgid(65534), os.setuid(65534)\n", "")
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    said = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith(
        f"DB005: The profile folder {folder} can't be written: Permission denied."
    )
