"""Interviews begin with questions that fit, and change only as they were last seen."""

from __future__ import annotations

from uuid import uuid4

import pytest

from main_process.handlers import questions, sessions
from main_process.services import Services
from shared_contracts.errors import ConflictError, NotFoundError, ValidationFailedError
from shared_contracts.questions import GetQuestions
from shared_contracts.sessions import (
    MAX_QUESTIONS,
    AddFollowUp,
    DeleteSession,
    GetHistory,
    GetSession,
    InterviewSession,
    RestoreSession,
    SaveSession,
)
from tests import steps
from tests.factories import make_own_question


def topics_of(session: InterviewSession) -> set[str]:
    return {question.question.topic for question in session.questions}


async def test_a_role_stands_for_its_topics(app: Services) -> None:
    session = await steps.start(app, role="baker", question_count=6)
    assert topics_of(session) == {"bread", "people"}
    assert session.setup.topics == ()
    assert session.title == "Baker"


async def test_topics_chosen_count_more_than_the_role(app: Services) -> None:
    session = await steps.start(app, role="baker", topics=("ovens",), question_count=6)
    assert topics_of(session) == {"ovens"}


@pytest.mark.parametrize(
    ("topics", "title"),
    [
        ((), "Mixed interview"),
        (("ovens",), "Ovens"),
        (("ovens", "bread"), "Bread, Ovens"),
        (("ovens", "bread", "people"), "Bread, People and 1 more"),
    ],
)
async def test_the_title_names_what_was_chosen(
    app: Services, topics: tuple[str, ...], title: str
) -> None:
    assert (await steps.start(app, topics=topics)).title == title


async def test_a_new_interview_is_open_from_its_first_question_on(app: Services) -> None:
    session = await steps.start(app, difficulties=("hard",), question_count=4)
    assert (session.status, session.position, session.revision) == ("active", 0, 1)
    assert (session.score, session.graded, session.finished_at) == (None, 0, None)
    assert [question.position for question in session.questions] == [0, 1, 2, 3]
    assert {question.status for question in session.questions} == {"open"}
    assert {question.question.difficulty for question in session.questions} == {"hard"}
    assert await steps.reopen(app, session) == session


async def test_fewer_questions_than_wanted_are_better_than_none(app: Services) -> None:
    session = await steps.start(app, topics=("ovens",), difficulties=("easy",), question_count=30)
    assert len(session.questions) == 3


async def test_questions_named_one_by_one_are_asked_in_that_order(app: Services) -> None:
    own = await questions.create(app, make_own_question())
    wanted = (app.bank.questions[7].id, own.id, app.bank.questions[2].id)
    session = await steps.start(app, question_ids=wanted)
    assert tuple(question.question.id for question in session.questions) == wanted


async def test_a_choice_that_nothing_matches_is_val001(app: Services) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        await steps.start(app, topics=("nothing",))
    assert caught.value.details["field"] == "setup"


@pytest.mark.parametrize("setup", [{"role": "astronaut"}, {"question_ids": (uuid4(),)}])
async def test_a_role_or_question_that_is_not_there_is_db007(
    app: Services, setup: dict[str, object]
) -> None:
    with pytest.raises(NotFoundError):
        await steps.start(app, **setup)
    assert (await sessions.history(app, GetHistory())).items == ()


async def test_what_is_named_is_changed_and_the_rest_stays(app: Services) -> None:
    session = await steps.start(app, question_count=3)
    saved = await sessions.save(
        app, SaveSession(session_id=session.id, revision=1, position=2, status="paused")
    )
    assert (saved.position, saved.status, saved.revision) == (2, "paused", 2)
    assert saved.title == session.title
    renamed = await sessions.save(app, SaveSession(session_id=session.id, revision=2, title="Mine"))
    assert (renamed.title, renamed.position, renamed.status) == ("Mine", 2, "paused")


async def test_a_change_of_something_older_is_db006_with_what_is_there_now(app: Services) -> None:
    session = await steps.start(app)
    await sessions.save(app, SaveSession(session_id=session.id, revision=1, title="First"))
    with pytest.raises(ConflictError) as caught:
        await sessions.save(app, SaveSession(session_id=session.id, revision=1, title="Second"))
    current = await steps.reopen(app, session)
    assert caught.value.details == {"revision": 2, "current": current}
    assert (current.title, current.revision) == ("First", 2)


