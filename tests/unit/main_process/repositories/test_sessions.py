"""A session opens again as it was, and the history says the same of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from main_process.services import Services, open_services
from shared_contracts.errors import NotFoundError, ValidationFailedError
from shared_contracts.evaluation import Evaluation
from shared_contracts.sessions import InterviewSession, SaveSession, SessionStatus, SessionSummary
from tests import steps
from tests.factories import make_evaluation
from tests.query_plans import walks

HANGING = ("session_questions", "answers", "evaluations", "evaluation_jobs", "drafts")
evaluations = st.builds(
    lambda content, opinion, unsure: make_evaluation(content, opinion=opinion, unsure=unsure),
    st.none() | st.floats(0, 1),
    st.booleans(),
    st.booleans(),
)
interviews = st.lists(  # for each question: for each version of its answer: its evaluations
    st.lists(st.lists(evaluations, max_size=3), max_size=3), min_size=1, max_size=4
)


async def history(
    app: Services, limit: int = 200, after: str | None = None
) -> tuple[list[SessionSummary], str | None]:
    page = await app.database.read(lambda tx: app.sessions.history(tx, limit, after))
    return list(page.items), page.next


async def play(app: Services, plan: Sequence[Sequence[Sequence[Evaluation]]]) -> InterviewSession:
    session = await steps.start(app, question_count=len(plan))
    for question, versions in zip(session.questions, plan, strict=True):
        for results in versions:
            answer = await steps.answer(app, question)
            for result in results:
                await steps.evaluate(app, answer.id, result)
    return await steps.reopen(app, session)


@settings(max_examples=20)
@given(interviews)
async def test_history_and_session_agree_on_the_score(
    fresh_app: steps.OpenApp, plan: list[list[list[Evaluation]]]
) -> None:
    """The mean of the newest evaluation of each newest answer, where it is graded at all."""
    async with fresh_app() as app:
        session = await play(app, plan)
        [line], _ = await history(app)
    newest = [versions[-1][-1] for versions in plan if versions and versions[-1]]
    graded = [r for r in newest if not r.opinion and not r.unsure]
    scores = [r.scores.content for r in graded if r.scores.content is not None]
    expected = sum(scores) / len(scores) if scores else None
    assert session.graded == line.graded == len(scores)
    assert session.score == pytest.approx(expected, abs=1e-12)
    assert line.score == pytest.approx(expected, abs=1e-12)
    assert line.answered == sum(bool(versions) for versions in plan)
    assert line.question_count == len(plan)


async def test_nothing_that_was_handed_in_or_judged_is_ever_replaced(app: Services) -> None:
    plan = [[[make_evaluation(0.1), make_evaluation(0.2)], [make_evaluation(0.3)], []]]
    session = await play(app, plan)
    (question,) = session.questions
    assert [answer.version for answer in question.answers] == [1, 2, 3]
    first, second, _ = (answer.id for answer in question.answers)
    said = [(r.answer_id, r.version, r.result.scores.content) for r in question.evaluations]
    assert sorted(said, key=lambda one: one[2] or 0) == [
        (first, 1, 0.1),
        (first, 2, 0.2),
        (second, 1, 0.3),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE questions SET prompt = 'Another question?', key_points = '[]', revision = 7",
        "UPDATE questions SET deleted_at = 1",
        "DELETE FROM questions",
    ],
)
async def test_a_session_keeps_its_questions_as_they_were_asked(
    app: Services, statement: str
) -> None:
    session = await steps.start(app, question_count=5)
    await app.database.write(lambda tx: tx.execute(statement))
    assert await steps.reopen(app, session) == session


@settings(max_examples=20)
@given(st.integers(0, 12), st.integers(1, 5), st.lists(st.booleans(), min_size=13, max_size=13))
async def test_pages_of_the_history_hold_each_session_once_while_others_begin(
    fresh_app: steps.OpenApp, count: int, limit: int, new_ones: list[bool]
) -> None:
    async with fresh_app() as app:
        begun = [(await steps.start(app)).id for _ in range(count)]
        seen, after = await history(app, limit)
        for another in new_ones:
            if another:
                await steps.start(app)
            if after is None:
                break
            page, after = await history(app, limit, after)
            assert len(page) <= limit
            seen += page
    assert after is None
    assert [line.id for line in seen] == begun[::-1]


async def test_a_change_moves_no_session_in_the_history(app: Services) -> None:
    begun = [await steps.start(app) for _ in range(3)]
    rename = SaveSession(session_id=begun[0].id, revision=1, title="Mine")
    await app.database.write(lambda tx: app.sessions.save(tx, rename))
    assert [line.id for line in (await history(app))[0]] == [each.id for each in begun[::-1]]


async def test_a_deleted_session_is_gone_until_it_is_restored(app: Services) -> None:
    kept, deleted = await steps.start(app), await steps.start(app)
    await steps.answer(app, deleted.questions[0])
    before = await steps.reopen(app, deleted)
    await app.database.write(lambda tx: app.sessions.set_deleted(tx, deleted.id, deleted=True))
    assert [line.id for line in (await history(app))[0]] == [kept.id]
    with pytest.raises(NotFoundError):
        await steps.reopen(app, deleted)
    await app.database.write(lambda tx: app.sessions.set_deleted(tx, deleted.id, deleted=False))
    after = await steps.reopen(app, deleted)
    assert after.questions == before.questions
    assert [line.id for line in (await history(app))[0]] == [deleted.id, kept.id]


async def test_the_next_start_removes_deleted_sessions_with_all_that_hangs_on_them(
    app: Services, tmp_path: Path
) -> None:
    kept, deleted = await steps.start(app), await steps.start(app)
    for session in (kept, deleted):
        (question,) = session.questions
        answer = await steps.answer(app, question)
        await steps.evaluate(app, answer.id, make_evaluation())
        await steps.draft(app, question)
    await app.database.write(lambda tx: app.sessions.set_deleted(tx, deleted.id, deleted=True))
    restarted = await open_services(tmp_path, app.database, app.bank, lambda: ())
    assert await steps.reopen(restarted, kept) == await steps.reopen(app, kept)
    with pytest.raises(NotFoundError):
        await restarted.database.write(
            lambda tx: restarted.sessions.set_deleted(tx, deleted.id, deleted=False)
        )
    with closing(sqlite3.connect(tmp_path / "interview.db")) as plain:
        left = [plain.execute(f"SELECT count(*) FROM {table}").fetchone() for table in HANGING]  # noqa: S608
    assert left == [(1,)] * len(HANGING)


async def test_only_a_finished_interview_has_an_end(app: Services) -> None:
    session = await steps.start(app)
    statuses: list[SessionStatus] = ["finished", "active", "paused", "finished"]
    ends = []
    for revision, status in enumerate(statuses, start=1):
        change = SaveSession(session_id=session.id, revision=revision, status=status)
        await app.database.write(partial(app.sessions.save, change=change))
        ends.append((await steps.reopen(app, session)).finished_at is not None)
    assert ends == [True, False, False, True]


async def test_a_new_title_leaves_the_end_as_it_was(app: Services) -> None:
    session = await steps.start(app)
    end = SaveSession(session_id=session.id, revision=1, status="finished")
    await app.database.write(lambda tx: app.sessions.save(tx, end))
    finished = await steps.reopen(app, session)
    rename = SaveSession(session_id=session.id, revision=2, title="Monday")
    await app.database.write(lambda tx: app.sessions.save(tx, rename))
    renamed = await steps.reopen(app, session)
    assert renamed.finished_at == finished.finished_at is not None
    assert renamed.title == "Monday"


async def test_a_session_that_never_was_is_not_found(app: Services) -> None:
    session = await steps.start(app)
    change = SaveSession(session_id=uuid4(), revision=session.revision, title="Nobody's")
    with pytest.raises(NotFoundError):
        await app.database.write(lambda tx: app.sessions.save(tx, change))


@pytest.mark.parametrize("cursor", ["", "x", "0" * 31, "é" * 32])
async def test_a_broken_cursor_is_val001(app: Services, cursor: str) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        await history(app, after=cursor)
    assert caught.value.details["field"] == "after"


async def test_what_is_purged_leaves_a_line_each_in_the_change_log(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    await app.database.write(lambda tx: app.sessions.set_deleted(tx, session.id, deleted=True))
    assert await app.database.write(app.sessions.purge_deleted) == 1
    purged = await app.database.read(
        lambda tx: tx.execute(
            "SELECT entity, entity_id FROM change_log WHERE operation = 'purge' ORDER BY clock"
        ).fetchall()
    )
    assert purged == [
        ("answers", answer.id.bytes),
        ("session_questions", session.questions[0].id.bytes),
        ("sessions", session.id.bytes),
    ]
    assert await app.database.read(lambda tx: tx.execute("SELECT * FROM answers").fetchall()) == []


async def test_what_hangs_on_a_deleted_session_is_found_without_looking_at_all(
    app: Services,
) -> None:
    session = await steps.start(app)
    await app.database.write(lambda tx: app.sessions.set_deleted(tx, session.id, deleted=True))
    steps_taken = await app.database.write(partial(walks, app.sessions.purge_deleted))
    assert [step for step in steps_taken if "ix_sessions_deleted" not in step] == []
