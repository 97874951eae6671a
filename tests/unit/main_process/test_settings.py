"""Settings come from the environment, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from main_process.settings import PREFIX, Settings, has_display, has_screen, read_settings
from shared_contracts.errors import SettingsInvalidError


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "USE_IPC"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_has_to_be_set() -> None:
    settings = read_settings()
    assert settings.profile is None
    assert settings.remote_debugging_port == 0


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_APP_LOG_LEVEL_IPC", "DEBUG")
    assert read_settings().log_level_ipc == "DEBUG"


def test_a_warning_may_be_called_by_its_short_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_APP_LOG_LEVEL", "WARN")
    assert read_settings().log_level == "WARNING"


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_APP_PROFILE", "/from/environment")
    assert read_settings(profile=Path("/given")).profile == Path("/given")
    assert read_settings(profile=None).profile == Path("/from/environment")


@pytest.mark.parametrize(
    ("name", "value", "use_ipc"),
    [
        ("USE_IPC", "false", False),
        ("USE_IPC", "true", True),
        ("INTERVIEW_APP_USE_IPC", "false", False),
        ("INTERVIEW_APP_USE_IPC", "0", False),
        ("OTHER", "false", True),
    ],
)
def test_ipc_is_used_unless_it_is_switched_off(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, *, use_ipc: bool
) -> None:
    monkeypatch.setenv(name, value)
    assert read_settings().use_ipc is use_ipc


def test_the_channels_that_go_over_http_are_a_list_of_names_and_patterns(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INTERVIEW_APP_HTTP_CHANNELS", "db:questions:*, app:health:get,")
    assert read_settings().http_channels == ("db:questions:*", "app:health:get")
    monkeypatch.setenv("INTERVIEW_APP_HTTP_CHANNELS", "")
    assert read_settings().http_channels == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "70000"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_KEEP_FILES", "0"),
        ("DEV_SERVER", "http://example.com:80"),
        ("USE_IPC", "perhaps"),
        ("HTTP_CHANNELS", "db:secrets:*"),
        ("HTTP_PORT", "-1"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"{PREFIX}{name}", value)
    with pytest.raises(SettingsInvalidError, match=f"^CFG001: {PREFIX}{name} is not valid"):
        read_settings()


@pytest.mark.parametrize(
    ("name", "value", "display", "screen"),
    [
        ("DISPLAY", ":0", True, True),
        ("WAYLAND_DISPLAY", "wayland-0", True, True),
        ("QT_QPA_PLATFORM", "offscreen", True, False),
        ("QT_QPA_PLATFORM", "xcb", False, False),
        ("DISPLAY", "", False, False),
    ],
)
def test_a_display_is_seen(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, *, display: bool, screen: bool
) -> None:
    monkeypatch.setenv(name, value)
    assert (has_display(), has_screen()) == (display, screen)
