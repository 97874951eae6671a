"""Questions can be looked through and added to, and the catalogue counts them."""

from __future__ import annotations

import pytest

from main_process.handlers import questions
from main_process.services import Services
from shared_contracts.contract import Count
from shared_contracts.errors import ValidationFailedError
from shared_contracts.questions import GetCatalogue, GetQuestions, QuestionFilter
from tests.factories import make_own_question


async def test_an_own_question_is_found_with_the_others(app: Services) -> None:
    own = await questions.create(app, make_own_question(topic="bread", tags=("trees",)))
    assert (own.source, own.revision) == ("own", 1)
    wanted = QuestionFilter(topics=("bread",), sources=("own",))
    page = await questions.get(app, GetQuestions(filter=wanted, count=True))
    assert (page.items, page.total, page.next) == ((own,), Count(number=1), None)


async def test_what_is_not_asked_for_is_not_counted(app: Services) -> None:
    assert (await questions.get(app, GetQuestions())).total is None


async def test_a_blank_question_is_val001(app: Services) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        await questions.create(app, make_own_question(prompt=" " * 20))
    assert caught.value.details["field"] == "prompt"


async def test_the_catalogue_counts_shipped_and_own_questions(app: Services) -> None:
    await questions.create(app, make_own_question(topic="bread"))
    await questions.create(app, make_own_question(topic="apple-trees"))
    catalogue = await questions.catalogue(app, GetCatalogue())
    assert catalogue.roles == app.bank.roles
    counts = {topic.id: topic.questions.number for topic in catalogue.topics}
    assert counts == {"bread": 10, "people": 9, "ovens": 9, "apple-trees": 1}
    assert catalogue.topics[-1].title == "Apple trees"
