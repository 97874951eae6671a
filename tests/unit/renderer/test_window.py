"""What the window decides without asking Qt."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.window import is_safe_to_open, prepare_environment


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/help?a=1#b", True),
        ("http://example.com/", False),
        ("https://", False),
        ("https://user:password@example.com/", False),
        ("https://example.com@evil.example/", False),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("ms-settings:", False),
        ("https://[broken", False),
        ("https://example.com/" + "x" * 3_000, False),
    ],
)
def test_only_plain_https_links_leave_the_window(url: str, *, safe: bool) -> None:
    assert is_safe_to_open(url) is safe


@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    assert not is_safe_to_open(text) or text.lower().lstrip().startswith("https://")


def test_remote_debugging_is_closed_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_CHROMIUM_FLAGS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("QTWEBENGINE_REMOTE_DEBUGGING", "9222")
    prepare_environment(0)
    assert "QTWEBENGINE_REMOTE_DEBUGGING" not in os.environ
    prepare_environment(4711)
    assert os.environ["QTWEBENGINE_REMOTE_DEBUGGING"] == "4711"


def test_in_safe_mode_the_processor_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_CHROMIUM_FLAGS")
    for name in (*names, "QT_QUICK_BACKEND", "LIBGL_ALWAYS_SOFTWARE"):
        monkeypatch.setenv(name, "")
    prepare_environment(0)
    assert "--disable-gpu" not in os.environ["QTWEBENGINE_CHROMIUM_FLAGS"]
    prepare_environment(0, safe_mode=True)
    assert "--disable-gpu" in os.environ["QTWEBENGINE_CHROMIUM_FLAGS"].split()
    assert os.environ["QT_QUICK_BACKEND"] == "software"


def test_the_flags_given_from_outside_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "")
    monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", "--use-fake-device-for-media-stream")
    prepare_environment(0)
    flags = os.environ["QTWEBENGINE_CHROMIUM_FLAGS"].split()
    assert "--use-fake-device-for-media-stream" in flags
