"""What a person is shown in place of the page when the app can't start or go on."""

from __future__ import annotations

from typing import Literal

from shared_contracts.contract import Contract
from shared_contracts.envelope import IPCError

Choice = Literal["empty", "quit", "restore", "safe-mode"]
"""Begin with an empty database, end the app, restore a backup, start in safe mode."""


class Offered(Contract):
    """A button: what is chosen with it, and its words."""

    choice: Choice
    label: str


class Problem(Contract):
    """`more` is said after the error's own words, before what is `offered`."""

    title: str
    error: IPCError
    more: tuple[str, ...] = ()
    offered: tuple[Offered, ...] = ()
