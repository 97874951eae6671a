"""An export is read back without loss, or refused by line and reason, and then nothing changes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from main_process import archive, archive_import
from main_process.database.check import check
from main_process.database.migrate import migrate
from main_process.services import Services
from shared_contracts.errors import ImportInvalidError
from shared_contracts.settings import SaveSettings
from tests.revisions import REVISIONS, rows_of, search_is_consistent, unpack

Break = Callable[[list[str]], None]


@pytest.fixture
def lived_in(tmp_path: Path) -> Path:
    (tmp_path / "old").mkdir()
    return unpack(REVISIONS[-1], tmp_path / "old")


@pytest.fixture
def exported(lived_in: Path, tmp_path: Path) -> Path:
    archive.export(lived_in, tmp_path / "mine.json")
    return tmp_path / "mine.json"


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Where a profile without a database would have it."""
    (tmp_path / "new").mkdir()
    return tmp_path / "new" / "interview.db"


def contents(folder: Path) -> dict[str, bytes]:
    """But for what SQLite keeps beside a database that is open."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in files if path.suffix in {".db", ".json"}}


def refused(database: Path, source: Path) -> str:
    """Why it can't be imported; nothing changes by that."""
    before = contents(database.parent)
    with pytest.raises(ImportInvalidError) as caught:
        archive_import.import_data(database, source)
    assert contents(database.parent) == before
    return caught.value.message


def test_everything_comes_back_as_it_was(lived_in: Path, exported: Path, fresh: Path) -> None:
    rows = archive_import.import_data(fresh, exported)
    assert rows_of(fresh) == rows_of(lived_in)
    assert rows == {table: len(rows) for table, rows in rows_of(lived_in).items()}
    check(fresh)
    migrate(fresh)
    search_is_consistent(fresh)
    assert [path.name for path in fresh.parent.iterdir()] == ["interview.db"]
    assert fresh.stat().st_mode & 0o777 == 0o600


def test_an_export_of_an_import_is_the_same(exported: Path, fresh: Path, tmp_path: Path) -> None:
    archive_import.import_data(fresh, exported)
    archive.export(fresh, tmp_path / "again.json")
    first, again = (path.read_bytes().splitlines() for path in (exported, tmp_path / "again.json"))
    assert again[1:] == first[1:]


@pytest.mark.parametrize("revision", REVISIONS[1:-1])
def test_an_export_of_an_older_version_is_brought_up_to_date(
    tmp_path: Path, fresh: Path, revision: str
) -> None:
    (tmp_path / "older").mkdir()
    older = unpack(revision, tmp_path / "older")
    archive.export(older, tmp_path / "older.json")
    archive_import.import_data(fresh, tmp_path / "older.json")
    rows = rows_of(older)
    migrate(fresh)
    columns = len(rows["answers"][0])
    assert [row[:columns] for row in rows_of(fresh)["answers"]] == rows["answers"]
    search_is_consistent(fresh)


async def test_a_profile_that_was_only_started_once_takes_it_and_keeps_the_empty_one(
    app: Services, database_file: Path, exported: Path, lived_in: Path, fresh: Path
) -> None:
    await app.database.erase_free_space()
    shutil.copy(database_file, fresh)
    archive_import.import_data(fresh, exported)
    assert rows_of(fresh) == rows_of(lived_in)
    assert len(list(fresh.parent.glob("interview-replaced-*.db"))) == 1


def test_a_profile_that_holds_something_refuses_it(lived_in: Path, exported: Path) -> None:
    assert "--profile DIR" in refused(lived_in, exported)


async def test_settings_alone_are_something(
    app: Services, database_file: Path, exported: Path, fresh: Path
) -> None:
    await app.database.write(lambda tx: app.settings.save(tx, SaveSettings(theme="dark")))
    await app.database.erase_free_space()
    shutil.copy(database_file, fresh)
    assert "--profile DIR" in refused(fresh, exported)


def test_a_file_that_is_not_there_is_said(fresh: Path, tmp_path: Path) -> None:
    assert "No such file" in refused(fresh, tmp_path / "nowhere.json")
    assert "directory" in refused(fresh, tmp_path)


