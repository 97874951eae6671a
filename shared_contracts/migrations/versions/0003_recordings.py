"""Recordings, what is heard in them part by part, and how an answer was said."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

Id = sa.LargeBinary(16).with_variant(postgresql.UUID(), "postgresql")
Time = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
Json = sa.Text().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make them."""
    op.add_column("answers", sa.Column("spoken", Json, nullable=True))
    op.create_table(
        "recordings",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("session_question_id", Id, nullable=False),
        sa.Column("answer_id", Id, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("problem", Json, nullable=True),
        sa.Column("created_at", Time, nullable=False),
        sa.Column("updated_at", Time, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_recordings_workspaces")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "session_question_id"],
            ["session_questions.owner_id", "session_questions.id"],
            name=op.f("fk_recordings_session_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_recordings")),
    )
    op.create_index(
        "ix_recordings_owner_id_session_question_id",
        "recordings",
        ["owner_id", "session_question_id", "id"],
    )
    op.create_index("ix_recordings_owner_id_state", "recordings", ["owner_id", "state", "id"])
    op.create_table(
        "heard_parts",
        sa.Column("owner_id", Id, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("recording_id", Id, nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("body", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["workspaces.id"], name=op.f("fk_heard_parts_workspaces")
        ),
        sa.ForeignKeyConstraint(
            ["owner_id", "recording_id"],
            ["recordings.owner_id", "recordings.id"],
            name=op.f("fk_heard_parts_recordings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("owner_id", "id", name=op.f("pk_heard_parts")),
    )
    op.create_index(
        "ix_heard_parts_owner_id_recording_id", "heard_parts", ["owner_id", "recording_id", "id"]
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("heard_parts")
    op.drop_table("recordings")
    op.drop_column("answers", "spoken")
