"""The shipped questions are whole; a broken one is named; an upgrade leaves the person's alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import pytest

from main_process.database import Transaction
from main_process.handlers import questions
from main_process.question_bank import (
    BANK_FOLDER,
    Bank,
    digest,
    import_bank,
    load,
    shipped_id,
)
from main_process.services import Services
from shared_contracts.questions import Question
from tests.factories import make_own_question, make_question

WHOLE = """
topic = "bread"
title = "Bread"
description = "Flour and time."

[[questions]]
id = "bread-crust"
kind = "technical"
difficulty = "easy"
prompt = "What makes a crust?"
reference_answer = "Heat and steam."
key_points = ["Steam keeps it soft at first."]
follow_ups = []
tags = ["ovens"]

[[questions]]
id = "bread-patience"
kind = "behavioural"
difficulty = "hard"
prompt = "Tell me about a dough that would not rise."
reference_answer = "It was cold, and I waited."
traits = ["patience"]
star_cues = { situation = "Where?", task = "What for?", action = "What?", result = "And then?" }
follow_ups = []
tags = []
"""
ROLES = '[[roles]]\nid = "baker"\ntitle = "Baker"\ndescription = "Bread."\ntopics = ["bread"]\n'
WriteBank = Callable[[str | bytes], Path]


@pytest.fixture(scope="module")
def shipped() -> Bank:
    return load()


@pytest.fixture
def write_bank(tmp_path: Path) -> WriteBank:
    """Makes a bank of one file of questions and one of roles."""

    def write(text: str | bytes) -> Path:
        folder = tmp_path / "bank"
        folder.mkdir(exist_ok=True)
        (folder / "roles.toml").write_text(ROLES)
        (folder / "bread.toml").write_bytes(text.encode() if isinstance(text, str) else text)
        return folder

    return write


class TestShippedBank:
    """The files in `main_process/bank`."""

    def test_nothing_in_it_is_broken(self, shipped: Bank) -> None:
        assert shipped.problems == ()

    def test_it_is_large_enough(self, shipped: Bank) -> None:
        assert len(shipped.questions) >= 150
        assert len(shipped.topics) >= 6
        assert len(shipped.roles) >= 6
        per_topic = Counter(question.topic for question in shipped.questions)
        assert per_topic.keys() == {topic.id for topic in shipped.topics}
        assert min(per_topic.values()) >= 10

    def test_every_topic_has_every_difficulty(self, shipped: Bank) -> None:
        found = {(question.topic, question.difficulty) for question in shipped.questions}
        assert found == {(t.id, d) for t in shipped.topics for d in ("easy", "medium", "hard")}

    def test_roles_and_topics_belong_together(self, shipped: Bank) -> None:
        topics = {topic.id for topic in shipped.topics}
        assert {topic for role in shipped.roles for topic in role.topics} == topics
        for things in (shipped.roles, shipped.topics):
            assert len({thing.title for thing in things}) == len(things)

    def test_file_and_topic_have_one_name(self, shipped: Bank) -> None:
        files = {path.stem for path in BANK_FOLDER.glob("*.toml")} - {"roles"}
        assert files == {topic.id for topic in shipped.topics}

    def test_no_question_is_asked_twice(self, shipped: Bank) -> None:
        prompts = Counter(question.prompt.casefold() for question in shipped.questions)
        assert max(prompts.values()) == 1

    def test_every_question_says_what_a_strong_answer_contains(self, shipped: Bank) -> None:
        lacking = [question.prompt for question in shipped.questions if not is_whole(question)]
        assert lacking == []

    def test_no_text_has_space_around_it_or_is_left_to_be_written(self, shipped: Bank) -> None:
        for question in shipped.questions:
            cues = msgspec.structs.astuple(question.star_cues) if question.star_cues else ()
            texts = (question.prompt, question.reference_answer, *question.key_points)
            for text in (*texts, *question.traits, *question.follow_ups, *cues):
                assert text == text.strip() != ""
                assert not {"todo", "tbd", "lorem", "xxx"} & set(text.casefold().split())

    def test_each_is_valid_as_it_travels(self, shipped: Bank) -> None:
        sent = msgspec.json.encode(shipped.questions)
        assert msgspec.json.decode(sent, type=tuple[Question, ...]) == shipped.questions


def is_whole(question: Question) -> bool:
    """The rules for a shipped question of its kind."""
    both = [
        len(question.reference_answer.split()) >= 60,
        1 <= len(question.follow_ups) <= 2,
        1 <= len(question.tags) <= 5,
        len(set(question.tags)) == len(question.tags),
        question.source == "bank",
    ]
    if question.kind == "technical":
        points = question.key_points
        own = [3 <= len(points) <= 6, len(set(points)) == len(points), not question.traits]
    else:
        own = [2 <= len(question.traits) <= 5, bool(question.star_cues), not question.key_points]
    return all(both + own)


class TestReading:
    """Each problem names file, entry and field; all the rest is there."""

    def test_a_whole_file_is_read(self, write_bank: WriteBank) -> None:
        bank = load(write_bank(WHOLE))
        assert bank.problems == ()
        assert [question.id for question in bank.questions] == [
            shipped_id("bread-crust"),
            shipped_id("bread-patience"),
        ]
        assert [role.id for role in bank.roles] == ["baker"]
        assert [topic.title for topic in bank.topics] == ["Bread"]

    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [
            ('difficulty = "easy"\n', "", "difficulty"),
            ('difficulty = "easy"', 'difficulty = "tricky"', "difficulty"),
            ('difficulty = "easy"', "difficulty = 3", "difficulty"),
            ('prompt = "What makes a crust?"', 'prompt = "        "', "prompt"),
            ('prompt = "What makes a crust?"', 'prompt = "Why?"', "prompt"),
            ('prompt = "What makes a crust?"', 'prompt = ["What makes a crust?"]', "prompt"),
            ('["Steam keeps it soft at first."]', "[]", "key_points"),
            ('["Steam keeps it soft at first."]', '["ok point", 4]', "key_points[1]"),
            ('tags = ["ovens"]', 'tags = ["Ovens!"]', "tags[0]"),
            ('tags = ["ovens"]', 'colour = "brown"\ntags = []', "colour"),
        ],
    )
    def test_a_broken_entry_is_named_and_left_out(
        self, write_bank: WriteBank, old: str, new: str, field: str
    ) -> None:
        bank = load(write_bank(WHOLE.replace(old, new, 1)))
        assert [question.id for question in bank.questions] == [shipped_id("bread-patience")]
        (problem,) = bank.problems
        assert (problem.code, problem.details["file"]) == ("BANK001", "bread.toml")
        assert problem.details["entry"] == "bread-crust"
        assert field in problem.details["reason"]
        for word in ("bread.toml", "bread-crust", field):
            assert word in problem.message

    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [
            ('traits = ["patience"]\n', "", "traits"),
            ('star_cues = { situation = "Where?", task', "star_cues = { task", "situation"),
        ],
    )
    def test_a_behavioural_entry_needs_traits_and_cues(
        self, write_bank: WriteBank, old: str, new: str, field: str
    ) -> None:
        (problem,) = load(write_bank(WHOLE.replace(old, new))).problems
        assert problem.details["entry"] == "bread-patience"
        assert field in problem.details["reason"]

    @pytest.mark.parametrize("line", ["", 'id = ""', "id = 7", "id = []"])
    def test_an_entry_without_a_name_is_named_by_its_number(
        self, write_bank: WriteBank, line: str
    ) -> None:
        bank = load(write_bank(WHOLE.replace('id = "bread-crust"', line)))
        (problem,) = bank.problems
        assert problem.details["entry"] in {"number 1", 7}
        assert len(bank.questions) == 1

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            (WHOLE.replace("]]", "]", 1), "line 6"),
            (b"\xff\xfe" + WHOLE.encode("utf-16-le"), "utf-8"),
            (WHOLE.encode().replace(b"crust?", b"cr\xfbst?"), "utf-8"),
            (WHOLE.replace('topic = "bread"', ""), "`topic`"),
            (WHOLE.replace('title = "Bread"', "title = 4"), "$.title"),
            ("", "`topic`"),
        ],
    )
    def test_a_broken_file_is_named_and_the_others_are_read(
        self, write_bank: WriteBank, text: str | bytes, reason: str
    ) -> None:
        bank = load(write_bank(text))
        (problem,) = bank.problems
        assert problem.details["file"] == "bread.toml"
        assert reason in problem.details["reason"]
        assert bank.questions == ()
        assert len(bank.roles) == 1

    def test_a_broken_role_is_named(self, write_bank: WriteBank) -> None:
        folder = write_bank(WHOLE)
        (folder / "roles.toml").write_text(ROLES.replace('["bread"]', "[]"))
        bank = load(folder)
        (problem,) = bank.problems
        assert problem.details["file"] == "roles.toml"
        assert "$.roles[0].topics" in problem.details["reason"]
        assert len(bank.questions) == 2

    def test_an_id_that_was_used_before_is_a_problem_of_the_later_one(
        self, write_bank: WriteBank
    ) -> None:
        folder = write_bank(WHOLE)
        again = WHOLE.replace('topic = "bread"', 'topic = "cake"').replace("patience", "cream")
        (folder / "cake.toml").write_text(again)
        bank = load(folder)
        (problem,) = bank.problems
        assert problem.details["file"] == "cake.toml"
        assert problem.details["entry"] == "bread-crust"
        assert "`id`" in problem.details["reason"]
        assert [question.topic for question in bank.questions] == ["bread", "bread", "cake"]

    def test_a_folder_that_is_missing_is_an_empty_bank(self, tmp_path: Path) -> None:
        assert load(tmp_path / "none").questions == ()


class TestImport:
    """What an upgrade does to the questions in the database."""

    async def test_the_same_bank_again_writes_nothing(self, app: Services) -> None:
        assert await bring_in(app, app.bank.questions) == 0

    async def test_an_untouched_question_gets_its_new_text(self, app: Services) -> None:
        old, *rest = app.bank.questions
        new = msgspec.structs.replace(old, prompt="The same, asked better?", difficulty="hard")
        assert await bring_in(app, (new, *rest)) == 1
        stored = await stored_as(app, new)
        assert stored == msgspec.structs.replace(new, revision=2)
        assert await bring_in(app, (new, *rest)) == 0
        assert await bring_in(app, (old, *rest)) == 1

    async def test_a_question_that_the_person_changed_is_theirs(self, app: Services) -> None:
        old, *_ = app.bank.questions
        await change(app, old, "UPDATE questions SET prompt = 'My own wording' WHERE id = ?")
        assert await bring_in(app, (msgspec.structs.replace(old, prompt="A newer wording"),)) == 0
        assert (await stored_as(app, old)).prompt == "My own wording"

    async def test_a_question_that_the_person_deleted_stays_deleted(self, app: Services) -> None:
        old, *_ = app.bank.questions
        await change(app, old, "UPDATE questions SET deleted_at = 1 WHERE id = ?")
        assert await bring_in(app, (msgspec.structs.replace(old, prompt="A newer wording"),)) == 0

    async def test_own_questions_are_left_alone(self, app: Services) -> None:
        own = await questions.create(app, make_own_question(topic="bread"))
        new = [msgspec.structs.replace(q, prompt=f"{q.prompt}!") for q in app.bank.questions]
        assert await bring_in(app, new) == len(new)
        assert await stored_as(app, own) == own

    async def test_a_new_question_is_added_and_one_no_longer_shipped_stays(
        self, app: Services
    ) -> None:
        new = make_question()
        assert await bring_in(app, (new,)) == 1
        assert await stored_as(app, new) == new
        assert await stored_as(app, app.bank.questions[0]) == app.bank.questions[0]


async def bring_in(app: Services, bank: tuple[Question, ...] | list[Question]) -> int:
    return await app.database.write(partial(import_bank, repository=app.questions, bank=bank))


async def stored_as(app: Services, question: Question) -> Question:
    return await app.database.read(lambda tx: app.questions.by_id(tx, question.id))


async def change(app: Services, question: Question, statement: str) -> None:
    def work(tx: Transaction) -> None:
        tx.execute(statement, (question.id.bytes,))

    await app.database.write(work)


def test_a_digest_tells_every_part_of_the_content_and_nothing_else() -> None:
    question = make_question()
    same = msgspec.structs.replace(question, source="own", revision=9)
    assert digest(same) == digest(question)
    for field, value in {
        "prompt": "Another prompt?",
        "topic": "other",
        "key_points": (),
        "follow_ups": (),
        "tags": (),
        "traits": ("calm",),
        "reference_answer": "",
    }.items():
        assert digest(msgspec.structs.replace(question, **{field: value})) != digest(question)


def test_a_shipped_id_is_the_same_on_every_device() -> None:
    assert str(shipped_id("bread-crust")) == "d0be13c4-060b-57cd-99ca-beb352cfc894"
    assert shipped_id("bread-crust") != shipped_id("bread-crumb")