def broken(exported: Path, how: Break) -> Path:
    lines = exported.read_text("utf-8").splitlines()
    how(lines)
    path = exported.with_name("broken.json")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def line_of(lines: list[str], text: str) -> int:
    """The place of the first line that holds `text`."""
    return next(place for place, line in enumerate(lines) if text in line)


def replace(old: str, new: str, table: str = "") -> Break:
    """In the first line that holds it, of this table's rows."""

    def how(lines: list[str]) -> None:
        start = line_of(lines, f'"{table}":[') if table else 0
        place = start + line_of(lines[start:], old)
        lines[place] = lines[place].replace(old, new, 1)

    return how


def drop_row(lines: list[str]) -> None:
    del lines[line_of(lines, '"drafts":[') + 1]


def repeat_row(lines: list[str]) -> None:
    place = line_of(lines, '"answers":[') + 1
    lines.insert(place, lines[place])


def repeat_table(lines: list[str]) -> None:
    place = line_of(lines, '"workspaces":[')
    lines[place:place] = ['"workspaces":[', "],"]


def cut_history(lines: list[str]) -> None:
    """All of it, and the foot that counts it is made to fit."""
    first = line_of(lines, '"change_log":[') + 1
    last = first + next(at for at, line in enumerate(lines[first:]) if line.startswith("]"))
    del lines[first:last]
    lines[-1] = re.sub(r'"change_log":\d+', '"change_log":0', lines[-1])


def strangers(lines: list[str]) -> None:
    place = line_of(lines, '"devices":[') + 1
    lines[place] = re.sub(
        r'"owner_id":"[^"]*"', f'"owner_id":"{"0" * 8}-0000-0000-0000-{"0" * 12}"', lines[place]
    )


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        (replace("interview-app-export", "a shopping list"), "line 1: this is no export"),
        (replace('"version":1', '"version":2'), "line 1: .* newer version"),
        (replace(f'"schema":"{REVISIONS[-1]}"', '"schema":"9999"'), "line 1: .* newer version"),
        (replace("{", "", "") , "line 1: "),
        (replace('"tables"', '"chairs"'), "line 1: this is no export"),
        (replace('"drafts":[', '"rafts":['), r"line \d+: there is no such table"),
        (replace('"text":"', '"text":5,"was":"', "drafts"), r"line \d+: drafts: was: there is no"),
        (replace('"elapsed_ms":', '"elapsed_ms":"long","was":', "drafts"), r"line \d+: drafts: "),
        (replace('"status":"finished"', '"status":"eaten"', "sessions"), "sessions: status: "),
        (replace('"question_count":3', '"question_count":300', "sessions"), "sessions: setup: "),
        (replace("{", "[", "answers"), r"line \d+: answers: "),
        (drop_row, "rows are missing"),
        (repeat_row, "doesn't fit with the others"),
        (repeat_table, "workspaces comes twice"),
        (strangers, "doesn't fit with the others"),
        (cut_history, "the change log doesn't agree with the revisions of answers"),
        (replace('"revision":2', '"revision":7', "sessions"), "doesn't agree .* of sessions"),
        (list.pop, "the file ends too early"),
        (lambda lines: lines.append("{}"), "something follows after the end"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_by_line_and_reason(
    exported: Path, fresh: Path, how: Break, reason: str
) -> None:
    said = refused(fresh, broken(exported, how))
    assert re.search(reason, said), said
    assert said.startswith("broken.json, line ")


def test_a_file_cut_off_anywhere_is_refused(exported: Path, fresh: Path) -> None:
    content = exported.read_bytes()
    cut = exported.with_name("cut.json")
    for size in range(0, len(content) - 1, len(content) // 25):
        cut.write_bytes(content[:size])
        refused(fresh, cut)
    cut.write_bytes(content[:-2])
    refused(fresh, cut)


def test_the_line_that_is_named_is_the_one_that_is_wrong(exported: Path, fresh: Path) -> None:
    path = broken(exported, replace('"status":"finished"', '"status":"eaten"', "sessions"))
    place = line_of(path.read_text("utf-8").splitlines(), "eaten") + 1
    assert f"broken.json, line {place}: sessions: status: " in refused(fresh, path)