async def test_deleting_and_restoring_keep_to_a_revision_when_there_is_one(app: Services) -> None:
    session = await steps.start(app)
    await sessions.save(app, SaveSession(session_id=session.id, revision=1, title="First"))
    with pytest.raises(ConflictError) as caught:
        await sessions.delete(app, DeleteSession(session_id=session.id, revision=1))
    assert caught.value.details == {"revision": 2, "current": await steps.reopen(app, session)}
    await sessions.delete(app, DeleteSession(session_id=session.id, revision=2))
    with pytest.raises(ConflictError) as caught:
        await sessions.restore(app, RestoreSession(session_id=session.id, revision=2))
    assert caught.value.details == {"revision": 3, "current": None}
    restored = await sessions.restore(app, RestoreSession(session_id=session.id, revision=3))
    assert restored.revision == 4


async def test_a_deleted_session_cannot_be_changed_and_comes_back_whole(app: Services) -> None:
    session = await steps.start(app)
    await sessions.delete(app, DeleteSession(session_id=session.id))
    with pytest.raises(NotFoundError):
        await sessions.save(app, SaveSession(session_id=session.id, revision=2, title="Gone"))
    with pytest.raises(NotFoundError):
        await sessions.get(app, GetSession(session_id=session.id))
    restored = await sessions.restore(app, RestoreSession(session_id=session.id))
    assert (restored.title, restored.questions) == (session.title, session.questions)


async def test_deleting_or_restoring_nothing_is_db007(app: Services) -> None:
    with pytest.raises(NotFoundError):
        await sessions.delete(app, DeleteSession(session_id=uuid4()))
    with pytest.raises(NotFoundError):
        await sessions.restore(app, RestoreSession(session_id=uuid4()))


def add(session: InterviewSession, key_point: str | None = None) -> AddFollowUp:
    prompt = "And what does that cost?"
    question_id = session.questions[0].id
    return AddFollowUp(session_question_id=question_id, prompt=prompt, key_point=key_point)


async def test_a_follow_up_is_asked_last_and_the_rest_stays(app: Services) -> None:
    session = await steps.start(app, question_count=2)
    grown = await sessions.follow_up(app, add(session, "It costs memory."))
    assert grown.questions[:2] == session.questions
    last = grown.questions[2]
    assert (last.position, last.status) == (2, "open")
    assert last.question.prompt == "And what does that cost?"
    assert last.question.key_points == ("It costs memory.",)
    assert last.question.topic == session.questions[0].question.topic
    assert (grown.status, grown.position) == ("active", 0)
    assert await steps.reopen(app, session) == grown


async def test_a_finished_interview_goes_on_with_its_follow_up(app: Services) -> None:
    session = await steps.start(app)
    finish = SaveSession(session_id=session.id, revision=1, status="finished")
    assert (await sessions.save(app, finish)).finished_at
    grown = await sessions.follow_up(app, add(session))
    assert (grown.status, grown.finished_at, grown.position) == ("active", None, 1)
    await steps.answer(app, grown.questions[1])
    assert (await steps.reopen(app, session)).questions[1].status == "answered"


async def test_a_follow_up_is_in_no_bank(app: Services) -> None:
    before = (await questions.get(app, GetQuestions(limit=200))).items
    await sessions.follow_up(app, add(await steps.start(app)))
    assert (await questions.get(app, GetQuestions(limit=200))).items == before


async def test_a_full_interview_takes_no_follow_up(app: Services) -> None:
    session = await steps.start(app)
    for _ in range(MAX_QUESTIONS - 1):
        session = await sessions.follow_up(app, add(session))
    with pytest.raises(ValidationFailedError):
        await sessions.follow_up(app, add(session))
    assert len((await steps.reopen(app, session)).questions) == MAX_QUESTIONS


async def test_a_follow_up_of_nothing_is_db007(app: Services) -> None:
    session = await steps.start(app)
    await sessions.delete(app, DeleteSession(session_id=session.id))
    with pytest.raises(NotFoundError):
        await sessions.follow_up(app, add(session))
    unknown = AddFollowUp(session_question_id=uuid4(), prompt="And what then?")
    with pytest.raises(NotFoundError):
        await sessions.follow_up(app, unknown)
