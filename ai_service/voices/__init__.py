"""What reads aloud, behind one interface."""

from __future__ import annotations

from typing import Protocol


class Voice(Protocol):
    """Holds a voice from its making until it is let go."""

    def speak(self, text: str) -> bytes:
        """A WAV file in which `text` is read aloud."""
        ...
