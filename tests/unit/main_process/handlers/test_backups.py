"""`app:backup:list`, `app:backup:create` and `app:data:export`."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from main_process.handlers import backups as handlers
from main_process.services import Services
from shared_contracts.backups import CreateBackup, ExportData, GetBackups
from shared_contracts.errors import BackupFailedError
from tests.life import FIRST_ANSWER, live


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this person's folder for downloads would be."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.delenv("XDG_DOWNLOAD_DIR", raising=False)
    return home


def answers_in(path: Path) -> list[str]:
    rows = msgspec.json.decode(path.read_bytes())["tables"]["answers"]
    return [row["text"] for row in rows]


async def test_a_backup_that_was_made_is_listed(app: Services, tmp_path: Path) -> None:
    nothing = await handlers.list_all(app, GetBackups())
    assert (nothing.folder, nothing.items) == (str(tmp_path / "backups"), ())
    made = await handlers.create(app, CreateBackup())
    assert made.why == "asked"
    assert (await handlers.list_all(app, GetBackups())).items == (made,)


async def test_one_that_can_not_be_made_is_db013(app: Services, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("not a folder")
    with pytest.raises(BackupFailedError):
        await handlers.create(app, CreateBackup())


async def test_an_export_goes_to_the_downloads(app: Services, home: Path) -> None:
    (home / "Downloads").mkdir()
    await live(app)
    exported = await handlers.export(app, ExportData())
    path = Path(exported.path)
    assert (path.parent, path.suffix) == (home / "Downloads", ".json")
    assert FIRST_ANSWER in answers_in(path)


async def test_without_a_folder_for_downloads_it_goes_to_the_profile(
    app: Services, tmp_path: Path
) -> None:
    path = Path((await handlers.export(app, ExportData())).path)
    assert path.parent == tmp_path / "exports"
    assert path.parent.stat().st_mode & 0o777 == 0o700
