"""A damaged database is set aside whole, and what is offered in its place is said exactly."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from main_process import backups, recovery
from main_process.database import copies
from main_process.database.check import check, check_at_next_start
from main_process.database.migrate import migrate
from main_process.handlers import sessions
from main_process.losses import Losses
from main_process.services import Services
from shared_contracts import migrations
from shared_contracts.backups import Contents
from shared_contracts.errors import AppError, DatabaseCorruptError, RestoreFailedError
from shared_contracts.sessions import SaveSession
from tests.damage import break_page
from tests.life import live
from tests.revisions import REVISIONS, rows_of, unpack
from tests.steps import answer, draft, start

EVERYTHING = Contents(sessions=2, answers=5, questions=1)


@pytest.fixture
async def lived_in(tmp_path: Path) -> Path:
    """A database that was used, and closed in order."""
    return unpack(REVISIONS[-1], tmp_path)


def write(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute(statement, values)


def damage(path: Path) -> DatabaseCorruptError:
    with pytest.raises(DatabaseCorruptError) as caught:
        check(path)
    return caught.value


def aside(path: Path) -> list[str]:
    return sorted(each.name for each in recovery.left_aside(path.parent))


async def test_the_offer_says_what_the_backup_holds_and_what_would_be_lost(
    app: Services, database_file: Path
) -> None:
    await live(app)
    made = backups.make(database_file, "asked")
    session = await start(app, question_count=2)
    for question in session.questions:
        await answer(app, question)
    await app.database.erase_free_space()
    offered = recovery.assess(database_file, DatabaseCorruptError())
    assert offered.backup == copies.folder_of(database_file) / made.name
    assert offered.made_at == made.made_at
    assert offered.contents == EVERYTHING
    assert offered.lost.made == Contents(sessions=1, answers=2)


ANSWER_AGAIN = (
    "INSERT INTO answers (owner_id, id, session_question_id, version, text, elapsed_ms, created_at,"
    " updated_at, revision) SELECT owner_id, randomblob(16), session_question_id, version + 10,"
    " text, elapsed_ms, created_at, updated_at, revision FROM answers WHERE version = 2"
)


def test_what_is_lost_is_read_from_the_damaged_file_as_far_as_it_goes(lived_in: Path) -> None:
    backups.make(lived_in, "asked")
    write(lived_in, ANSWER_AGAIN)
    break_page(lived_in, "settings")
    before = lived_in.read_bytes()
    lost = recovery.assess(lived_in, damage(lived_in)).lost
    assert lost == Losses(Contents(answers=1), 0, 0, 0)
    break_page(lived_in, "answers")
    lost = recovery.assess(lived_in, damage(lived_in)).lost
    assert lost == Losses(None, 0, 0, 0)
    assert len(before) == lived_in.stat().st_size
    assert sorted(path.name for path in lived_in.parent.iterdir()) == ["backups", "interview.db"]


async def test_what_was_typed_and_renamed_after_the_backup_is_said_to_be_lost(
    app: Services, database_file: Path
) -> None:
    """None of it is a new row of an interview, an answer or a question."""
    session = await start(app)
    backups.make(database_file, "asked")
    await draft(app, session.questions[0], "A long text. " * 500)
    change = SaveSession(session_id=session.id, revision=session.revision, title="Renamed")
    await sessions.save(app, change)
    await app.database.erase_free_space()
    break_page(database_file, "settings")
    offered = recovery.assess(database_file, DatabaseCorruptError())
    lost = "1 text that wasn't handed in and 1 change in all"
    assert offered.backup
    for said in (
        str(recovery.explained(offered)),
        " ".join(recovery.problem_of(offered).more),
        recovery.lost_by(database_file, offered.backup),
    ):
        assert lost in said
        assert "Nothing was made after it" not in said


def test_what_can_not_be_known_is_not_said_to_be_nothing(lived_in: Path) -> None:
    made = copies.folder_of(lived_in) / backups.make(lived_in, "asked").name
    assert recovery.lost_by(lived_in, made) == "Nothing was made after it."
    break_page(lived_in, "drafts")
    said = recovery.lost_by(lived_in, made)
    assert "can't be read any more how many texts that weren't handed in there were" in said
    assert "Nothing" not in said
    os.truncate(lived_in, 50)
    assert "how much that is can't be read" in recovery.lost_by(lived_in, made)


def test_without_a_backup_everything_would_be_lost(lived_in: Path) -> None:
    offered = recovery.assess(lived_in, DatabaseCorruptError())
    assert (offered.backup, offered.made_at, offered.contents) == (None, None, None)
    assert offered.lost == Losses(EVERYTHING, 0, 1, 1)
    said = recovery.explained(offered).message
    assert "There is no good backup, and 2 interviews, 5 answers, 1 question of your own" in said
    os.truncate(lived_in, 50)
    said = recovery.explained(recovery.assess(lived_in, DatabaseCorruptError())).message
    assert said.endswith("no good backup, and how much was in the file can't be read any more.")


@pytest.mark.parametrize("size", [0, 50])
def test_of_a_file_without_content_nothing_can_be_said(lived_in: Path, size: int) -> None:
    backups.make(lived_in, "asked")
    os.truncate(lived_in, size)
    offered = recovery.assess(lived_in, damage(lived_in))
    assert (offered.contents, offered.lost) == (EVERYTHING, Losses())


def test_a_restored_backup_is_what_it_was_and_the_damaged_file_is_kept_to_the_byte(
    lived_in: Path,
) -> None:
    rows = rows_of(lived_in)
    made = backups.make(lived_in, "asked")
    check_at_next_start(lived_in)
    break_page(lived_in, "answers")
    damaged = lived_in.read_bytes()
    before = recovery.restore(lived_in, copies.folder_of(lived_in) / made.name)
    assert before
    assert before.name.startswith("interview-damaged-2")
    assert before.read_bytes() == damaged
    assert rows_of(lived_in) == rows
    assert backups.listed(lived_in) == [made]
    assert lived_in.stat().st_mode & 0o777 == 0o600
    assert aside(lived_in) == [before.name]
    assert not list(lived_in.parent.glob("*-check"))


def test_the_log_goes_with_the_file_and_spoils_no_other(lived_in: Path, tmp_path: Path) -> None:
    """A log of another file's changes would be brought into the restored one."""
    rows = rows_of(lived_in)
    made = backups.make(lived_in, "asked")
    with closing(sqlite3.connect(lived_in, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("UPDATE answers SET text = 'only in the log'")
        killed = {path: path.read_bytes() for path in tmp_path.glob("interview.db*")}
    for path, content in killed.items():
        path.write_bytes(content)
    before = recovery.restore(lived_in, copies.folder_of(lived_in) / made.name)
    assert before
    assert before.name.startswith("interview-replaced-")
    assert rows_of(lived_in) == rows
    with closing(sqlite3.connect(before)) as plain:
        assert set(plain.execute("SELECT text FROM answers")) == {("only in the log",)}


def test_what_was_replaced_can_be_restored_as_well_with_its_log(
    lived_in: Path, tmp_path: Path
) -> None:
    made = copies.folder_of(lived_in) / backups.make(lived_in, "asked").name
    with closing(sqlite3.connect(lived_in, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("UPDATE answers SET text = 'only in the log'")
        killed = {path: path.read_bytes() for path in tmp_path.glob("interview.db*")}
    for path, content in killed.items():
        path.write_bytes(content)
    before = recovery.restore(lived_in, made)
    assert before
    recovery.restore(lived_in, before)
    with closing(sqlite3.connect(lived_in)) as plain:
        assert set(plain.execute("SELECT text FROM answers")) == {("only in the log",)}


def test_a_lost_file_is_restored_too(lived_in: Path) -> None:
    rows = rows_of(lived_in)
    made = backups.make(lived_in, "asked")
    for path in lived_in.parent.glob("interview.db*"):
        path.unlink()
    assert recovery.restore(lived_in, copies.folder_of(lived_in) / made.name) is None
    assert rows_of(lived_in) == rows


def test_a_backup_of_an_older_version_is_brought_up_to_date_when_it_is_opened(
    lived_in: Path, tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    old = unpack(REVISIONS[1], tmp_path / "old")
    recovery.restore(lived_in, old)
    migrate(lived_in)
    before = rows_of(old)["answers"]
    columns = len(before[0])
    assert [row[:columns] for row in rows_of(lived_in)["answers"]] == before


def refused(database: Path, source: Path) -> str:
    """Why it can't be restored; nothing changes by that."""
    before = {path: path.read_bytes() for path in database.parent.rglob("*") if path.is_file()}
    with pytest.raises(RestoreFailedError) as caught:
        recovery.restore(database, source)
    after = {path: path.read_bytes() for path in database.parent.rglob("*") if path.is_file()}
    assert after == before
    return caught.value.message


def test_a_damaged_backup_is_refused(lived_in: Path, tmp_path: Path) -> None:
    made = copies.folder_of(lived_in) / backups.make(lived_in, "asked").name
    break_page(made, "answers")
    assert "damaged itself" in refused(lived_in, made)
    unknown = tmp_path / "unknown.db"
    shutil.copy(made, unknown)
    assert "damaged itself" in refused(lived_in, unknown)


def test_what_is_no_database_of_ours_is_refused(lived_in: Path, tmp_path: Path) -> None:
    text, foreign, newer = (tmp_path / name for name in ("letter.txt", "foreign.db", "newer.db"))
    text.write_text("Dear Sir or Madam, " * 500)
    write(foreign, "CREATE TABLE sessions (of_another_program)")
    shutil.copy(lived_in, newer)
    write(newer, "UPDATE alembic_version SET version_num = '9999'")
    assert "can't be read" in refused(lived_in, text)
    assert "can't be read" in refused(lived_in, tmp_path)
    assert "not a database of this app" in refused(lived_in, foreign)
    assert "newer version" in refused(lived_in, newer)
    assert "No such file" in refused(lived_in, tmp_path / "nowhere.db")
    assert "in use" in refused(lived_in, lived_in)


def test_without_room_nothing_is_begun(lived_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = copies.folder_of(lived_in) / backups.make(lived_in, "asked").name
    usage = shutil.disk_usage(lived_in.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1))
    assert "not enough space" in refused(lived_in, made)


def test_an_empty_start_keeps_the_damaged_file_and_the_backups(lived_in: Path) -> None:
    made = backups.make(lived_in, "asked")
    break_page(lived_in, "answers")
    damaged = lived_in.read_bytes()
    before = recovery.start_empty(lived_in)
    assert before
    assert before.read_bytes() == damaged
    check(lived_in)
    migrate(lived_in)
    assert not any(rows_of(lived_in).values())
    assert backups.listed(lived_in) == [made]


@pytest.mark.parametrize("renames", [0, 1, 2])
def test_a_kill_in_the_middle_is_offered_again_at_the_next_start(
    lived_in: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    """Either the damaged file is still there, or none is, and both are known to be wrong."""
    made = copies.folder_of(lived_in) / backups.make(lived_in, "asked").name
    rows = rows_of(lived_in)
    break_page(lived_in, "answers")
    done = 0
    real, settle = Path.rename, copies.settle

    def rename(path: Path, target: Path) -> Path:
        nonlocal done
        if done == renames:
            raise KeyboardInterrupt
        done += 1
        return real(path, target)

    def settle_or_die(part: Path, target: Path) -> None:
        if target == lived_in:
            raise KeyboardInterrupt
        settle(part, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        patch.setattr(copies, "settle", settle_or_die)
        with pytest.raises(KeyboardInterrupt):
            recovery.restore(lived_in, made)
    with pytest.raises(AppError):
        migrate(lived_in)
    recovery.restore(lived_in, made)
    assert rows_of(lived_in) == rows


def test_what_a_killed_one_left_half_made_is_cleared_away(lived_in: Path) -> None:
    left = lived_in.parent / ".making-before"
    left.mkdir()
    (left / "interview.db").write_text("half made")
    assert aside(lived_in) == [left.name]
    recovery.start_empty(lived_in)
    assert not left.exists()
    with closing(sqlite3.connect(lived_in)) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchone() == (
            migrations.HEAD,
        )
