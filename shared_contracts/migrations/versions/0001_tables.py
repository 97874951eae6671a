"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

Id = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
Time = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
Json = sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "workspaces",
        sa.Column("id", Id, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "change_log",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("device_id", Id, nullable=False),
        sa.Column("clock", sa.BigInteger(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", Id, nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("revision_before", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_change_log_workspaces")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_change_log")),
        sa.UniqueConstraint(
            "owner_id",
            "clock",
            "device_id",
            name=op.f("uq_change_log_owner_id_clock_device_id"),
        ),
    )
    op.create_index(
        "ix_change_log_owner_id_entity",
        "change_log",
        ["owner_id", "entity", "entity_id", "clock"],
    )

    op.create_table(
        "devices",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_devices_workspaces")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_devices")),
    )
    op.create_table(
        "questions",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("bank_digest", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("difficulty", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("reference_answer", sa.Text(), nullable=False),
        sa.Column("key_points", Json, nullable=False),
        sa.Column("traits", Json, nullable=False),
        sa.Column("star_cues", Json, nullable=True),
        sa.Column("follow_ups", Json, nullable=False),
        sa.Column("tags", Json, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", Time, nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_questions_workspaces")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_questions")),
    )
    op.create_index("ix_questions_owner_id_topic", "questions", ["owner_id", "topic", "id"])

    op.create_table(
        "sessions",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("setup", Json, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("finished_at", Time, nullable=True),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", Time, nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_sessions_workspaces")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_sessions")),
    )
    op.create_table(
        "settings",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", Time, nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_settings_workspaces")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_settings")),
    )
    op.create_table(
        "session_questions",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("session_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question_id", Id, nullable=False),
        sa.Column("question", Json, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", Time, nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id", "session_id"],
            ["sessions.owner_id", "sessions.id"],
            name=op.f("fk_session_questions_sessions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["workspaces.id"],
            name=op.f("fk_session_questions_workspaces"),
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_session_questions")),
        sa.UniqueConstraint(
            "owner_id",
            "session_id",
            "position",
            name=op.f("uq_session_questions_owner_id_session_id_position"),
        ),
    )
    op.create_table(
        "answers",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("session_question_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", Time, nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id", "session_question_id"],
            ["session_questions.owner_id", "session_questions.id"],
            name=op.f("fk_answers_session_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_answers_workspaces")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_answers")),
        sa.UniqueConstraint(
            "owner_id",
            "session_question_id",
            "version",
            name=op.f("uq_answers_owner_id_session_question_id_version"),
        ),
    )
    op.create_index(
        "ix_session_questions_owner_id_question_id",
        "session_questions",
        ["owner_id", "question_id", "id"],
    )
    op.create_table(
        "drafts",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("session_question_id", Id, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id", "session_question_id"],
            ["session_questions.owner_id", "session_questions.id"],
            name=op.f("fk_drafts_session_questions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["workspaces.id"], name=op.f("fk_drafts_workspaces")),
        sa.PrimaryKeyConstraint("owner_id", "session_question_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "evaluation_jobs",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("answer_id", Id, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", Json, nullable=True),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id", "answer_id"],
            ["answers.owner_id", "answers.id"],
            name=op.f("fk_evaluation_jobs_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_evaluation_jobs_workspaces")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_evaluation_jobs")),
    )
    op.create_index(
        "ix_evaluation_jobs_owner_id_answer_id",
        "evaluation_jobs",
        ["owner_id", "answer_id"],
    )
    op.create_index(
        "ix_evaluation_jobs_owner_id_state",
        "evaluation_jobs",
        ["owner_id", "state", "id"],
    )

    op.create_table(
        "evaluations",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("answer_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("evaluator", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("result", Json, nullable=False),
        sa.Column("dispute", Json, nullable=True),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("deleted_at", Time, nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id", "answer_id"],
            ["answers.owner_id", "answers.id"],
            name=op.f("fk_evaluations_answers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_evaluations_workspaces")
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_evaluations")),
        sa.UniqueConstraint(
            "owner_id",
            "answer_id",
            "version",
            name=op.f("uq_evaluations_owner_id_answer_id_version"),
        ),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("evaluations")
    op.drop_index("ix_evaluation_jobs_owner_id_state", "evaluation_jobs")
    op.drop_index("ix_evaluation_jobs_owner_id_answer_id", "evaluation_jobs")

    op.drop_table("evaluation_jobs")
    op.drop_table("drafts")
    op.drop_table("answers")
    op.drop_index("ix_session_questions_owner_id_question_id", "session_questions")
    op.drop_table("session_questions")
    op.drop_table("settings")
    op.drop_table("sessions")
    op.drop_index("ix_questions_owner_id_topic", "questions")

    op.drop_table("questions")
    op.drop_table("devices")
    op.drop_index("ix_change_log_owner_id_entity", "change_log")

    op.drop_table("change_log")
    op.drop_table("workspaces")
