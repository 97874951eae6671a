"""`db:questions:*` and `db:catalogue:get`."""

from __future__ import annotations

import msgspec

from main_process.database import Transaction
from main_process.services import Services
from main_process.workspace import new_id
from shared_contracts.contract import Count
from shared_contracts.errors import ValidationFailedError
from shared_contracts.questions import (
    Catalogue,
    CreateQuestion,
    GetCatalogue,
    GetQuestions,
    Question,
    QuestionPage,
    Topic,
)


async def get(app: Services, request: GetQuestions) -> QuestionPage:
    """A page of the questions that match, and how many those are, if that is asked for."""

    def work(tx: Transaction) -> QuestionPage:
        page = app.questions.page(tx, request.filter, request.limit, request.after)
        if page.total or not request.count:
            return page
        return msgspec.structs.replace(page, total=app.questions.count(tx, request.filter))

    return await app.database.read(work)


async def create(app: Services, request: CreateQuestion) -> Question:
    """Add a question of the person's own."""
    if not request.prompt.strip():
        raise ValidationFailedError(
            "The question is empty.", details={"field": "prompt", "reason": "it is empty"}
        )
    question = Question(id=new_id(), **msgspec.structs.asdict(request))
    await app.database.write(lambda tx: app.questions.insert(tx, question))
    return question


async def catalogue(app: Services, _: GetCatalogue) -> Catalogue:
    """All roles and topics, with the number of questions at hand."""
    counts = await app.database.read(app.questions.count_by_topic)
    shipped = [
        msgspec.structs.replace(topic, questions=counts.pop(topic.id, Count(number=0)))
        for topic in app.bank.topics
    ]
    own = [
        Topic(
            id=name, title=name.replace("-", " ").capitalize(), description="Your own.", questions=n
        )
        for name, n in counts.items()
    ]
    return Catalogue(roles=app.bank.roles, topics=(*shipped, *own))
