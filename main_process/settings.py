"""What can be set from the environment (INTERVIEW_APP_...); nothing has to be."""

from __future__ import annotations

import fnmatch
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared_contracts.channels import CHANNELS
from shared_contracts.errors import SettingsInvalidError

PREFIX = "INTERVIEW_APP_"
LogLevel = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"],
    BeforeValidator(lambda level: "WARNING" if level == "WARN" else level),
]
Port = Field(default=0, ge=0, le=65_535)
_USE_IPC = (f"{PREFIX}USE_IPC", "USE_IPC")


def _channels(text: object) -> object:
    """The patterns of a list with commas. Raises ValueError for one that no channel matches."""
    if not isinstance(text, str):
        return text
    patterns = tuple(part.strip() for part in text.split(",") if part.strip())
    for pattern in patterns:
        if not fnmatch.filter(CHANNELS, pattern):
            msg = f"no channel is called {pattern}"
            raise ValueError(msg)
    return patterns


class Settings(BaseSettings):
    """Read once at the start and handed down; nothing else reads the environment."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    profile: Path | None = None
    """The folder everything is kept in; by default the platform's user data folder."""
    port: int = Port
    """The page's port on 127.0.0.1; 0 takes any that is free."""
    use_ipc: bool = Field(default=True, validation_alias=AliasChoices(*_USE_IPC))
    """Whether the page's server asks over the socket; if not, over HTTP. `USE_IPC` is read too."""
    http_channels: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_channels)] = ()
    """Channels asked over HTTP in any case: names or patterns such as `db:*`, with commas."""
    http_port: int = Port
    """The port on 127.0.0.1 that stands in for the socket when it is lost; 0 takes any."""
    remote_debugging_port: int = Port
    """Opens Chromium's DevTools protocol on 127.0.0.1 for tests; 0 leaves it closed."""
    dev_server: str = Field(default="", pattern=r"^(http://127\.0\.0\.1:\d+)?$")
    """Where Vite serves the page in `interview-app dev`, which sets it by itself."""
    safe_mode: bool = False
    """Draws the window without the graphics card, judges nothing and caches nothing."""
    open_browser: bool = True
    """Whether `interview-app browser` opens the system's browser where there is a display."""
    log_level: LogLevel = "INFO"
    """The least severe records that are kept, in every file."""
    log_level_ipc: LogLevel | None = None
    """The same for logs/ipc.log alone."""
    log_level_database: LogLevel | None = None
    """The same for logs/database.log alone."""
    log_level_services: LogLevel | None = None
    """The same for logs/services.log alone."""
    log_max_bytes: int = Field(default=2_000_000, ge=10_000)
    """A log file that grows over this is put aside and a new one is begun."""
    log_keep_files: int = Field(default=5, ge=1, le=100)
    """How many files put aside are kept of each log."""
    log_keep_days: int = Field(default=30, ge=1, le=3_650)
    """Files put aside that are older than this are deleted at the start."""


def has_screen() -> bool:
    """Whether there is a screen that a person looks at."""
    on_linux = sys.platform == "linux"
    return not on_linux or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def has_display() -> bool:
    """Whether a window can be opened, be it on a display that nobody sees."""
    return has_screen() or os.environ.get("QT_QPA_PLATFORM") == "offscreen"


def read_settings(**given: object) -> Settings:
    """The settings; what is `given` (and not None) wins. Raises SettingsInvalidError (CFG001)."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(map(str, first["loc"])).upper().removeprefix(PREFIX)
        details = {"field": name, "value": str(first["input"]), "reason": first["msg"]}
        raise SettingsInvalidError(
            f"{name} is not valid: {first['msg']}. It is {first['input']!r}.", details=details
        ) from error
