"""What the app finds in a file that was damaged."""

from __future__ import annotations

import msgspec


class Examination(msgspec.Struct):
    """How far it got: `stage` is where the `error` came, an error's code or an exception's name.

    `digest` is of all rows, `names` are the sessions in order, when both could be read. `sound` is
    what SQLite's own full check finds.
    """

    sound: bool
    stage: str = "opened, read and written"
    error: str = ""
    coded: bool = True
    digest: str = ""
    names: tuple[str, ...] = ()
