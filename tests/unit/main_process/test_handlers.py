"""The table of handlers answers every channel, each once."""

from __future__ import annotations

from collections import Counter

from main_process.handlers import ROUTES, answers, on, questions, sessions, settings
from main_process.services import Services
from shared_contracts.answers import SearchAnswers, SkipQuestion
from shared_contracts.channels import CATALOGUE_GET, CHANNELS
from shared_contracts.questions import GetCatalogue, GetQuestions, QuestionFilter
from shared_contracts.sessions import (
    DeleteSession,
    GetHistory,
    InterviewSession,
    RestoreSession,
    SaveSession,
)
from shared_contracts.settings import GetSettings
from tests import steps
from tests.factories import make_evaluation, make_own_question
from tests.query_plans import watched

FILTERS = (
    QuestionFilter(),
    QuestionFilter(topics=("bread", "ovens")),
    QuestionFilter(topics=("bread",), kinds=("technical",), difficulties=("hard",)),
    QuestionFilter(text="what is"),
    QuestionFilter(text="easy", topics=("ovens",)),
)
WALKS_TO_AN_END = "ix_question_index_turn (owner_id=?)"
"""The least topic is the first of the index."""


async def go_through_an_interview(app: Services) -> InterviewSession:
    """Everything that is written in one."""
    session = await steps.start(app, question_count=30)
    last = session.questions[-1]
    for question in session.questions:
        await steps.draft(app, question)
        answer = await steps.answer(app, question, "Bread rises because of the yeast.")
        await steps.evaluate(app, answer.id, make_evaluation())
    await answers.skip(app, SkipQuestion(session_question_id=last.id, elapsed_ms=1))
    return await sessions.save(
        app, SaveSession(session_id=session.id, status="finished", revision=session.revision)
    )


def test_every_channel_has_one_handler() -> None:
    assert Counter(channel.name for channel, _ in ROUTES) == Counter(CHANNELS.keys())


def test_a_line_of_the_table_is_a_channel_and_its_handler() -> None:
    assert on(CATALOGUE_GET, questions.catalogue) == (CATALOGUE_GET, questions.catalogue)


async def test_nothing_that_the_page_asks_or_writes_goes_through_all_rows(app: Services) -> None:
    with watched(app.database) as walks:
        await questions.create(app, make_own_question())
        session = await go_through_an_interview(app)
        await steps.reopen(app, session)
        await app.database.write(app.evaluations.claim_next)
        await app.database.read(app.evaluations.waiting)
        await sessions.history(app, GetHistory())
        await sessions.delete(app, DeleteSession(session_id=session.id))
        await sessions.restore(app, RestoreSession(session_id=session.id))
        await questions.catalogue(app, GetCatalogue())
        await settings.get(app, GetSettings())
        for wanted in FILTERS:
            page = await questions.get(app, GetQuestions(filter=wanted, limit=1, count=True))
            await questions.get(app, GetQuestions(filter=wanted, after=page.next))
        found = await answers.search(app, SearchAnswers(text="yeast"))
        assert found.items
    assert [step for step in walks if WALKS_TO_AN_END not in step] == []
