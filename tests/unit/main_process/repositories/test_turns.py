"""A pick is fair: topics take turns, what was never asked comes first, then the least recent."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from main_process.database import Transaction
from main_process.services import Services
from shared_contracts.questions import Question
from shared_contracts.sessions import SessionSetup
from tests import steps
from tests.factories import make_question

setups = st.builds(
    SessionSetup,
    topics=st.lists(st.sampled_from(["bread", "people", "ovens", "none"]), max_size=3).map(tuple),
    difficulties=st.lists(st.sampled_from(["easy", "medium", "hard"]), max_size=2).map(tuple),
    question_count=st.integers(1, 30),
)


async def pick(app: Services, setup: SessionSetup) -> list[Question]:
    return await app.database.read(lambda tx: app.questions.pick(tx, setup))


async def ask(app: Services, questions: list[Question]) -> UUID:
    insert = partial(app.sessions.insert, title="", setup=steps.SETUP, questions=questions)
    return await app.database.write(insert)


def fits(question: Question, setup: SessionSetup) -> bool:
    """What the setup means."""
    return (not setup.topics or question.topic in setup.topics) and (
        not setup.difficulties or question.difficulty in setup.difficulties
    )


@settings(max_examples=20)
@given(setups)
async def test_a_pick_takes_different_questions_from_the_topics_in_turn(
    fresh_app: steps.OpenApp, setup: SessionSetup
) -> None:
    async with fresh_app() as app:
        total = sum(fits(question, setup) for question in app.bank.questions)
        picked = await pick(app, setup)
    assert len(picked) == min(setup.question_count, total)
    assert len({question.id for question in picked}) == len(picked)
    assert all(fits(question, setup) for question in picked)
    # The bank has equally many of each topic, so that none gets ahead of another by two.
    per_topic = Counter(question.topic for question in picked).values()
    assert not per_topic or max(per_topic) - min(per_topic) <= 1


async def test_the_topics_that_were_named_first_come_first(app: Services) -> None:
    for topics in (("ovens", "bread"), ("bread", "people")):
        (question,) = await pick(app, SessionSetup(topics=topics, question_count=1))
        assert question.topic == topics[0]


async def test_no_question_is_asked_again_before_all_others_were(app: Services) -> None:
    setup = SessionSetup(topics=("ovens",), question_count=3)
    asked: list[UUID] = []
    for _ in range(3):
        questions = await pick(app, setup)
        asked += [question.id for question in questions]
        await ask(app, questions)
    assert len(set(asked)) == 9
    again = await pick(app, setup)
    assert {question.id for question in again} == set(asked[:3])


async def test_what_was_asked_only_in_a_purged_interview_was_never_asked(app: Services) -> None:
    setup = SessionSetup(topics=("ovens",), question_count=8)
    first = await pick(app, setup)
    session_id = await ask(app, first)
    await ask(app, first[:2])
    await app.database.write(lambda tx: app.sessions.set_deleted(tx, session_id, deleted=True))
    await app.database.write(app.sessions.purge_deleted)
    picked = await pick(app, SessionSetup(topics=("ovens",), question_count=7))
    assert {q.id for q in picked}.isdisjoint({q.id for q in first[:2]})


async def test_chance_decides_among_what_was_never_asked(
    app: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From each lot that can be drawn another question is the first, and each can be."""
    ids = [uuid4() for _ in range(4)]

    def work(tx: Transaction) -> None:
        for number, question_id in enumerate(ids):
            app.questions.insert(tx, make_question(id=question_id, topic="yeast"))
            tx.execute(
                "UPDATE question_index SET lot = ? WHERE question_id = ?",
                (number * 10, question_id.bytes),
            )

    await app.database.write(work)
    firsts = []
    for lot in (0, 1, 11, 21, 31):
        monkeypatch.setattr(random, "randrange", lambda _, lot=lot: lot)
        (question,) = await pick(app, SessionSetup(topics=("yeast",), question_count=1))
        firsts.append(ids.index(question.id))
    assert firsts == [0, 1, 2, 3, 0]
