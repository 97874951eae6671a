"""What a person can set, and what of it goes where."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from shared_contracts.contract import Contract, Revision
from shared_contracts.evaluation import Evaluator, ServerURL

Theme = Literal["system", "light", "dark"]
KeyPlace = Literal["keyring", "file", "session"]
"""Where a key is kept: the system's key ring, a file only its owner can read, or nowhere beyond
this run of the app.
"""
KeyState = Literal["none", "keyring", "file", "session", "asked"]
"""Where the key is; `asked` is to be entered again, since it was kept for an earlier run only."""


class VoiceSettings(Contract):
    """Of speaking and hearing. Recordings are kept for `keep_days`, None is until they are deleted;
    those that are not kept go once their answer is handed in and transcribed.
    """

    read_questions: bool = False
    keep_recordings: bool = True
    keep_days: Annotated[int, Meta(ge=1, le=3_650)] | None = None


class AppSettings(Contract):
    """The settings as they are. `consented_url` is the server the person agreed to send answers to.

    The key itself never leaves the main process: `llm_key` says where it is kept.
    """

    theme: Theme = "system"
    evaluator: Evaluator = "offline"
    llm_base_url: ServerURL = ""
    llm_model: Annotated[str, Meta(max_length=200)] = ""
    llm_key: KeyState = "none"
    consented_url: ServerURL = ""
    voice: VoiceSettings = VoiceSettings()
    revision: int = 0


class GetSettings(Contract):
    """Asks for the settings."""


class SaveSettings(Contract):
    """Changes what is named and leaves the rest. An empty `api_key` forgets the key; any other is
    kept at `key_place`, by default where the last one was, else for this run of the app.

    Raises DB006 when there is a `revision` and it is not the stored one.
    """

    theme: Theme | UnsetType = UNSET
    evaluator: Evaluator | UnsetType = UNSET
    llm_base_url: ServerURL | UnsetType = UNSET
    llm_model: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    api_key: Annotated[str, Meta(max_length=500)] | UnsetType = UNSET
    key_place: KeyPlace | UnsetType = UNSET
    consented_url: ServerURL | UnsetType = UNSET
    voice: VoiceSettings | UnsetType = UNSET
    revision: Revision | None = None


class GetKeyPlaces(Contract):
    """Asks where a key can be kept."""


class KeyPlaces(Contract):
    """Every system can keep a key in a file or for the run; `keyring` is the name of its key ring,
    empty without one, and `why_not` says in words why there is none.
    """

    keyring: str = ""
    why_not: str = ""


class WipeData(Contract):
    """Deletes every interview, answer, own question and setting, and the key. Can't be undone."""

    confirm: Literal["wipe everything"]


class Wiped(Contract):
    """All is gone; `sessions` and `questions` (own ones) count what was deleted."""

    sessions: int
    questions: int
