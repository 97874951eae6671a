"""The socket between the processes is lost in the middle of an interview, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.end_to_end.conftest import OpenApp

FIRST = "I would look at what changed last, and measure before I change anything myself."
SECOND = "Then I would roll back, and write down what we learned for the next time."


def editor(page: Page) -> Locator:
    return page.get_by_label("Your answer")


def slow_note(page: Page) -> Locator:
    return page.get_by_role("status").get_by_text("Connected over the slower way.")


def test_an_interview_goes_on_over_http_and_back_again(open_app: OpenApp) -> None:
    driver = open_app()
    page = driver.page()
    page.get_by_role("button", name="Start", exact=True).click()
    editor(page).fill(FIRST)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    in_the_way = driver.app.lose_socket()
    expect(slow_note(page)).to_be_visible()
    editor(page).fill(f"{FIRST} {SECOND}")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("2 of 5", exact=True)).to_be_visible()

    in_the_way.unlink()
    expect(slow_note(page)).to_have_count(0)
    editor(page).fill(SECOND)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("3 of 5", exact=True)).to_be_visible()
    page.get_by_role("button", name="Leave", exact=True).click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("2 of 5").first).to_be_visible()

    processes = driver.app.socket.processes()
    assert processes["renderer"]["restarts"] == 0
