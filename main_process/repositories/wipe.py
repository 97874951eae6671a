"""Deletes every row that a person made."""

from __future__ import annotations

from main_process.database import Transaction
from shared_contracts.settings import Wiped

_TABLES = (
    "drafts",
    "evaluation_jobs",
    "evaluations",
    "heard_parts",
    "recordings",
    "answers",
    "session_questions",
    "sessions",
    "questions",
    "settings",
    "change_log",
)
"""All but the workspace and the device, children before parents."""
_WORDS = ("answer_words", "question_words")
_DERIVED = ("answer_index", "question_index", "forgotten")


def delete_everything(tx: Transaction) -> Wiped:
    """Empty the tables. Returns how many sessions and own questions are gone."""
    (sessions,) = tx.execute("SELECT count(*) FROM sessions").fetchone()
    (questions,) = tx.execute("SELECT count(*) FROM questions WHERE source = 'own'").fetchone()
    # First, so that nothing of them has to be looked up for each row that goes.
    for words in _WORDS:
        tx.execute(f"INSERT INTO {words} ({words}) VALUES ('delete-all')")
    for table in (*_DERIVED, *_TABLES, "forgotten"):
        tx.execute(f"DELETE FROM {table}")
    return Wiped(sessions=sessions, questions=questions)
