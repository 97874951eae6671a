"""A display for the real window, a browser, and the app in either."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.end_to_end.app_driver import (
    CHROMIUM,
    CHROMIUM_OPTIONS,
    ChromiumDriver,
    Where,
    WindowDriver,
    virtual_screen,
)

Driver = WindowDriver | ChromiumDriver
OpenApp = Callable[[], Driver]


@pytest.fixture(scope="session")
def display() -> Iterator[dict[str, str]]:
    """The environment of a program that shows a window: on a screen of our own, seen by nobody."""
    with virtual_screen() as environment:
        yield environment


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Not for longer: its event loop keeps any other from running in this thread."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
    yield browser
    browser.close()


@pytest.fixture(params=["window", "chromium"])
def where(request: pytest.FixtureRequest) -> Where:
    """Where the page is shown; a test that asks for it is played in both."""
    place: Where = request.param
    return place


@pytest.fixture
def open_app(
    where: Where,
    tmp_path: Path,
    display: dict[str, str],
    playwright: Playwright,
    chromium: Browser,
) -> Iterator[OpenApp]:
    """Starts the app on the test's own profile, as often as it is called."""
    drivers: list[Driver] = []

    def start() -> Driver:
        profile = tmp_path / "profile"
        driver = (
            WindowDriver(playwright, profile, display)
            if where == "window"
            else ChromiumDriver(chromium, profile, display)
        )
        drivers.append(driver)
        return driver

    yield start
    for driver in drivers:
        driver.close()
