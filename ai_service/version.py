"""The version of the app that this service belongs to."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("interview-app")
