"""Answers get version numbers, drafts are kept until they are handed in."""

from __future__ import annotations

from uuid import uuid4

import pytest

from main_process.services import Services
from shared_contracts.answers import SaveAnswer, SaveDraft, SkipQuestion
from shared_contracts.errors import ConflictError, NotFoundError
from tests import steps


async def test_a_draft_is_kept_replaced_and_dropped_once_handed_in(app: Services) -> None:
    session = await steps.start(app)
    (question,) = session.questions
    for text in ("Half a sen", "Half a sentence", ""):
        await steps.draft(app, question, text)
        (question,) = (await steps.reopen(app, session)).questions
        assert question.draft == text
    await steps.answer(app, question, "A whole sentence.")
    (answered,) = (await steps.reopen(app, session)).questions
    assert answered.draft is None
    assert [answer.text for answer in answered.answers] == ["A whole sentence."]


async def test_a_draft_that_was_not_seen_is_not_written_over(app: Services) -> None:
    session = await steps.start(app)
    (stale,) = session.questions
    await steps.draft(app, stale, "A long answer, typed in another tab.")
    with pytest.raises(ConflictError) as caught:
        await steps.draft(app, stale, "x")
    (fresh,) = (await steps.reopen(app, session)).questions
    assert fresh.draft == "A long answer, typed in another tab."
    assert caught.value.details == {"text": fresh.draft, "saved_at": fresh.draft_saved_at}
    await steps.draft(app, stale, "A long answer, typed in another tab.")
    (fresh,) = (await steps.reopen(app, session)).questions
    await steps.draft(app, fresh, "x")
    assert (await steps.reopen(app, session)).questions[0].draft == "x"


async def test_handing_in_drops_no_draft_that_was_not_seen(app: Services) -> None:
    session = await steps.start(app)
    await steps.draft(app, session.questions[0], "Mine.")
    (mine,) = (await steps.reopen(app, session)).questions
    await steps.draft(app, mine, "A long answer, typed in another tab.")
    given = SaveAnswer(
        session_question_id=mine.id, text="Mine.", elapsed_ms=0, seen_at=mine.draft_saved_at
    )
    with pytest.raises(ConflictError) as caught:
        await app.database.write(lambda tx: app.answers.insert(tx, given))
    (there,) = (await steps.reopen(app, session)).questions
    assert there.draft == caught.value.details["text"] == "A long answer, typed in another tab."
    assert there.answers == ()


async def test_only_the_draft_of_the_same_question_is_dropped(app: Services) -> None:
    session = await steps.start(app, question_count=2)
    for question in session.questions:
        await steps.draft(app, question, f"Draft {question.position}")
    await steps.answer(app, session.questions[0])
    drafts = [question.draft for question in (await steps.reopen(app, session)).questions]
    assert drafts == [None, "Draft 1"]


async def test_the_time_of_a_question_is_that_of_its_draft_if_later(app: Services) -> None:
    session = await steps.start(app)
    (question,) = session.questions
    await steps.draft(app, question)
    assert (await steps.reopen(app, session)).questions[0].elapsed_ms == 900
    await steps.answer(app, question)
    assert (await steps.reopen(app, session)).questions[0].elapsed_ms == 1_000


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert('no')</script> & <b>bold</b>",
        "👩🏽‍💻 wrote 🎉 twice",
        "שלום, إجابة من اليمين إلى اليسار\u202e",
        "line\nline\r\n\ttab \u0000 nul",
        "'; DROP TABLE answers; --",
        " spaces stay ",
        "é" * 100_000,
    ],
)
async def test_text_comes_back_to_the_character(app: Services, text: str) -> None:
    session = await steps.start(app)
    (question,) = session.questions
    await steps.draft(app, question, text)
    assert (await steps.reopen(app, session)).questions[0].draft == text
    await steps.answer(app, question, text)
    assert (await steps.reopen(app, session)).questions[0].answers[0].text == text


async def test_a_skipped_question_keeps_its_draft_and_can_be_answered_later(app: Services) -> None:
    session = await steps.start(app)
    (question,) = session.questions
    await steps.draft(app, question, "Not sure")
    skip = SkipQuestion(session_question_id=question.id, elapsed_ms=2_000)
    await app.database.write(lambda tx: app.answers.skip(tx, skip))
    (skipped,) = (await steps.reopen(app, session)).questions
    assert (skipped.status, skipped.draft, skipped.elapsed_ms) == ("skipped", "Not sure", 2_000)
    await steps.answer(app, question)
    await app.database.write(lambda tx: app.answers.skip(tx, skip))
    assert (await steps.reopen(app, session)).questions[0].status == "answered"


async def test_a_question_that_is_not_there_takes_nothing(app: Services) -> None:
    nobody = uuid4()
    draft = SaveDraft(session_question_id=nobody, text="Lost?", elapsed_ms=0)
    answer = SaveAnswer(session_question_id=nobody, text="Lost?", elapsed_ms=0)
    skip = SkipQuestion(session_question_id=nobody, elapsed_ms=0)
    with pytest.raises(NotFoundError):
        await app.database.write(lambda tx: app.answers.save_draft(tx, draft))
    with pytest.raises(NotFoundError):
        await app.database.write(lambda tx: app.answers.insert(tx, answer))
    with pytest.raises(NotFoundError):
        await app.database.write(lambda tx: app.answers.skip(tx, skip))
    with pytest.raises(NotFoundError):
        await app.database.read(lambda tx: app.answers.session_of(tx, nobody))


async def test_an_answer_knows_its_session(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    assert await app.database.read(lambda tx: app.answers.session_of(tx, answer.id)) == session.id
