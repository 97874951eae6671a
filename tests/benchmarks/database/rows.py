"""A database file as long practice leaves it: questions, and as many answers; made once."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from main_process.database.migrate import migrate
from main_process.repositories.answers import Answers
from main_process.repositories.questions import Questions
from main_process.repositories.sessions import Sessions
from main_process.repositories.tracking import Tracker
from main_process.workspace import new_id, open_workspace
from shared_contracts import migrations
from shared_contracts.answers import SaveAnswer
from shared_contracts.questions import Question
from shared_contracts.sessions import SessionSetup

VERSION = 1
"""Counted up when the rows made here change, so that no old file is taken for a new one."""

_PER_SESSION = 10
_SESSIONS_A_COMMIT = 500
_WORDS = 20_000
_COMMON_SHARE = 0.4


def cached(folder: Path, rows: int) -> Path:
    """The file with `rows` questions and answers; it stays in `folder` for the next run."""
    path = folder / f"{migrations.HEAD}-{VERSION}-{rows}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.unlink(missing_ok=True)
        _make(unfinished, rows)
        unfinished.rename(path)
    return path


def make_question(chance: random.Random, number: int) -> Question:
    """A question of a made-up tongue whose words are as unevenly frequent as real ones."""
    common = "system " if chance.random() < _COMMON_SHARE else ""
    return Question(
        id=new_id(),
        kind="technical",
        topic=f"topic-{number % 40:02}",
        difficulty="medium",
        prompt=f"What {common}{_text(chance, 14)}?",
        reference_answer=_text(chance, 40),
        key_points=(_text(chance, 8), _text(chance, 8), _text(chance, 8)),
        follow_ups=(_text(chance, 8),),
        tags=("made",),
    )


def _text(chance: random.Random, words: int) -> str:
    picked = (min(int(chance.paretovariate(0.6)), _WORDS) for _ in range(words))
    return " ".join(f"w{word}" for word in picked)


def _make(path: Path, rows: int) -> None:
    migrate(path)
    chance = random.Random(rows)  # noqa: S311  the same words each time, not a secret
    with closing(sqlite3.connect(path, isolation_level=None)) as tx:
        tx.execute("PRAGMA synchronous = OFF")
        tx.execute("PRAGMA journal_mode = OFF").fetchall()
        tx.execute("BEGIN")
        maker = _Maker(Tracker(open_workspace(tx)), chance)
        for number in range(0, rows, _PER_SESSION):
            maker.add_session(tx, number, min(_PER_SESSION, rows - number))
            if number % (_PER_SESSION * _SESSIONS_A_COMMIT) == 0:
                tx.execute("COMMIT")
                tx.execute("BEGIN")
        tx.execute("COMMIT")
        tx.execute("ANALYZE")
        tx.execute("PRAGMA journal_mode = WAL").fetchall()


class _Maker:
    """Adds rows through the repositories, so that the change log and every index hold them too."""

    def __init__(self, tracker: Tracker, chance: random.Random) -> None:
        self._questions = Questions(tracker)
        self._sessions = Sessions(tracker)
        self._answers = Answers(tracker)
        self._chance = chance

    def add_session(self, tx: sqlite3.Connection, first: int, count: int) -> None:
        """New questions, an interview that asks them, and an answer to each."""
        questions = [make_question(self._chance, first + index) for index in range(count)]
        for question in questions:
            self._questions.insert(tx, question)
        session = self._sessions.insert(tx, "Practice", SessionSetup(), questions)
        asked = tx.execute(
            "SELECT id FROM session_questions WHERE owner_id = (SELECT id FROM workspaces)"
            " AND session_id = ?",
            (session.bytes,),
        ).fetchall()
        for (row_id,) in asked:
            answer = SaveAnswer(
                session_question_id=UUID(bytes=row_id), text=_text(self._chance, 60), elapsed_ms=1
            )
            self._answers.insert(tx, answer)
