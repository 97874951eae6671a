"""Makes a database of any size, the same each time: a person who has practised for very long.

`python -m tests.benchmarks.dataset FILE [ROWS]` makes one by hand.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec

from main_process.database.migrate import migrate
from shared_contracts.evaluation import DeliveryFacts, Evaluation, Scores
from shared_contracts.sessions import SessionSetup

COMMON = "database"
"""A word that is in about 40 % of the questions and of the answers."""
RARE = "zeppelin"
"""A word that is in one question and one answer of 10,000."""
TOPICS = (
    *("backend", "behavioural", "data", "devops", "frontend", "product-management"),
    *("project-management", "software-engineering", "system-design", "own-topic"),
)
OWNER, DEVICE = bytes([1]) * 16, bytes([2]) * 16
PER_SESSION = 5
_BEGIN_MS = 1_700_000_000_000
_CLAUSES = 20_000
_62_BITS = 2**62 - 1
_KINDS = ("technical", "technical", "technical", "behavioural")
_DIFFICULTIES = ("easy", "medium", "hard")
_SETUP = msgspec.json.encode(SessionSetup(question_count=PER_SESSION)).decode()
_VOWELS, _CONSONANTS = "aeiou", "bcdfghlmnprstvw"
# What only slows a file down that is thrown away if its making fails.
_IN_A_HURRY = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA cache_size = -400000",
)
_QUESTION_INDEX = """
INSERT INTO question_index
SELECT rowid, owner_id, id, topic, difficulty,
       coalesce((SELECT max(asked.id) FROM session_questions asked
                 WHERE asked.owner_id = questions.owner_id
                 AND asked.question_id = questions.id), x''),
       (rowid * 2654435761) & 0x7fffffff
FROM questions
"""
_ANSWER_INDEX = "INSERT INTO answer_index SELECT rowid, owner_id, id, 0 FROM answers"
_WORDS = ("question_words", "answer_words")


class _Row(NamedTuple):
    """What rows of one number share in all tables."""

    number: int
    every_minutes: int = 1

    @property
    def milliseconds(self) -> int:
        """When it was made."""
        return _BEGIN_MS + self.number * self.every_minutes * 60_000

    @property
    def chance(self) -> int:
        """62 bits that look random. Source: Vigna 2015, splitmix64, shortened."""
        mixed = (self.number + 1) * 0x9E3779B97F4A7C15 & _62_BITS
        mixed = (mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93 & _62_BITS
        return mixed ^ mixed >> 32

    def id(self, kind: int) -> bytes:
        """A UUIDv7; `kind` tells the tables apart."""
        return self.milliseconds.to_bytes(6) + (
            7 << 76 | kind << 64 | 2 << 62 | self.chance
        ).to_bytes(10)

    @property
    def times(self) -> tuple[int, int, int, None]:
        """When it was made and changed, its revision, and that it isn't deleted."""
        return self.milliseconds * 1_000, self.milliseconds * 1_000, 1, None


