"""What is written: three of the app's own units of work, as its handlers put them together."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from main_process.database import Transaction
from main_process.services import Services
from main_process.workspace import new_id
from shared_contracts.answers import SaveAnswer, SkipQuestion
from shared_contracts.questions import Question
from tests.benchmarks import dataset
from tests.benchmarks.database.statements import Work

_RECENT = 64
"""A person writes in what is new: as many questions asked as there are callers at once."""
_WORDS = ("database", "index", "cache", "queue", "thread", "socket", "team", "release", "design")


@dataclass(frozen=True, slots=True)
class Kind:
    """`work` makes the next unit of work."""

    name: str
    work: Callable[[], Work]
    has_bars: bool = False


async def kinds(app: Services) -> list[Kind]:
    """From the lightest to the heaviest."""
    chance = random.Random(0)  # noqa: S311  the same each time
    asked = await app.database.read(_newest_questions)
    return [
        Kind("question skipped", lambda: _skip(app, chance, asked), has_bars=True),
        Kind("question added", lambda: _add(app, chance)),
        Kind("answer handed in", lambda: _hand_in(app, chance, asked)),
    ]


def _newest_questions(tx: Transaction) -> list[UUID]:
    rows = tx.execute(
        "SELECT id FROM session_questions ORDER BY owner_id DESC, id DESC LIMIT ?", (_RECENT,)
    )
    return [UUID(bytes=row_id) for (row_id,) in rows]


def _skip(app: Services, chance: random.Random, asked: list[UUID]) -> Work:
    given = SkipQuestion(session_question_id=chance.choice(asked), elapsed_ms=60_000)
    return partial(app.answers.skip, given=given)


def _add(app: Services, chance: random.Random) -> Work:
    question = Question(
        id=new_id(),
        kind="technical",
        topic=chance.choice(dataset.TOPICS),
        difficulty="medium",
        prompt=f"{_text(chance, 14)}?",
        reference_answer=f"{_text(chance, 40)}.",
        key_points=(_text(chance, 8), _text(chance, 8), _text(chance, 8)),
        follow_ups=(_text(chance, 8),),
        tags=("practice",),
    )
    return partial(app.questions.insert, question=question)


def _hand_in(app: Services, chance: random.Random, asked: list[UUID]) -> Work:
    given = SaveAnswer(
        session_question_id=chance.choice(asked), text=f"{_text(chance, 60)}.", elapsed_ms=60_000
    )

    def work(tx: Transaction) -> None:
        answer = app.answers.insert(tx, given)
        app.evaluations.enqueue(tx, answer.id)

    return work


def _text(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()
