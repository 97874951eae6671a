"""What the commands do and say, on a profile that no app runs with."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from main_process import backups, commands
from main_process.__main__ import COMMANDS
from main_process.database import copies
from main_process.profile_folder import open_profile, run_file
from shared_contracts import migrations
from shared_contracts.errors import (
    AnotherInstanceError,
    AppError,
    BackupFailedError,
    DatabaseCorruptError,
    ForeignDatabaseError,
    NoDatabaseError,
    NotRunningError,
    RestoreFailedError,
    SettingsInvalidError,
    TargetUnusableError,
)
from tests.damage import break_page
from tests.revisions import REVISIONS, rows_of, unpack


class Terminal:
    """Runs commands on a profile and keeps what they say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "interview.db"

    def run(self, command: str, **options: object) -> str:
        said: list[str] = []
        defaults = {"to": None, "list": False, "empty": False, "backup": None}
        chosen = argparse.Namespace(**(defaults | options))
        commands.RUN[command](self.folder, chosen, said.append)
        return "\n".join(said)

    def refused(self, command: str, kind: type[AppError], **options: object) -> str:
        with pytest.raises(kind) as caught:
            self.run(command, **options)
        return caught.value.message

    def kept(self) -> Path:
        """The one file that was set aside."""
        (path,) = self.folder.glob("interview-*.db")
        return path


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """On a profile that was used."""
    folder = tmp_path / "profile"
    folder.mkdir()
    unpack(REVISIONS[-1], folder)
    return Terminal(folder)


def test_every_command_that_is_named_can_be_run() -> None:
    assert COMMANDS.keys() == commands.RUN.keys()


def test_a_backup_is_made_where_it_belongs_and_where_it_is_wanted(
    terminal: Terminal, tmp_path: Path
) -> None:
    said = terminal.run("backup", to=tmp_path / "stick.db")
    assert said.startswith(str(tmp_path / "stick.db"))
    assert "checked, 3 interviews, 5 answers" in said
    assert len(backups.listed(terminal.database)) == 1
    assert rows_of(tmp_path / "stick.db") == rows_of(terminal.database)
    assert [path.name for path in terminal.folder.glob("interview.db*")] == ["interview.db"]


