"""What an AI server is told; texts of their own, so that they can be read and compared."""

from __future__ import annotations

from importlib.resources import files


def read(name: str) -> str:
    """The text of one prompt, such as 'technical'."""
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
