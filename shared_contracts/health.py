"""How the app's processes are."""

from __future__ import annotations

from typing import Literal

from shared_contracts.contract import Contract
from shared_contracts.envelope import IPCError

ProcessState = Literal["starting", "ready", "restarting", "stopped", "failed"]


class ProcessHealth(Contract):
    """One child process. `error` is set when it `failed`."""

    name: str
    state: ProcessState
    pid: int | None = None
    restarts: int = 0
    answer_ms: float | None = None
    error: IPCError | None = None


class GetHealth(Contract):
    """Asks how everything is."""


class AppHealth(Contract):
    """The whole app. `problems` are what a person should know of, such as a broken bank file.

    In safe mode the window is drawn by the processor, nothing is judged and nothing is cached.
    """

    version: str
    profile: str
    log_folder: str
    safe_mode: bool
    schema_revision: str
    write_queue_depth: int
    evaluations_waiting: int
    processes: tuple[ProcessHealth, ...]
    problems: tuple[IPCError, ...] = ()


class SetSafeMode(Contract):
    """Starts the app anew, in safe mode or normally."""

    on: bool


class RaiseWindow(Contract):
    """A second start asks the first one to come to the front."""


class Done(Contract):
    """It is done, and there is nothing more to say."""