def test_a_file_that_is_there_is_never_overwritten(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    for command, options in (
        ("backup", {"to": tmp_path / "precious"}),
        ("export", {"file": tmp_path / "precious"}),
    ):
        assert "already" in terminal.refused(command, TargetUnusableError, **options)
    assert "folder" in terminal.refused("backup", TargetUnusableError, to=tmp_path)
    assert (tmp_path / "precious").read_text() == "precious"


def test_a_folder_that_is_not_there_is_said_before_anything_is_made(
    terminal: Terminal, tmp_path: Path
) -> None:
    missing = tmp_path / "missing" / "mine"
    for command, options in (("backup", {"to": missing}), ("export", {"file": missing})):
        said = terminal.refused(command, TargetUnusableError, **options)
        assert said == f"There is no folder {missing.parent}."
    assert backups.listed(terminal.database) == []


def test_a_half_made_file_of_somebody_else_is_in_nobodys_way(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "stick.part").write_text("precious")
    terminal.run("backup", to=tmp_path / "stick.db")
    assert (tmp_path / "stick.part").read_text() == "precious"


def test_a_backup_whose_copy_could_not_be_made_is_said_to_be_there(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)

    def full(folder: Path) -> object:
        return usage._replace(free=1) if folder == tmp_path else usage

    monkeypatch.setattr(shutil, "disk_usage", full)
    said = terminal.refused("backup", BackupFailedError, to=tmp_path / "stick.db")
    (made,) = backups.listed(terminal.database)
    assert (
        f"{made.name} was made, but its copy {tmp_path / 'stick.db'} was not: There is not" in said
    )


@pytest.mark.parametrize("command", ["backup", "export"])
def test_the_database_of_another_program_is_neither_backed_up_nor_exported(
    tmp_path: Path, command: str
) -> None:
    terminal = Terminal(tmp_path)
    with closing(sqlite3.connect(terminal.database, isolation_level=None)) as plain:
        plain.execute("CREATE TABLE recipes (of_another_program)")
    before = terminal.database.read_bytes()
    terminal.refused(command, ForeignDatabaseError, file=tmp_path / "mine.json")
    assert terminal.database.read_bytes() == before
    assert not (tmp_path / "mine.json").exists()


@pytest.mark.parametrize("command", ["backup", "export", "migrate"])
def test_a_profile_that_is_not_there_is_not_made(tmp_path: Path, command: str) -> None:
    terminal = Terminal(tmp_path / "typo")
    options = {"file": tmp_path / "mine.json", "to": REVISIONS[1] if command == "migrate" else None}
    assert "There is no database" in terminal.refused(command, NoDatabaseError, **options)
    assert not terminal.folder.exists()


def test_a_damaged_database_is_neither_backed_up_nor_exported(
    terminal: Terminal, tmp_path: Path
) -> None:
    break_page(terminal.database, "answers")
    terminal.refused("backup", DatabaseCorruptError)
    terminal.refused("export", DatabaseCorruptError, file=tmp_path / "mine.json")


def test_the_backups_are_listed_with_what_they_hold(terminal: Terminal) -> None:
    assert terminal.run("restore", list=True) == ""
    terminal.run("backup")
    (made,) = backups.listed(terminal.database)
    line = terminal.run("restore", list=True)
    assert line.startswith(made.name)
    assert line.endswith("3 interviews, 5 answers")
    (copies.folder_of(terminal.database) / made.name).with_suffix(".json").unlink()
    assert "of unknown origin" in terminal.run("restore", list=True)


def test_the_newest_good_backup_is_restored_and_what_was_there_kept(terminal: Terminal) -> None:
    before = rows_of(terminal.database)
    terminal.run("backup")
    with closing(sqlite3.connect(terminal.database, isolation_level=None)) as plain:
        plain.execute(
            "INSERT INTO sessions SELECT owner_id, randomblob(16), 'later', status, setup,"
            " position, finished_at, created_at, updated_at, revision, deleted_at FROM sessions"
        )
    said = terminal.run("restore")
    assert "Made after it, and not in it: 2 interviews." in said
    assert f"What was there is kept: {terminal.kept()}" in said
    assert rows_of(terminal.database) == before


def test_a_damaged_backup_that_is_passed_over_is_named(terminal: Terminal) -> None:
    terminal.run("backup")
    terminal.run("backup")
    newer, older = backups.listed(terminal.database)
    break_page(copies.folder_of(terminal.database) / newer.name, "answers")
    first, second, *_ = terminal.run("restore").splitlines()
    assert first == f"{newer.name} is damaged, and was passed over."
    assert second.startswith(f"Restored {older.name}.")


def test_through_a_link_nothing_of_the_log_is_lost(terminal: Terminal, tmp_path: Path) -> None:
    """SQLite keeps the log beside the real file."""
    terminal.run("backup")
    real = tmp_path / "elsewhere" / "real.db"
    real.parent.mkdir()
    terminal.database.rename(real)
    copies.folder_of(terminal.database).rename(real.parent / "backups")
    terminal.database.symlink_to(real)
    with closing(sqlite3.connect(terminal.database, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("UPDATE drafts SET text = 'confirmed, and only in the log'")
        killed = {path: path.read_bytes() for path in real.parent.glob("real.db*")}
    for path, content in killed.items():
        path.write_bytes(content)
    said = terminal.run("restore")
    assert "1 text that wasn't handed in" in said
    kept = Path(said.strip().rpartition(": ")[2])
    assert terminal.database.is_symlink()
    terminal.run("restore", backup=kept)
    with closing(sqlite3.connect(terminal.database)) as plain:
        assert plain.execute("SELECT text FROM drafts").fetchall() == [
            ("confirmed, and only in the log",)
        ]


def test_what_was_replaced_can_be_had_back_by_its_path(terminal: Terminal) -> None:
    terminal.run("backup")
    with closing(sqlite3.connect(terminal.database, isolation_level=None)) as plain:
        plain.execute("UPDATE sessions SET title = 'later'")
    later = rows_of(terminal.database)
    terminal.run("restore")
    assert "Nothing was made after it." in terminal.run("restore", backup=terminal.kept())
    assert rows_of(terminal.database) == later


def test_a_backup_can_be_named_as_the_list_does(terminal: Terminal) -> None:
    terminal.run("backup")
    terminal.run("backup")
    _, older = backups.listed(terminal.database)
    assert terminal.run("restore", backup=Path(older.name)).startswith(f"Restored {older.name}")
    assert "nowhere" in terminal.refused("restore", RestoreFailedError, backup=Path("nowhere"))


def test_without_a_good_backup_none_is_restored(terminal: Terminal) -> None:
    before = terminal.database.read_bytes()
    assert "There is no good backup" in terminal.refused("restore", RestoreFailedError)
    assert terminal.database.read_bytes() == before


def test_an_empty_start_can_be_chosen(terminal: Terminal) -> None:
    damaged = terminal.database.read_bytes()
    assert "with nothing" in terminal.run("restore", empty=True)
    assert not any(rows_of(terminal.database).values())
    assert terminal.kept().read_bytes() == damaged


def test_an_export_is_imported_into_a_new_profile(terminal: Terminal, tmp_path: Path) -> None:
    said = terminal.run("export", file=tmp_path / "mine.json")
    assert said.startswith(f"{tmp_path / 'mine.json'}: ")
    other = Terminal(tmp_path / "other")
    said = other.run("import", file=tmp_path / "mine.json")
    assert said.startswith("Imported 3 interviews, 5 answers")
    assert rows_of(other.database) == rows_of(terminal.database)


def newest_first(terminal: Terminal) -> list[Path]:
    folder = copies.folder_of(terminal.database)
    return [folder / each.name for each in backups.listed(terminal.database)]


def test_the_schema_goes_back_for_an_older_version_and_up_again(terminal: Terminal) -> None:
    before = rows_of(terminal.database)
    said = terminal.run("migrate", to=REVISIONS[1])
    assert "Install the version of the app" in said
    assert "is in the backup that was made before" in said
    with closing(sqlite3.connect(terminal.database)) as plain:
        assert (
            plain.execute("SELECT version_num FROM alembic_version").fetchone()[0] == REVISIONS[1]
        )
    assert terminal.run("migrate", to=migrations.HEAD).endswith(f"schema {migrations.HEAD}.")
    after = rows_of(terminal.database)
    lost = {table for table in before if after[table] != before[table]}
    assert lost == {"heard_parts", "recordings"}, "the older version has no place for them"
    assert rows_of(newest_first(terminal)[-1]) == before, "the backup has"
    assert [each.why for each in backups.listed(terminal.database)] == ["upgrade", "upgrade"]


def test_a_schema_that_is_not_known_is_named(terminal: Terminal) -> None:
    said = terminal.refused("migrate", SettingsInvalidError, to="9999")
    assert "9999" in said
    assert migrations.HEAD in said


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("restore", {}),
        ("restore", {"empty": True}),
        ("import", {"file": Path("mine.json")}),
        ("migrate", {"to": migrations.HEAD}),
    ],
)
def test_what_would_replace_a_database_in_use_is_refused(
    terminal: Terminal, command: str, options: dict[str, object]
) -> None:
    before = terminal.database.read_bytes()
    with open_profile(terminal.folder):
        assert "end it first" in terminal.refused(command, AnotherInstanceError, **options)
    assert terminal.database.read_bytes() == before


def test_a_profile_on_a_full_disk_says_so(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(terminal.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1))
    assert "not enough space" in terminal.refused("backup", BackupFailedError)


def test_an_app_that_does_not_run_has_no_numbers(terminal: Terminal) -> None:
    assert terminal.refused("metrics", NotRunningError, json=False)
    run_file(terminal.folder).write_text(
        '{"pid": 1, "mode": "headless", "socket": "", "token": ""}'
    )
    assert terminal.refused("metrics", NotRunningError, json=True)
