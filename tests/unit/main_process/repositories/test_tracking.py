"""Every change of a person's rows has its line in the change log, and nothing else has."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from main_process import archive, archive_import
from main_process.database import DatabaseManager, Transaction
from main_process.handlers import answers, evaluations, questions, sessions, settings
from main_process.profile_folder import database_file
from main_process.question_bank import import_bank
from main_process.repositories.tracking import TRACKED, SQLValue, Tracker
from main_process.services import Services, open_services
from shared_contracts.answers import SkipQuestion
from shared_contracts.change_log import Change, Comparison, compare
from shared_contracts.errors import AppError, ConflictError, NotFoundError
from shared_contracts.evaluation import DisputeEvaluation, RequestEvaluation
from shared_contracts.sessions import (
    AddFollowUp,
    DeleteSession,
    GetSession,
    InterviewSession,
    RestoreSession,
    SaveSession,
)
from shared_contracts.settings import SaveSettings
from tests import steps
from tests.factories import make_evaluation, make_own_question, make_question, make_start

KEPT_BY_TRACKER = {"owner_id", "id", "created_at", "updated_at", "revision"}
Row = dict[str, Any]
Step = Callable[[Services], Awaitable[object]]


class State(NamedTuple):
    """The tracked rows by table and id, and the lines of the change log."""

    rows: dict[tuple[str, bytes], Row]
    log: list[Row]


def read_state(tx: Transaction) -> State:
    def select(table: str, order: str) -> list[Row]:
        cursor = tx.execute(f"SELECT * FROM {table} ORDER BY {order}")  # noqa: S608  our names
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    rows = {(table, row["id"]): row for table in TRACKED for row in select(table, "id")}
    return State(rows, select("change_log", "clock"))


def check_log(before: State, after: State) -> None:
    """The new lines lead from the rows before to the rows after, step by step."""
    assert after.log[: len(before.log)] == before.log
    lines: dict[tuple[str, bytes], list[Row]] = {}
    for line in after.log[len(before.log) :]:
        lines.setdefault((line["entity"], line["entity_id"]), []).append(line)
    keys = before.rows.keys() | after.rows.keys()
    changed = {key for key in keys if after.rows.get(key) != before.rows.get(key)}
    assert lines.keys() == changed
    for key in changed:
        check_lines_of_row(before.rows.get(key), after.rows.get(key), lines[key])
    clocks = [line["clock"] for line in after.log]
    assert clocks == sorted(set(clocks))


def check_lines_of_row(old: Row | None, new: Row | None, lines: list[Row]) -> None:
    first = old["revision"] if old else 0
    if new is None:
        assert lines[-1]["operation"] == "purge"
        assert [line["revision_before"] for line in lines] == list(range(first, first + len(lines)))
        return
    assert [line["revision_before"] for line in lines] == list(range(first, new["revision"]))
    assert (lines[0]["operation"] == "insert") == (old is None)
    assert (lines[-1]["operation"] == "delete") == bool(new["deleted_at"])
    named = {name for line in lines for name in json.loads(line["fields"])}
    was = old or dict.fromkeys(new)
    assert {name for name in new if new[name] != was[name]} - KEPT_BY_TRACKER <= named


async def newest(app: Services) -> InterviewSession:
    page = await app.database.read(lambda tx: app.sessions.history(tx, 1, None))
    if not page.items:
        return await steps.start(app, question_count=2)
    return await sessions.get(app, GetSession(session_id=page.items[0].id))


async def start(app: Services) -> object:
    return await sessions.start(app, make_start(question_count=3))


async def start_nothing(app: Services) -> object:
    return await sessions.start(app, make_start(topics=("nothing",)))


async def rename(app: Services) -> object:
    session = await newest(app)
    change = SaveSession(session_id=session.id, revision=session.revision, title="Mine", position=1)
    return await sessions.save(app, change)


async def rename_late(app: Services) -> object:
    session = await newest(app)
    change = SaveSession(session_id=session.id, revision=session.revision + 1, title="Too late")
    return await sessions.save(app, change)


async def finish(app: Services) -> object:
    session = await newest(app)
    change = SaveSession(session_id=session.id, revision=session.revision, status="finished")
    return await sessions.save(app, change)


async def delete(app: Services) -> object:
    return await sessions.delete(app, DeleteSession(session_id=(await newest(app)).id))


async def restore(app: Services) -> object:
    session = await newest(app)
    await sessions.delete(app, DeleteSession(session_id=session.id))
    return await sessions.restore(app, RestoreSession(session_id=session.id))


async def type_draft(app: Services) -> object:
    await steps.draft(app, (await newest(app)).questions[0])
    return None


async def answer(app: Services) -> object:
    return await steps.answer(app, (await newest(app)).questions[0])


async def answer_nothing(app: Services) -> object:
    return await steps.answer(app, (await newest(app)).questions[0], "  \n ")


async def skip(app: Services) -> object:
    question = (await newest(app)).questions[-1]
    return await answers.skip(app, SkipQuestion(session_question_id=question.id, elapsed_ms=7))


async def evaluate(app: Services) -> object:
    given = await steps.answer(app, (await newest(app)).questions[0])
    await steps.evaluate(app, given.id, make_evaluation())
    return None


async def ask_for_evaluation(app: Services) -> object:
    given = await steps.answer(app, (await newest(app)).questions[0])
    return await evaluations.request(app, RequestEvaluation(answer_id=given.id))


async def dispute(app: Services) -> object:
    records = (await newest(app)).questions[0].evaluations
    evaluation_id = records[-1].id if records else uuid4()
    return await evaluations.dispute(
        app, DisputeEvaluation(evaluation_id=evaluation_id, comment="No.")
    )


async def delete_late(app: Services) -> object:
    session = await newest(app)
    late = DeleteSession(session_id=session.id, revision=session.revision + 1)
    return await sessions.delete(app, late)


async def skip_late(app: Services) -> object:
    question = (await newest(app)).questions[-1]
    late = SkipQuestion(
        session_question_id=question.id, elapsed_ms=7, revision=question.revision + 1
    )
    return await answers.skip(app, late)


async def set_theme_late(app: Services) -> object:
    return await settings.save(app, SaveSettings(theme="light", revision=1_000))


async def write_in_deleted(app: Services) -> object:
    """In another window; the interview comes back by that."""
    session = await newest(app)
    await sessions.delete(app, DeleteSession(session_id=session.id))
    return await steps.answer(app, session.questions[0])


async def follow_up(app: Services) -> object:
    question = (await newest(app)).questions[0]
    return await sessions.follow_up(
        app, AddFollowUp(session_question_id=question.id, prompt="And then?")
    )


async def write_question(app: Services) -> object:
    return await questions.create(app, make_own_question())


async def set_theme(app: Services) -> object:
    return await settings.save(app, SaveSettings(theme="dark"))


async def start_anew(app: Services) -> object:
    """The app's next start removes for good what was deleted."""
    session = await newest(app)
    await sessions.delete(app, DeleteSession(session_id=session.id))
    return await app.database.write(app.sessions.purge_deleted)


