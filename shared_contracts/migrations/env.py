"""Runs revisions on the connection, and in the transaction, that the caller hands over."""

from __future__ import annotations

from alembic import context

from shared_contracts.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
