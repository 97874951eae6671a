"""Whatever is done to the rows, the indexes hold exactly what is in them, and their turns too."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from main_process.database.migrate import migrate

OWNER = bytes(16)
WORDS = ("index", "cache", "queue", "lock", "zebra")
SETTINGS = ("PRAGMA foreign_keys = ON", "PRAGMA secure_delete = ON")

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
ids = st.integers(1, 3)
changes = st.one_of(
    st.tuples(st.just("add_question"), ids, texts),
    st.tuples(st.just("edit_question"), ids, texts),
    st.tuples(st.just("hide_question"), ids, st.none()),
    st.tuples(st.just("show_question"), ids, st.none()),
    st.tuples(st.just("drop_question"), ids, st.none()),
    st.tuples(st.just("add_session"), ids, st.none()),
    st.tuples(st.just("hide_session"), ids, st.none()),
    st.tuples(st.just("show_session"), ids, st.none()),
    st.tuples(st.just("drop_session"), ids, st.none()),
    st.tuples(st.just("ask"), ids, ids),
    st.tuples(st.just("answer"), ids, texts),
    st.tuples(st.just("edit_answer"), ids, texts),
    st.tuples(st.just("vacuum"), st.none(), st.none()),
    st.tuples(st.just("rebuild"), st.none(), st.none()),
)


class Life:
    """A database, and the changes that can happen to it, said in plain SQL."""

    def __init__(self, tx: sqlite3.Connection) -> None:
        self.tx = tx
        self._made = 100

    def begin(self) -> None:
        """Some of everything."""
        for number, text in enumerate(("index cache", "queue", "lock cache cache"), 1):
            self.add_question(number, text)
            self.add_session(number, None)
            self.ask(number, number)
            self.answer(number, text)

    def _new(self) -> bytes:
        self._made += 1
        return self._made.to_bytes(16)

    def add_question(self, number: int, text: str) -> None:
        self.tx.execute(
            "INSERT OR IGNORE INTO questions VALUES (?, ?, 'own', NULL, 'technical', ?, 'easy', ?,"
            " '', '[]', '[]', NULL, '[]', '[\"tag\"]', 0, 0, 1, NULL)",
            (OWNER, number.to_bytes(16), f"topic-{number % 2}", text),
        )

    def edit_question(self, number: int, text: str) -> None:
        self.tx.execute(
            "UPDATE questions SET prompt = ?, topic = 'other', revision = revision + 1"
            " WHERE id = ?",
            (text, number.to_bytes(16)),
        )

    def hide_question(self, number: int, _: None) -> None:
        self.tx.execute("UPDATE questions SET deleted_at = 1 WHERE id = ?", (number.to_bytes(16),))

    def show_question(self, number: int, _: None) -> None:
        self.tx.execute(
            "UPDATE questions SET deleted_at = NULL WHERE id = ?", (number.to_bytes(16),)
        )

    def drop_question(self, number: int, _: None) -> None:
        self.tx.execute("DELETE FROM questions WHERE id = ?", (number.to_bytes(16),))

    def add_session(self, number: int, _: None) -> None:
        self.tx.execute(
            "INSERT OR IGNORE INTO sessions"
            " VALUES (?, ?, '', 'active', '{}', 0, NULL, 0, 0, 1, NULL)",
            (OWNER, number.to_bytes(16)),
        )

    def hide_session(self, number: int, _: None) -> None:
        self.tx.execute("UPDATE sessions SET deleted_at = 1 WHERE id = ?", (number.to_bytes(16),))

    def show_session(self, number: int, _: None) -> None:
        self.tx.execute(
            "UPDATE sessions SET deleted_at = NULL WHERE id = ?", (number.to_bytes(16),)
        )

    def drop_session(self, number: int, _: None) -> None:
        self.tx.execute("DELETE FROM sessions WHERE id = ?", (number.to_bytes(16),))

    def ask(self, number: int, question: int) -> None:
        self.tx.execute(
            "INSERT INTO session_questions SELECT owner_id, ?, id, ?, ?, '{}', 'open', 0, 0, 0, 1,"
            " NULL FROM sessions WHERE id = ?",
            (self._new(), self._made, question.to_bytes(16), number.to_bytes(16)),
        )

    def answer(self, number: int, text: str) -> None:
        self.tx.execute(
            "INSERT INTO answers SELECT owner_id, ?, id, ?, ?, 0, 0, 0, 1, NULL, NULL"
            " FROM session_questions WHERE session_id = ?  LIMIT 1",
            (self._new(), self._made, text, number.to_bytes(16)),
        )

    def edit_answer(self, number: int, text: str) -> None:
        self.tx.execute(
            "UPDATE answers SET text = ? WHERE session_question_id IN"
            " (SELECT id FROM session_questions WHERE session_id = ?)",
            (text, number.to_bytes(16)),
        )

    def vacuum(self, *_: None) -> None:
        self.tx.execute("VACUUM")

    def rebuild(self, *_: None) -> None:
        for table in ("question_words", "answer_words"):
            self.tx.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")


@pytest.fixture(scope="module")
def open_life(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Life]:
    path = tmp_path_factory.mktemp("life") / "it.db"
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as stored:
        stored.execute("PRAGMA journal_mode = DELETE").fetchall()
        stored.execute("INSERT INTO workspaces VALUES (?, 0)", (OWNER,))
        image = stored.serialize()

    def open_it() -> Life:
        tx = sqlite3.connect(":memory:", isolation_level=None)
        tx.deserialize(image)
        for setting in SETTINGS:
            tx.execute(setting)
        return Life(tx)

    return open_it


def found(tx: sqlite3.Connection, kind: str, word: str) -> list[bytes]:
    rows = tx.execute(
        f"SELECT {kind}_id FROM {kind}_words w JOIN {kind}_index i ON i.number = w.rowid"
        f" WHERE {kind}_words MATCH ? ORDER BY 1",
        (word,),
    )
    return [row_id for (row_id,) in rows]


def check(tx: sqlite3.Connection) -> None:
    for table in ("question_words", "answer_words"):
        tx.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    live = "SELECT id FROM questions WHERE deleted_at IS NULL AND prompt LIKE ? ORDER BY id"
    shown = (
        "SELECT a.id FROM answers a JOIN session_questions sq ON sq.id = a.session_question_id"
        " JOIN sessions s ON s.id = sq.session_id"
        " WHERE s.deleted_at IS NULL AND a.text LIKE ? ORDER BY a.id"
    )
    for kind, statement in (("question", live), ("answer", shown)):
        for word in WORDS:
            rows = tx.execute(statement, (f"%{word}%",)).fetchall()
            assert found(tx, kind, word) == [row_id for (row_id,) in rows], (kind, word)
    turns = tx.execute("SELECT question_id, topic, asked FROM question_index ORDER BY 1").fetchall()
    assert (
        turns
        == tx.execute(
            "SELECT id, topic, coalesce((SELECT max(id) FROM session_questions sq"
            " WHERE sq.question_id = questions.id), x'') FROM questions"
            " WHERE deleted_at IS NULL ORDER BY id"
        ).fetchall()
    )


@settings(max_examples=200)
@given(st.lists(st.tuples(changes, st.booleans()), min_size=1, max_size=20))
def test_the_indexes_are_what_a_look_at_every_row_finds(
    open_life: Callable[[], Life], plan: list[tuple[tuple[str, int, object], bool]]
) -> None:
    life = open_life()
    with closing(life.tx):
        life.begin()
        for (name, number, what), kept in plan:
            if name == "vacuum":
                life.vacuum()
                continue
            life.tx.execute("BEGIN")
            life.tx.execute("SAVEPOINT operation")
            getattr(life, name)(number, what)
            if not kept:
                life.tx.execute("ROLLBACK TO operation")
            life.tx.execute("COMMIT")
        check(life.tx)


def test_an_answer_is_found_while_its_interview_is_in_the_history(
    open_life: Callable[[], Life],
) -> None:
    life = open_life()
    with closing(life.tx) as tx:
        life.begin()
        (first,) = found(tx, "answer", "index")
        life.hide_session(1, None)
        assert found(tx, "answer", "index") == []
        life.show_session(1, None)
        assert found(tx, "answer", "index") == [first]
        check(tx)


def test_a_text_that_goes_is_noted_as_one_whose_words_may_be_left(
    open_life: Callable[[], Life],
) -> None:
    life = open_life()
    with closing(life.tx) as tx:
        life.add_question(1, "index")
        life.add_session(1, None)
        life.ask(1, 1)
        life.answer(1, "zebra")
        life.hide_session(1, None)
        life.show_session(1, None)
        noted = "SELECT words, count FROM forgotten ORDER BY words"
        assert tx.execute(noted).fetchall() == []
        life.edit_answer(1, "lock")
        life.drop_session(1, None)
        assert tx.execute(noted).fetchall() == [("answer_words", 2)]
        life.drop_question(1, None)
        assert tx.execute(noted).fetchall() == [("answer_words", 2), ("question_words", 1)]


SPEEDS = [f"SELECT * FROM {view} WHERE number = 7" for view in ("question_texts", "answer_texts")]


@pytest.mark.parametrize("statement", SPEEDS)
def test_a_text_is_looked_up_by_its_number(open_life: Callable[[], Life], statement: str) -> None:
    with closing(open_life().tx) as tx:
        plan = [row[3] for row in tx.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert len(plan) == 2
    assert all(step.startswith("SEARCH") for step in plan)


def test_no_trigger_reads_more_than_a_few_rows(open_life: Callable[[], Life]) -> None:
    """As one statement of the app: what is in a trigger is in no plan of the statement itself."""
    with closing(open_life().tx) as tx:
        triggers = tx.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        statements = [part for (sql,) in triggers for part in body(sql)]
        assert len(statements) > len(triggers) == 12
        for statement in statements:
            for *_, step in tx.execute(f"EXPLAIN QUERY PLAN {statement}"):
                assert not re.match("SCAN (?!CONSTANT)", step), statement
                assert "(owner_id=?)" not in step, statement


def body(trigger: str) -> list[str]:
    """A trigger's statements, of a row that is not there."""
    inside = trigger[trigger.index("BEGIN") + len("BEGIN") : trigger.rindex("END")]
    parts = re.sub(r"\b(new|old)\.\w+", "x'00'", inside).split(";")
    return [part for part in parts if part.strip()]
