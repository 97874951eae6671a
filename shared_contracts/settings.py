"""What a person can set, and what of it goes where."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from shared_contracts.contract import Contract, Revision
from shared_contracts.evaluation import Evaluator

Theme = Literal["system", "light", "dark"]
ServerURL = Annotated[str, Meta(max_length=500, pattern=r"^(https?://\S+)?\Z")]
KeyPlace = Literal["none", "file"]


class AppSettings(Contract):
    """The settings as they are. `consented_url` is the server the person agreed to send answers to.

    The key itself never leaves the main process: `llm_key` says where it is kept.
    """

    theme: Theme = "system"
    evaluator: Evaluator = "offline"
    llm_base_url: ServerURL = ""
    llm_model: Annotated[str, Meta(max_length=200)] = ""
    llm_key: KeyPlace = "none"
    consented_url: ServerURL = ""
    revision: int = 0


class GetSettings(Contract):
    """Asks for the settings."""


class SaveSettings(Contract):
    """Changes what is named and leaves the rest. An empty `api_key` forgets the key.

    Raises DB006 when there is a `revision` and it is not the stored one.
    """

    theme: Theme | UnsetType = UNSET
    evaluator: Evaluator | UnsetType = UNSET
    llm_base_url: ServerURL | UnsetType = UNSET
    llm_model: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    api_key: Annotated[str, Meta(max_length=500)] | UnsetType = UNSET
    consented_url: ServerURL | UnsetType = UNSET
    revision: Revision | None = None


class WipeData(Contract):
    """Deletes every interview, answer, own question and setting, and the key. Can't be undone."""

    confirm: Literal["wipe everything"]


class Wiped(Contract):
    """All is gone; `sessions` and `questions` (own ones) count what was deleted."""

    sessions: int
    questions: int
