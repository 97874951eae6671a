"""The steps from one schema to the next; `HEAD` is the newest one's name."""

from __future__ import annotations

HEAD = "0003"
"""Kept here so that a start with nothing to migrate needn't import Alembic; a test compares."""
