"""The repositories together, compared with what a plain dict would keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from main_process.database import Transaction
from main_process.handlers.sessions import open_session
from main_process.services import Services
from shared_contracts.answers import SaveAnswer, SaveDraft, SkipQuestion
from shared_contracts.errors import ConflictError, NotFoundError
from shared_contracts.sessions import SaveSession, SessionSetup
from tests import steps
from tests.factories import EVERYTHING_SEEN


@dataclass
class Model:
    """What a dict would keep of an interview with two questions."""

    title: str
    revision: int = 1
    deleted: bool = False
    answers: tuple[list[str], list[str]] = field(default_factory=lambda: ([], []))
    drafts: list[str | None] = field(default_factory=lambda: [None, None])
    statuses: list[str] = field(default_factory=lambda: ["open", "open"])


PLACE = st.integers(0, 1)
WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
CHANGES = st.lists(
    st.one_of(
        st.just(("start",)),
        st.tuples(st.just("rename"), PLACE, WORD),
        st.tuples(st.just("rename late"), PLACE, WORD),
        st.tuples(st.sampled_from(["delete", "restore", "purge"]), PLACE),
        st.tuples(st.sampled_from(["answer", "draft"]), PLACE, st.integers(0, 1), WORD),
        st.tuples(st.just("skip"), PLACE, st.integers(0, 1)),
    ),
    min_size=10,
    max_size=40,
)


@examples(max_examples=25)
@given(changes=CHANGES)
async def test_the_repositories_keep_what_a_dict_would(
    fresh_app: steps.OpenApp, changes: list[tuple[Any, ...]]
) -> None:
    """Any sequence of changes leaves what the same sequence leaves in a dict."""
    async with fresh_app() as app:
        models: dict[UUID, Model] = {}
        for change in [("start",), ("start",), *changes]:
            await app.database.write(partial(play, app, models, change))
        await app.database.read(partial(compare, app, models))


def play(
    app: Services, models: dict[UUID, Model], change: tuple[Any, ...], tx: Transaction
) -> None:
    match change:
        case ("start",):
            questions = app.questions.pick(tx, SessionSetup(question_count=2))
            models[app.sessions.insert(tx, "Bread", SessionSetup(), questions)] = Model("Bread")
            return
        case ("purge", _):
            gone = [session_id for session_id, model in models.items() if model.deleted]
            assert app.sessions.purge_deleted(tx) == len(gone)
            for session_id in gone:
                del models[session_id]
            return
    if change[1] < len(models):
        session_id = sorted(models, key=lambda each: each.bytes)[change[1]]
        change_one(app, tx, (session_id, models[session_id]), change)


def change_one(
    app: Services, tx: Transaction, one: tuple[UUID, Model], change: tuple[Any, ...]
) -> None:
    session_id, model = one
    match change:
        case ("rename", _, title):
            app.sessions.save(
                tx, SaveSession(session_id=session_id, revision=model.revision, title=title)
            )
            model.title, model.revision = title, model.revision + 1
        case ("rename late", _, title):
            late = SaveSession(session_id=session_id, revision=model.revision + 1, title=title)
            with pytest.raises(ConflictError):
                app.sessions.save(tx, late)
        case ("delete" | "restore" as how, _):
            app.sessions.set_deleted(tx, session_id, deleted=how == "delete")
            model.deleted, model.revision = how == "delete", model.revision + 1
        case (how, _, place, *text):
            question = question_ids(tx, session_id)[place]
            write_on(app, tx, question, (how, *text))
            note_on(model, place, (how, *text))


def write_on(app: Services, tx: Transaction, question: UUID, what: tuple[str, ...]) -> None:
    match what:
        case ("answer", text):
            app.answers.insert(
                tx, SaveAnswer(session_question_id=question, text=text, elapsed_ms=1)
            )
        case ("draft", text):
            app.answers.save_draft(
                tx,
                SaveDraft(
                    session_question_id=question, text=text, elapsed_ms=1, seen_at=EVERYTHING_SEEN
                ),
            )
        case _:
            app.answers.skip(tx, SkipQuestion(session_question_id=question, elapsed_ms=1))


def note_on(model: Model, place: int, what: tuple[str, ...]) -> None:
    match what:
        case ("answer", text):
            model.answers[place].append(text)
            model.statuses[place], model.drafts[place] = "answered", None
        case ("draft", text):
            model.drafts[place] = text
        case _:
            model.statuses[place] = "answered" if model.answers[place] else "skipped"


def question_ids(tx: Transaction, session_id: UUID) -> list[UUID]:
    rows = tx.execute(
        "SELECT id FROM session_questions WHERE session_id = ? ORDER BY position",
        (session_id.bytes,),
    )
    return [UUID(bytes=row_id) for (row_id,) in rows]


def compare(app: Services, models: dict[UUID, Model], tx: Transaction) -> None:
    live = {session_id: model for session_id, model in models.items() if not model.deleted}
    shown = app.sessions.history(tx, 200, None).items
    assert [(one.id, one.title, one.revision) for one in shown] == [
        (session_id, live[session_id].title, live[session_id].revision)
        for session_id in sorted(live, key=lambda each: each.bytes, reverse=True)
    ]
    for session_id, model in live.items():
        asked = open_session(app, tx, session_id).questions
        assert tuple([answer.text for answer in one.answers] for one in asked) == model.answers
        assert [one.draft for one in asked] == model.drafts
        assert [one.status for one in asked] == model.statuses
    for session_id in models.keys() - live.keys():
        with pytest.raises(NotFoundError):
            open_session(app, tx, session_id)
