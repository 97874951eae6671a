"""Runs revisions on the connection that the caller hands over, whose transaction the caller owns."""

from __future__ import annotations

from alembic import context

from shared_contracts.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
