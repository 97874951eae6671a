"""`app:backup:list`, `app:backup:create` and `app:data:export`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from main_process import archive, backups
from main_process.database import copies
from main_process.profile_folder import export_folder
from main_process.services import Services
from shared_contracts.backups import (
    Backup,
    Backups,
    CreateBackup,
    ExportData,
    Exported,
    GetBackups,
)


async def list_all(app: Services, _: GetBackups) -> Backups:
    """The backups there are."""
    database = app.backups.database
    items = await asyncio.to_thread(backups.listed, database)
    return Backups(folder=str(copies.folder_of(database)), items=tuple(items))


async def create(app: Services, _: CreateBackup) -> Backup:
    """Make one now. Raises BackupFailedError (DB013) or DatabaseCorruptError (DB008)."""
    return await app.backups.make("asked")


async def export(app: Services, _: ExportData) -> Exported:
    """Write everything into a file where a person finds it; never where somebody else says.

    Raises BackupFailedError (DB013) or DatabaseCorruptError (DB008).
    """
    folder = await asyncio.to_thread(_place, app.profile)
    target = folder / f"interview-app-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S.%fZ}.json"
    return await app.backups.in_turn(
        lambda stop: archive.export(app.backups.database, target, stop)
    )


def _place(profile: Path) -> Path:
    """The person's downloads, or a folder of the profile where there is none."""
    downloads = platformdirs.user_downloads_path()
    if downloads.is_dir():
        return downloads
    folder = export_folder(profile)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