async def upgrade(app: Services) -> object:
    """A new release brings a new question and improves another, each time anew."""
    improved = msgspec.structs.replace(app.bank.questions[0], prompt=f"Better: {uuid4()}?")
    bank = (improved, make_question())
    return await app.database.write(lambda tx: import_bank(tx, app.questions, bank))


async def many_at_once(app: Services) -> object:
    """Several windows at work, in one commit."""
    return await asyncio.gather(start(app), set_theme(app), write_question(app), start(app))


STEPS: list[Step] = [
    start,
    start_nothing,
    rename,
    rename_late,
    finish,
    delete,
    restore,
    type_draft,
    answer,
    answer_nothing,
    skip,
    evaluate,
    ask_for_evaluation,
    dispute,
    write_in_deleted,
    follow_up,
    write_question,
    set_theme,
    delete_late,
    skip_late,
    set_theme_late,
    start_anew,
    upgrade,
    many_at_once,
]
REFUSED: list[Step] = [
    start_nothing,
    rename_late,
    answer_nothing,
    delete_late,
    skip_late,
    set_theme_late,
]


@examples(max_examples=20)
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=12))
async def test_the_log_tells_every_change_and_nothing_else(
    fresh_app: steps.OpenApp, played: list[Step]
) -> None:
    async with fresh_app() as app:
        for step in played:
            await newest(app)
            before = await app.database.read(read_state)
            refused = False
            try:
                await step(app)
            except AppError:
                refused = True
            after = await app.database.read(read_state)
            assert refused == (step in REFUSED) or step is dispute
            assert not refused or after == before
            check_log(before, after)


