"""Questions come in stable pages, and a pick of them is fair."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from main_process.database import Transaction
from main_process.services import Services
from shared_contracts.contract import Count
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
    text=st.sampled_from(["", "ABOUT bread", "peo", "easy 1 ", '"is hard"', "data", "%", "1 1"]),
)


def matches(question: Question, wanted: QuestionFilter) -> bool:
    """What the filter means, said a second time."""
    choices: list[tuple[object, tuple[object, ...]]] = [
        (question.topic, wanted.topics),
        (question.difficulty, wanted.difficulties),
        (question.kind, wanted.kinds),
        (question.source, wanted.sources),
    ]
    fits = all(not options or value in options for value, options in choices)
    return fits and (not wanted.text or has_words(question, wanted.text))


def has_words(question: Question, text: str) -> bool:
    """Whether prompt or tags have the words of one of the texts above, the last perhaps begun."""
    there = re.findall(r"\w+", f"{question.prompt} {question.tags}".lower())
    *others, last = re.findall(r"\w+", text.lower()) or [text]
    if '"' in text:
        return " ".join([*others, last]) in " ".join(there)
    begun = len(last) > 1 and not text.endswith(" ")
    return set(others) <= set(there) and any(
        word == last or (begun and word.startswith(last)) for word in there
    )


async def page(
    app: Services, wanted: QuestionFilter, limit: int = 200, after: str | None = None
) -> QuestionPage:
    return await app.database.read(lambda tx: app.questions.page(tx, wanted, limit, after))


async def count(app: Services, wanted: QuestionFilter) -> Count:
    return await app.database.read(lambda tx: app.questions.count(tx, wanted))


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
                found += following.items
                after = following.next
            expected = [question for question in everything if matches(question, wanted)]
            if wanted.text:
                found.sort(key=everything.index)
            assert found == expected
            assert await count(app, wanted) == Count(number=len(expected))


@pytest.mark.parametrize("wanted", [QuestionFilter(), QuestionFilter(text="bread")])
async def test_pages_stay_as_they_are_while_questions_come(
    app: Services, wanted: QuestionFilter
) -> None:
    before = (await page(app, wanted)).items
    first = await page(app, wanted, 3)
    found, after = list(first.items), first.next
    while after is not None:
        await add(app, make_question(id=uuid4(), topic="aardvarks", prompt="Bread, bread, bread?"))
        following = await page(app, wanted, 2, after)
        found += following.items
        after = following.next
    assert tuple(found) == before


@pytest.mark.parametrize(
    ("text", "passages"), [("brea", ["bread"]), ('"easy about"', ["easy about"]), ("grain", [])]
)
async def test_what_was_found_is_pointed_at(app: Services, text: str, passages: list[str]) -> None:
    await add(
        app, make_question(topic="bread", prompt="What is easy about bread?", tags=("grain",))
    )
    found = await page(app, QuestionFilter(text=text))
    assert len(found.marks) == len(found.items) > 0
    for question, marks in zip(found.items, found.marks, strict=True):
        assert [question.prompt[mark.start : mark.end] for mark in marks] == passages


@pytest.mark.parametrize("text", ["🙂", "?!", '"', "\x00"])
async def test_a_text_without_a_word_finds_nothing(app: Services, text: str) -> None:
    assert (await page(app, QuestionFilter(text=text))).items == ()
    assert await count(app, QuestionFilter(text=text)) == Count(number=0)


async def test_a_filter_is_no_word_that_can_be_looked_for(app: Services) -> None:
    for text in ("kindtechnical", "\ue000kindtechnical", "topicbread", "technical"):
        assert (await page(app, QuestionFilter(text=text))).items == ()


async def test_a_topic_is_found_as_a_whole(app: Services) -> None:
    await add(app, make_question(topic="white-bread", prompt="What is white about it?"))
    for topic, number in (("white-bread", 1), ("white", 0), ("bread", 0), ("whitebread", 0)):
        assert await count(app, QuestionFilter(topics=(topic,), text="white")) == Count(
            number=number
        )


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


@pytest.mark.parametrize("cursor", ["", "bread", "kaVicmVhZA", "é", "AAAA"])
async def test_a_broken_cursor_is_val001(app: Services, cursor: str) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        await page(app, QuestionFilter(), 10, cursor)
    assert caught.value.details["field"] == "after"


async def test_topics_are_counted(app: Services) -> None:
    await add(app, make_question(topic="yeast"))
    counts = await app.database.read(app.questions.count_by_topic)
    numbers = {topic: count.number for topic, count in counts.items()}
    assert numbers == {"bread": 9, "people": 9, "ovens": 9, "yeast": 1}


async def test_a_topic_is_counted_up_to_a_thousand(app: Services) -> None:
    def work(tx: Transaction) -> None:
        for number in range(1_001):
            app.questions.insert(tx, make_question(id=UUID(int=number), topic="yeast"))

    await app.database.write(work)
    counts = await app.database.read(app.questions.count_by_topic)
    assert counts["yeast"] == Count(number=1_000, more=True)
    assert counts["bread"] == Count(number=9, more=False)
