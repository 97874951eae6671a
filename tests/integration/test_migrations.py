"""Migrations by real processes: two at once, one that is killed, one on a disk that is full."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from main_process.database import copies
from main_process.database.migrate import migrate
from main_process.database.revision import SCRIPTS
from shared_contracts import migrations
from shared_contracts.errors import MigrationFailedError, ProfileNotWritableError
from tests.disk import small_disk
from tests.revisions import REVISIONS, rows_of, schema_of, search_is_consistent, unpack

SECONDS = 60
OLD = REVISIONS[1]
NEXT = "9001"
MIGRATE = """
import sys
from pathlib import Path
from main_process.database.migrate import migrate
from shared_contracts.errors import AppError

print("ready", flush=True)
sys.stdin.readline()
try:
    migrate(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    print("done", flush=True)
except AppError as error:
    print(error.code, flush=True)
"""
HEAD = """
from alembic import op

revision, down_revision = {!r}, {!r}

def upgrade():
    op.execute("ALTER TABLE workspaces ADD COLUMN name TEXT")
    op.execute("UPDATE answers SET text = 'changed'")
"""
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({bytes}, {bytes}))\n"
HALF_WAY = """
    import sys
    print("half-way", flush=True)
    sys.stdin.read()
"""
FILL = "    op.execute('CREATE TABLE filled AS SELECT randomblob(8000000) AS x')\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database that was used with the first revision."""
    return unpack(OLD, tmp_path)


@pytest.fixture
def write_next(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a scripts folder with one more revision, which changes rows and then does this."""

    def write(upgrade: str) -> Path:
        scripts = tmp_path / "scripts"
        shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        head = HEAD.format(NEXT, migrations.HEAD)
        (scripts / f"versions/{NEXT}_next.py").write_text(head + upgrade)
        return scripts

    return write


class Migration:
    """A process that migrates once it is told to."""

    def __init__(self, path: Path, scripts: Path, head: str, first: str = "") -> None:
        command = [sys.executable, "-c", first + MIGRATE, str(path), str(scripts), head]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.until("ready")

    def go(self) -> None:
        assert self.process.stdin
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def until(self, word: str) -> None:
        assert self.process.stdout
        assert any(line.strip() == word for line in iter(self.process.stdout.readline, ""))

    def result(self) -> str:
        """The last line it says."""
        said, _ = self.process.communicate(timeout=SECONDS)
        assert self.process.returncode == 0
        return said.strip().splitlines()[-1]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=SECONDS)


def test_two_upgrades_at_once_are_one_upgrade(old: Path) -> None:
    before = rows_of(old)
    both = [Migration(old, SCRIPTS, migrations.HEAD) for _ in range(2)]
    for each in both:
        each.go()
    assert [each.result() for each in both] == ["done", "done"]
    after = rows_of(old)
    for table, rows in before.items():
        # Newer schemas add columns at the end.
        assert [row[: len(had)] for row, had in zip(after[table], rows, strict=True)] == rows
    search_is_consistent(old)
    (copy,) = copies.folder_of(old).glob("*.db")
    facts = copies.facts_of(copy)
    assert facts
    assert facts.schema == OLD, "the second one found nothing left to do, and copied nothing"


def test_an_upgrade_that_is_killed_half_way_has_not_happened(
    old: Path, write_next: Callable[[str], Path]
) -> None:
    migrate(old)
    before, schema = rows_of(old), schema_of(old)
    migration = Migration(old, write_next(HALF_WAY), NEXT)
    migration.go()
    migration.until("half-way")
    migration.kill()
    migrate(old)
    assert (rows_of(old), schema_of(old)) == (before, schema)
    search_is_consistent(old)


def test_a_file_that_may_not_grow_stays_as_it_was(
    old: Path, write_next: Callable[[str], Path]
) -> None:
    migrate(old)
    before, schema = rows_of(old), schema_of(old)
    limit = LIMITED.format(bytes=4_000_000)
    migration = Migration(old, write_next(FILL), NEXT, limit)
    migration.go()
    assert migration.result() == ProfileNotWritableError.code
    assert (rows_of(old), schema_of(old)) == (before, schema)


@pytest.mark.parametrize("spare_bytes", [0, copies.SPARE_BYTES])
def test_on_a_full_disk_nothing_is_begun_or_nothing_has_happened(
    tmp_path: Path,
    write_next: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    spare_bytes: int,
) -> None:
    monkeypatch.setattr(copies, "SPARE_BYTES", spare_bytes)
    scripts = write_next(FILL)
    with small_disk(tmp_path / "disk", "6m") as folder:
        path = unpack(OLD, folder)
        if not spare_bytes:
            migrate(path)
        before, schema, content = rows_of(path), schema_of(path), path.read_bytes()
        with pytest.raises((ProfileNotWritableError, MigrationFailedError)) as caught:
            migrate(path, scripts, NEXT)
        assert path.read_bytes() == content
        assert (rows_of(path), schema_of(path)) == (before, schema)
        if spare_bytes:
            assert "space" in caught.value.message
            assert isinstance(caught.value, MigrationFailedError)
        assert caught.value.remedy
