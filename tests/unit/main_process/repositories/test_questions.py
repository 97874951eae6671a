"""Questions come in stable pages, and a pick of them is fair."""

from __future__ import annotations

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from main_process.services import Services
from shared_contracts.errors import NotFoundError, ValidationFailedError
from shared_contracts.questions import Question, QuestionFilter, QuestionPage, StarCues
from tests import steps
from tests.factories import make_question

filters = st.builds(
    QuestionFilter,
    topics=st.lists(st.sampled_from(["bread", "people", "ovens", "none"]), max_size=3).map(tuple),
    difficulties=st.lists(st.sampled_from(["easy", "medium", "hard"]), max_size=2).map(tuple),
    kinds=st.lists(st.sampled_from(["technical", "behavioural"]), max_size=2).map(tuple),
    sources=st.lists(st.sampled_from(["bank", "own"]), max_size=2).map(tuple),
    text=st.sampled_from(["", "ABOUT bread", "%", "(1)"]),
)


def matches(question: Question, wanted: QuestionFilter) -> bool:
    """What the filter means, said a second time."""
    choices: list[tuple[object, tuple[object, ...]]] = [
        (question.topic, wanted.topics),
        (question.difficulty, wanted.difficulties),
        (question.kind, wanted.kinds),
        (question.source, wanted.sources),
    ]
    text = wanted.text.lower() in question.prompt.lower()
    return text and all(not options or value in options for value, options in choices)


async def page(
    app: Services, wanted: QuestionFilter, limit: int = 200, after: str | None = None
) -> QuestionPage:
    return await app.database.read(lambda tx: app.questions.page(tx, wanted, limit, after))


async def add(app: Services, question: Question) -> None:
    await app.database.write(lambda tx: app.questions.insert(tx, question))


@settings(max_examples=20)
@given(st.lists(st.tuples(filters, st.integers(1, 12)), max_size=20))
async def test_pages_hold_every_question_that_matches_once(
    fresh_app: steps.OpenApp, wishes: list[tuple[QuestionFilter, int]]
) -> None:
    async with fresh_app() as app:
        await add(app, make_question(topic="bread", source="own"))
        everything = (await page(app, QuestionFilter())).items
        for wanted, limit in wishes:
            first = await page(app, wanted, limit)
            found, after = list(first.items), first.next
            while after is not None:
                following = await page(app, wanted, limit, after)
                assert following.total == first.total
                found += following.items
                after = following.next
            assert found == [question for question in everything if matches(question, wanted)]
            assert first.total == len(found)


async def test_a_question_that_is_added_shifts_no_page(app: Services) -> None:
    everything = (await page(app, QuestionFilter())).items
    first = await page(app, QuestionFilter(), 10)
    await add(app, make_question(id=uuid4(), topic="aardvarks"))
    rest = await page(app, QuestionFilter(), 200, first.next)
    assert first.items + rest.items == everything


async def test_a_question_comes_back_as_it_was_put_in(app: Services) -> None:
    cues = StarCues(situation="Where?", task="What for?", action="What?", result="And then?")
    question = make_question(
        kind="behavioural",
        prompt="<b>Tell me</b> of a time … 🙂 مرحبا",
        key_points=(),
        traits=("patience",),
        star_cues=cues,
        tags=("a", "b-2"),
    )
    await add(app, question)
    assert await app.database.read(lambda tx: app.questions.by_id(tx, question.id)) == question


async def test_a_question_that_is_not_there_is_db007(app: Services) -> None:
    with pytest.raises(NotFoundError):
        await app.database.read(lambda tx: app.questions.by_id(tx, uuid4()))


@pytest.mark.parametrize("cursor", ["", "bread", "bread/x", "/", "bread/" + "0" * 33])
async def test_a_broken_cursor_is_val001(app: Services, cursor: str) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        await page(app, QuestionFilter(), 10, cursor)
    assert caught.value.details["field"] == "after"


@settings(max_examples=20)
@given(filters, st.integers(1, 30))
async def test_a_pick_takes_different_questions_from_the_topics_in_turn(
    fresh_app: steps.OpenApp, wanted: QuestionFilter, count: int
) -> None:
    async with fresh_app() as app:
        total = (await page(app, wanted)).total
        picked = await app.database.read(lambda tx: app.questions.pick(tx, wanted, count))
    assert len(picked) == min(count, total)
    assert len({question.id for question in picked}) == len(picked)
    assert all(matches(question, wanted) for question in picked)
    # The bank has equally many of each topic, so that none gets ahead of another by two.
    per_topic = Counter(question.topic for question in picked).values()
    assert not per_topic or max(per_topic) - min(per_topic) <= 1


async def test_no_question_is_asked_again_before_all_others_were(app: Services) -> None:
    wanted = QuestionFilter(topics=("ovens",))
    asked = []
    for _ in range(3):
        questions = await app.database.read(lambda tx: app.questions.pick(tx, wanted, 3))
        asked += [question.id for question in questions]
        insert = partial(app.sessions.insert, title="", setup=steps.SETUP, questions=questions)
        await app.database.write(insert)
    assert len(set(asked)) == (await page(app, wanted)).total == 9
    again = await app.database.read(lambda tx: app.questions.pick(tx, wanted, 3))
    assert {question.id for question in again} == set(asked[:3])


async def test_topics_are_counted(app: Services) -> None:
    await add(app, make_question(topic="yeast"))
    counts = await app.database.read(app.questions.count_by_topic)
    assert counts == {"bread": 9, "people": 9, "ovens": 9, "yeast": 1}
