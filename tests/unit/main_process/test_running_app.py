"""A second process asks the app that holds the profile, or hears that it can't be asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from main_process.events import EventBus
from main_process.handlers import ROUTES
from main_process.ipc.router import Router
from main_process.ipc.server import IPCServer
from main_process.profile_folder import RunInfo, write_run_info
from main_process.running_app import ask, raise_other_window
from main_process.services import Services
from shared_contracts import channels
from shared_contracts.backups import CreateBackup
from shared_contracts.errors import AnotherInstanceError, NotAuthorisedError

INFO = RunInfo(pid=1, mode="window", socket="/nowhere/ipc.sock", token="token")


@pytest.mark.parametrize("mode", ["headless", "browser"])
def test_an_app_without_a_window_has_none_to_raise(tmp_path: Path, mode: str) -> None:
    write_run_info(tmp_path, msgspec.structs.replace(INFO, mode=mode))
    with pytest.raises(AnotherInstanceError, match=f"in {mode} mode"):
        raise_other_window(tmp_path)


def test_an_app_that_is_not_there_any_more_is_not_waited_for_long(tmp_path: Path) -> None:
    write_run_info(tmp_path, INFO)
    with pytest.raises(AnotherInstanceError):
        raise_other_window(tmp_path, timeout_seconds=0.2)


async def test_a_command_is_carried_out_by_the_app_that_runs(app: Services, tmp_path: Path) -> None:
    async with IPCServer.open(Router(app, ROUTES), EventBus()) as server:
        info = RunInfo(pid=1, mode="headless", socket=str(server.path), token=server.token)
        write_run_info(tmp_path, info)
        made = await asyncio.to_thread(ask, tmp_path, channels.BACKUP_CREATE, CreateBackup())
        assert (tmp_path / "backups" / made.name).exists()
        write_run_info(tmp_path, msgspec.structs.replace(info, token="another"))
        with pytest.raises(NotAuthorisedError):
            await asyncio.to_thread(ask, tmp_path, channels.BACKUP_CREATE, CreateBackup())


def test_an_app_that_does_not_listen_in_time_is_not_asked(tmp_path: Path) -> None:
    with pytest.raises(AnotherInstanceError):
        ask(tmp_path, channels.BACKUP_CREATE, CreateBackup(), timeout_seconds=0.2)
