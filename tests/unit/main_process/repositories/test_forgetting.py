"""Merging goes on in steps until nothing is left, and names no table but an index."""

from __future__ import annotations

import pytest

from main_process.database import Transaction
from main_process.repositories import forgetting
from main_process.services import Services
from tests import steps


async def test_steps_come_to_an_end(app: Services) -> None:
    session = await steps.start(app, question_count=5)
    for question in session.questions:
        await steps.answer(app, question)

    def work(tx: Transaction) -> list[bool]:
        tx.execute("DELETE FROM answers WHERE session_question_id <> ?", (b"",))
        going = [forgetting.merge(tx, "answer_words", first=True)]
        while going[-1]:
            going.append(forgetting.merge(tx, "answer_words", first=False))
        return going

    assert (await app.database.write(work))[-1] is False


async def test_no_other_table_is_merged(app: Services) -> None:
    with pytest.raises(ValueError, match="not a full-text index"):
        await app.database.write(lambda tx: forgetting.merge(tx, "answers", first=True))