def make(path: Path, rows: int) -> None:
    """Make a database of the newest schema with so many questions and answers.

    There are five questions to an interview; its file appears when it is whole.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    migrate(unfinished)
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as db:
        for pragma in _IN_A_HURRY:
            db.execute(pragma)
        db.execute("BEGIN")
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        made_again = triggers.fetchall()
        for name, _ in made_again:
            db.execute(f"DROP TRIGGER {name}")
        _fill(db, rows)
        for table in _WORDS:
            _index(db, table)
        for _, sql in made_again:
            db.execute(sql)
        db.execute("COMMIT")
    unfinished.replace(path)


def _fill(db: sqlite3.Connection, rows: int) -> None:
    clauses = _clauses()
    db.execute("INSERT INTO workspaces VALUES (?, ?)", (OWNER, _BEGIN_MS * 1_000))
    db.execute("INSERT INTO devices VALUES (?, ?, ?)", (OWNER, DEVICE, _BEGIN_MS * 1_000))
    _insert(db, "questions", map(_question, _rows(rows), _texts(clauses, rows, 2, seed=2)))
    _insert(db, "sessions", map(_session, _rows(rows // PER_SESSION, PER_SESSION)))
    _insert(db, "session_questions", map(_asked, _rows(rows)))
    _insert(db, "answers", map(_answer, _rows(rows), _texts(clauses, rows, 6, seed=3)))
    _insert(db, "evaluations", map(_evaluation, _rows(rows)))
    _insert(db, "evaluation_jobs", map(_job, _rows(rows)))
    _insert(db, "change_log", map(_change, _rows(rows // PER_SESSION, PER_SESSION)))
    for statement in (_QUESTION_INDEX, _ANSWER_INDEX):
        db.execute(statement)


def _insert(db: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    columns = db.execute(f"SELECT count(*) FROM pragma_table_info('{table}')").fetchone()[0]
    db.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)


def _index(db: sqlite3.Connection, table: str) -> None:
    """Fill a full-text index with much memory, and leave it as one that has grown.

    The last step merges its parts to one on a higher level: left where the parts of single rows go,
    it would be written anew with the first 16 of them.
    """
    set_option = f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', ?)"
    db.execute(set_option, (48 * 2**20,))
    db.execute(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
    db.execute(set_option, (2**20,))
    db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")


def _rows(count: int, every_minutes: int = 1) -> Iterator[_Row]:
    return (_Row(number, every_minutes) for number in range(count))


def _clauses() -> list[str]:
    """Runs of six words, a few of which are in most texts and most in few, as in English."""
    chance = random.Random(7)  # noqa: S311  the same each time
    words = {
        "".join(chance.choice(_CONSONANTS) + chance.choice(_VOWELS) for _ in range(syllables))
        for syllables in (1, *[2] * 20, *[3] * 80, *[4] * 100)
        for _ in range(80)
    }
    vocabulary = sorted(words, key=lambda word: (len(word), word))
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    picked = chance.choices(vocabulary, cum_weights=weights, k=6 * _CLAUSES)
    return [" ".join(picked[at : at + 6]) for at in range(0, len(picked), 6)]


def _texts(clauses: list[str], count: int, length: int, *, seed: int) -> Iterator[str]:
    chance = random.Random(seed)  # noqa: S311  the same each time
    for number in range(count):
        parts = [clauses[int(chance.random() * _CLAUSES)] for _ in range(length)]
        if chance.random() < 0.4:
            parts.insert(1, COMMON)
        if number % 10_000 == 5_000 or (count < 10_000 and number == count // 2):
            parts.insert(1, RARE)
        yield " ".join(parts).capitalize()


def _question(row: _Row, text: str) -> tuple[object, ...]:
    chance = row.chance
    own = chance % 10 > 0
    return (
        *(OWNER, row.id(1), "own" if own else "bank", None if own else f"{chance:064x}"),
        *(_KINDS[chance // 16 % 4], TOPICS[chance // 64 % len(TOPICS)]),
        *(_DIFFICULTIES[chance // 1024 % 3], f"{text}?", f"It depends. {text}."),
        *(f'["{text[:40]}.","It has a cost."]', "[]", None, '["And then?"]', '["practice"]'),
        *row.times,
    )


def _session(row: _Row) -> tuple[object, ...]:
    done = row.chance % 20 > 0
    status, finished = ("finished", row.milliseconds * 1_000) if done else ("paused", None)
    title = f"Interview {row.number}"
    return (OWNER, row.id(2), title, status, _SETUP, 0, finished, *row.times)


def _asked(row: _Row) -> tuple[object, ...]:
    """Half of the questions were asked twice, the others never."""
    question = (
        f'{{"id":"00000000-0000-7000-8000-{row.number:012x}","kind":"technical","topic":"backend",'
        f'"difficulty":"easy","prompt":"What would you do about case {row.number}?",'
        '"reference_answer":"It depends.","key_points":["It depends.","It has a cost."],'
        '"source":"own","revision":1}'
    )
    session = _Row(row.number // PER_SESSION, PER_SESSION)
    place = (OWNER, row.id(3), session.id(2), row.number % PER_SESSION, _Row(row.number // 2).id(1))
    return (*place, question, "answered", 60_000, *row.times)


def _answer(row: _Row, text: str) -> tuple[object, ...]:
    return (OWNER, row.id(4), row.id(3), 1, f"{text}.", 60_000, *row.times, None)


def _evaluation(row: _Row) -> tuple[object, ...]:
    score = row.chance % 101 / 100
    result = Evaluation(
        evaluator="offline",
        evaluator_version="1",
        reason="The offline evaluator is chosen in the settings.",
        scores=Scores(content=score),
        confidence=0.7,
        summary="Some of the points were made.",
        delivery=DeliveryFacts(words=36, sentences=2),
    )
    encoded = msgspec.json.encode(result).decode()
    return (OWNER, row.id(5), row.id(4), 1, "offline", score, encoded, None, *row.times)


def _job(row: _Row) -> tuple[object, ...]:
    return (OWNER, row.id(6), row.id(4), "done", 1, None, *row.times[:2])


def _change(row: _Row) -> tuple[object, ...]:
    what = ("sessions", row.id(2), "insert", '["status","title"]', 0)
    return (OWNER, row.id(7), DEVICE, row.milliseconds << 16, *what)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
