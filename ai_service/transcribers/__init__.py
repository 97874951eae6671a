"""What understands speech, behind one interface."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from shared_contracts.recordings import HeardPart

Samples = NDArray[np.float32]
"""16,000 a second, from -1 to 1."""


class Transcriber(Protocol):
    """Holds a model from its making until it is let go."""

    def hear(self, samples: Samples, *, final: bool) -> HeardPart:
        """What is said in a part of a recording, up to a pause if more follows."""
        ...
