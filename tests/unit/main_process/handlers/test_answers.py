"""An answer and its evaluation are put in line together, or neither; own answers are found."""

from __future__ import annotations

from uuid import uuid4

import pytest

from main_process.handlers import answers, sessions
from main_process.services import Services
from shared_contracts.answers import AnswerHits, SaveAnswer, SaveDraft, SearchAnswers, SkipQuestion
from shared_contracts.contract import Count
from shared_contracts.envelope import Event
from shared_contracts.errors import ConflictError, NotFoundError, ValidationFailedError
from shared_contracts.health import Done
from shared_contracts.sessions import DeleteSession, QuestionState, RestoreSession
from tests import steps


async def test_an_answer_waits_for_its_evaluation_and_the_worker_is_told(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    (question,) = (await steps.reopen(app, session)).questions
    assert question.job
    assert (question.job.answer_id, question.job.state) == (answer.id, "queued")
    assert app.evaluations_due.is_set()


@pytest.mark.parametrize("text", ["", " ", "\n\t \u2003\u00a0"])
async def test_an_empty_answer_is_val001_and_the_draft_is_kept(app: Services, text: str) -> None:
    session = await steps.start(app)
    (question,) = session.questions
    await steps.draft(app, question, "Still thinking")
    with pytest.raises(ValidationFailedError) as caught:
        await steps.answer(app, question, text)
    assert caught.value.details["field"] == "text"
    (unchanged,) = (await steps.reopen(app, session)).questions
    assert (unchanged.draft, unchanged.answers) == ("Still thinking", ())
    assert not app.evaluations_due.is_set()


async def test_an_answer_to_no_question_leaves_no_job(app: Services) -> None:
    with pytest.raises(NotFoundError):
        await answers.save(app, SaveAnswer(session_question_id=uuid4(), text="Yes", elapsed_ms=0))
    assert await app.database.read(app.evaluations.waiting) == 0
    assert not app.evaluations_due.is_set()


async def test_skipping_a_question_that_changed_meanwhile_is_db006_with_how_it_stands(
    app: Services,
) -> None:
    (question,) = (await steps.start(app)).questions
    await steps.answer(app, question)
    skip = SkipQuestion(session_question_id=question.id, elapsed_ms=50, revision=question.revision)
    with pytest.raises(ConflictError) as caught:
        await answers.skip(app, skip)
    current = QuestionState(status="answered", elapsed_ms=1_000, revision=2)
    assert caught.value.details == {"revision": 2, "current": current}


async def test_a_question_can_be_skipped(app: Services) -> None:
    session = await steps.start(app)
    skip = SkipQuestion(session_question_id=session.questions[0].id, elapsed_ms=50)
    assert await answers.skip(app, skip) == Done()
    assert (await steps.reopen(app, session)).questions[0].status == "skipped"


async def test_an_own_answer_is_found_where_it_was_given(app: Services) -> None:
    session = await steps.start(app, question_count=2)
    first, second = session.questions
    await steps.answer(app, first, "Dough rests overnight.")
    given = await steps.answer(app, second, "An oven is hot; the dough is rested, never cold.")
    asked = SearchAnswers(text='"dough is" rest')
    found = await answers.search(app, asked)
    (hit,) = found.items
    assert (hit.answer_id, hit.session_id, hit.session_question_id) == (
        given.id,
        session.id,
        second.id,
    )
    assert (hit.session_title, hit.topic, hit.prompt) == (
        session.title,
        second.question.topic,
        second.question.prompt,
    )
    assert (hit.version, hit.created_at, hit.snippet) == (1, given.created_at, given.text)
    passages = [hit.snippet[mark.start : mark.end] for mark in hit.marks]
    assert passages == ["dough is", "rested"]
    assert (found.total, found.next) == (Count(number=1), None)


async def test_answers_of_a_deleted_interview_are_found_again_once_it_is_restored(
    app: Services,
) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0], "Sourdough.")
    asked = SearchAnswers(text="sourdough")
    await sessions.delete(app, DeleteSession(session_id=session.id))
    assert (await answers.search(app, asked)).items == ()
    await sessions.restore(app, RestoreSession(session_id=session.id))
    assert len((await answers.search(app, asked)).items) == 1


@pytest.mark.parametrize("handed_in", [True, False])
async def test_who_writes_in_an_interview_that_was_deleted_elsewhere_brings_it_back(
    app: Services, *, handed_in: bool
) -> None:
    session = await steps.start(app)
    await sessions.delete(app, DeleteSession(session_id=session.id))
    heard: list[Event] = []
    app.events.subscribe(heard.append)
    if handed_in:
        await steps.answer(app, session.questions[0], "Sourdough.")
    else:
        question = session.questions[0].id
        draft = SaveDraft(session_question_id=question, text="Sourdough.", elapsed_ms=0)
        await answers.save_draft(app, draft)
        assert heard == [Event(topic="sessions", ids=(str(session.id),))]
    assert await app.database.write(app.sessions.purge_deleted) == 0
    (question_now,) = (await steps.reopen(app, session)).questions
    assert (question_now.draft or question_now.answers[0].text) == "Sourdough."


async def test_pages_of_answers_hold_each_once_and_none_that_came_later(app: Services) -> None:
    session = await steps.start(app)
    (question,) = session.questions
    given = [(await steps.answer(app, question, f"Rye {number}")).id for number in range(7)]
    first = await answers.search(app, SearchAnswers(text="rye", limit=3))
    found, after = list(first.items), first.next
    while after is not None:
        await steps.answer(app, question, "Rye, rye and rye")
        following = await answers.search(app, SearchAnswers(text="rye", limit=2, after=after))
        found += following.items
        after = following.next
    assert [hit.answer_id for hit in found] == given[::-1]
    assert [hit.version for hit in found] == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("text", ["", "  ", "🙂", '"', "* OR NOT ("])
async def test_a_search_without_a_word_finds_nothing(app: Services, text: str) -> None:
    await steps.answer(app, (await steps.start(app)).questions[0], "Rye 🙂")
    expected = AnswerHits(items=(), total=Count(number=0))
    assert await answers.search(app, SearchAnswers(text=text)) == expected


async def test_a_broken_cursor_of_a_search_is_val001(app: Services) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        await answers.search(app, SearchAnswers(text="rye", after="no cursor"))
    assert caught.value.details["field"] == "after"
