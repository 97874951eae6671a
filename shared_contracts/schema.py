"""The tables, for SQLite and PostgreSQL alike; the only module here that knows SQLAlchemy.

Every row belongs to an owner (a workspace), and `(owner_id, id)` comes first in every key, so that
an account can own workspaces later without a row being re-keyed. Times are microseconds since 1970,
UTC, in SQLite and timestamptz in PostgreSQL; UUIDs are 16 bytes and uuid; JSON is text and jsonb.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

from shared_contracts import search_index

Id = LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
Time = BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
Json = Text().with_variant(postgresql.JSONB(), "postgresql")

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def _owned(name: str, *rest: SchemaItem, key: Sequence[str] = ("owner_id", "id")) -> Table:
    """A table whose rows belong to a workspace."""
    columns = [Column(part, Id, nullable=False) for part in key]
    owner = ForeignKeyConstraint(["owner_id"], ["workspaces.id"])
    return Table(name, metadata, *columns, *rest, PrimaryKeyConstraint(*key), owner)


def _belongs_to(table: str, column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["owner_id", column], [f"{table}.owner_id", f"{table}.id"], ondelete="CASCADE"
    )


def _tracked() -> list[Column[Any]]:
    """The columns of a row whose changes are logged; `revision` counts from 1."""
    return [
        Column("created_at", Time, nullable=False),
        Column("updated_at", Time, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("deleted_at", Time),
    ]


workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Id, primary_key=True),
    Column("created_at", Time, nullable=False),
)

devices = _owned("devices", Column("created_at", Time, nullable=False))

questions = _owned(
    "questions",
    Column("source", Text, nullable=False),
    # The digest of the shipped text as it was last written here; an own question has none.
    Column("bank_digest", Text),
    Column("kind", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("difficulty", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("reference_answer", Text, nullable=False),
    Column("key_points", Json, nullable=False),
    Column("traits", Json, nullable=False),
    Column("star_cues", Json),
    Column("follow_ups", Json, nullable=False),
    Column("tags", Json, nullable=False),
    *_tracked(),
    Index("ix_questions_live", "owner_id", "deleted_at", "topic", "id"),
    Index(
        "ix_questions_live_facets",
        *("owner_id", "deleted_at", "kind", "difficulty", "source", "topic", "id"),
    ),
)

sessions = _owned(
    "sessions",
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("setup", Json, nullable=False),
    Column("position", Integer, nullable=False),
    Column("finished_at", Time),
    *_tracked(),
    Index(
        "ix_sessions_deleted",
        *("owner_id", "id"),
        sqlite_where=text("deleted_at IS NOT NULL"),
        postgresql_where=text("deleted_at IS NOT NULL"),
    ),
)

session_questions = _owned(
    "session_questions",
    Column("session_id", Id, nullable=False),
    Column("position", Integer, nullable=False),
    # No foreign key: a question deleted later is still the one that was asked.
    Column("question_id", Id, nullable=False),
    # The question as it was asked: what becomes of it in the bank later changes no old interview.
    Column("question", Json, nullable=False),
    Column("status", Text, nullable=False),
    Column("elapsed_ms", Integer, nullable=False),
    *_tracked(),
    _belongs_to("sessions", "session_id"),
    UniqueConstraint("owner_id", "session_id", "position"),
    Index("ix_session_questions_owner_id_question_id", "owner_id", "question_id", "id"),
)

drafts = _owned(
    "drafts",
    Column("text", Text, nullable=False),
    Column("elapsed_ms", Integer, nullable=False),
    Column("updated_at", Time, nullable=False),
    _belongs_to("session_questions", "session_question_id"),
    key=("owner_id", "session_question_id"),
)

answers = _owned(
    "answers",
    Column("session_question_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("elapsed_ms", Integer, nullable=False),
    *_tracked(),
    # How it was said; NULL of a typed answer.
    Column("spoken", Json),
    _belongs_to("session_questions", "session_question_id"),
    UniqueConstraint("owner_id", "session_question_id", "version"),
)

recordings = _owned(
    "recordings",
    Column("session_question_id", Id, nullable=False),
    # The answer that was handed in with it.
    Column("answer_id", Id),
    Column("state", Text, nullable=False),
    # Whether its sound is to be kept, 0 or 1; what isn't goes once it is transcribed.
    Column("kept", Integer, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("problem", Json),
    Column("created_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    _belongs_to("session_questions", "session_question_id"),
    Index("ix_recordings_owner_id_session_question_id", "owner_id", "session_question_id", "id"),
    Index("ix_recordings_owner_id_state", "owner_id", "state", "id"),
)

heard_parts = _owned(
    "heard_parts",
    Column("recording_id", Id, nullable=False),
    # Times of the part from the recording's beginning; one part ends where the next begins.
    Column("start_ms", Integer, nullable=False),
    Column("end_ms", Integer, nullable=False),
    Column("body", Json, nullable=False),
    _belongs_to("recordings", "recording_id"),
    Index("ix_heard_parts_owner_id_recording_id", "owner_id", "recording_id", "id"),
)

evaluations = _owned(
    "evaluations",
    Column("answer_id", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("evaluator", Text, nullable=False),
    # The content score if it counts in the interview's mean, else NULL.
    Column("score", Float),
    Column("result", Json, nullable=False),
    Column("dispute", Json),
    *_tracked(),
    _belongs_to("answers", "answer_id"),
    UniqueConstraint("owner_id", "answer_id", "version"),
)

evaluation_jobs = _owned(
    "evaluation_jobs",
    Column("answer_id", Id, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Json),
    Column("created_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    _belongs_to("answers", "answer_id"),
    Index("ix_evaluation_jobs_owner_id_state", "owner_id", "state", "id"),
    Index("ix_evaluation_jobs_owner_id_answer_id", "owner_id", "answer_id"),
)

settings = _owned(
    "settings",
    Column("body", Json, nullable=False),
    *_tracked(),
)

change_log = _owned(
    "change_log",
    Column("device_id", Id, nullable=False),
    # Hybrid logical clock: milliseconds since 1970 times 65,536 plus a counter.
    Column("clock", BigInteger, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_id", Id, nullable=False),
    Column("operation", Text, nullable=False),
    Column("fields", Json, nullable=False),
    Column("revision_before", Integer, nullable=False),
    Index("ix_change_log_owner_id_entity", "owner_id", "entity", "entity_id", "clock"),
    UniqueConstraint("owner_id", "clock", "device_id"),
)


def _made_after_the_tables(statements: Sequence[str], dialect: str) -> None:
    for statement in statements:
        ddl = DDL(statement)  # type: ignore[no-untyped-call]
        event.listen(metadata, "after_create", ddl.execute_if(dialect=dialect))


_made_after_the_tables(search_index.SQLITE, "sqlite")
_made_after_the_tables(search_index.POSTGRESQL, "postgresql")