async def test_the_bank_is_logged_as_it_comes_in(app: Services) -> None:
    check_log(State({}, []), await app.database.read(read_state))


async def test_an_import_brings_every_line_along(app: Services, tmp_path: Path) -> None:
    for step in (start, answer, evaluate, rename, follow_up, write_question, set_theme, delete):
        await step(app)
    archive.export(database_file(app.profile), tmp_path / "mine.json")
    (tmp_path / "new").mkdir()
    archive_import.import_data(tmp_path / "new" / "interview.db", tmp_path / "mine.json")
    with closing(sqlite3.connect(tmp_path / "new" / "interview.db")) as imported:
        found = read_state(imported)
    assert found == await app.database.read(read_state)
    check_log(State({}, []), found)


async def test_row_and_line_are_written_together_or_not_at_all(app: Services) -> None:
    tracker = Tracker(app.sessions._tracker.workspace)  # noqa: SLF001  the app's own workspace
    before = await app.database.read(read_state)

    def work(tx: Transaction) -> None:
        tracker.insert(tx, "settings", b"s" * 16, {"body": "{}"})
        raise ConflictError

    with pytest.raises(ConflictError):
        await app.database.write(work)
    assert await app.database.read(read_state) == before


async def test_only_a_row_that_is_there_and_as_expected_is_changed(app: Services) -> None:
    tracker = Tracker(app.sessions._tracker.workspace)  # noqa: SLF001  the app's own workspace
    row_id = b"s" * 16

    def update(revision: int | None) -> Callable[[Transaction], int]:
        values: dict[str, SQLValue] = {"body": '{"theme": "dark"}'}
        return lambda tx: tracker.update(tx, "settings", row_id, values, revision=revision)

    with pytest.raises(NotFoundError):
        await app.database.write(update(None))
    await app.database.write(lambda tx: tracker.insert(tx, "settings", row_id, {"body": "{}"}))
    assert await app.database.write(update(1)) == 2
    with pytest.raises(ConflictError) as caught:
        await app.database.write(update(1))
    assert caught.value.details == {"revision": 2}
    assert await app.database.write(update(None)) == 3


async def test_a_table_that_is_not_tracked_is_refused(app: Services) -> None:
    tracker = Tracker(app.sessions._tracker.workspace)  # noqa: SLF001  the app's own workspace
    with pytest.raises(ValueError, match="drafts"):
        await app.database.write(lambda tx: tracker.insert(tx, "drafts", b"d" * 16, {}))


async def test_the_log_of_two_copies_tells_what_was_changed_on_both(
    fresh_app: steps.OpenApp, tmp_path: Path
) -> None:
    """Two devices begin with one database and change it without knowing of each other."""
    async with fresh_app() as here:
        session = await steps.start(here)
        copy = tmp_path / "copy.db"
        await here.database.read(lambda tx: copy_to(copy, tx))
        async with DatabaseManager.open(copy) as database:
            there = await open_services(tmp_path, database, here.bank, lambda: ())
            assert await compared(here, there, session.id) == Comparison("same")
            rename = SaveSession(session_id=session.id, revision=1, title="Mine")
            await sessions.save(here, rename)
            title, position = frozenset({"title"}), frozenset({"position"})
            assert await compared(here, there, session.id) == Comparison("ahead", ours=title)
            assert await compared(there, here, session.id) == Comparison("behind", theirs=title)
            turn = SaveSession(session_id=session.id, revision=1, position=1)
            await sessions.save(there, turn)
            merging = Comparison("concurrent", ours=title, theirs=position)
            assert await compared(here, there, session.id) == merging
            await sessions.save(there, msgspec.structs.replace(rename, revision=2))
            clash = Comparison("concurrent", theirs=position, conflicts=title)
            assert await compared(here, there, session.id) == clash


def copy_to(path: Path, tx: Transaction) -> None:
    with closing(sqlite3.connect(path)) as copy:
        tx.backup(copy)


async def compared(ours: Services, theirs: Services, session_id: UUID) -> Comparison:
    async def history(app: Services) -> list[Change]:
        tracker = app.sessions._tracker  # noqa: SLF001  the app's own
        return await app.database.read(lambda tx: tracker.history(tx, "sessions", session_id.bytes))

    return compare(await history(ours), await history(theirs))
