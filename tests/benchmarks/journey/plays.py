"""What a person does with the app, in three plays: they browse, practise, and look back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

TYPED = (
    "First I would look at what changed last and measure, since most incidents follow a change.",
    "Then I would compare the numbers with those of last week to see whether it is the load.",
    "If it is the change I roll it back; if it is the load I add capacity and look for the cause.",
)
"""An answer, a sentence at a time; between them the editor saves by itself."""
SKIPPED, LOOKED_BACK_FROM, LAST = 3, 4, 5
REST_MS = 300
JUDGED_MS = 60_000


def browse(page: Page) -> None:
    """Look through the questions by topic, difficulty and words, and open some."""
    open_screen(page, "Questions")
    for topic in ("Backend", "System design", "Backend"):
        choose(page, "Topic", topic)
        open_questions(page, 3)
    choose(page, "Difficulty", "Hard")
    open_questions(page, 2)
    choose(page, "Difficulty", "Any difficulty")
    choose(page, "Topic", "All topics")
    search(page, "index")
    open_questions(page, 1)
    search(page, "")
    page.keyboard.press("End")
    open_screen(page, "Practise")
    open_screen(page, "Questions")
    open_questions(page, 1)


def practise(page: Page) -> None:
    """An interview of five: four answered, one skipped, one looked at again; then its results."""
    open_screen(page, "Practise")
    page.get_by_role("radio", name="Backend engineer").check(force=True)
    page.get_by_role("button", name="Start", exact=True).click()
    for number in range(1, 6):
        expect(page.get_by_text(f"{number} of 5", exact=True)).to_be_visible()
        if number == SKIPPED:
            page.get_by_role("button", name="Skip", exact=True).click()
            continue
        write(page)
        if number == LOOKED_BACK_FROM:
            page.get_by_role("button", name="Previous question").click()
            page.get_by_role("button", name="Following question").click()
        page.get_by_role("button", name="Finish" if number == LAST else "Next", exact=True).click()
    page.get_by_role("button", name="Finish interview").click()
    expect(page.get_by_text("Score from")).to_be_visible()
    expect(page.get_by_text("the rest follows by itself")).to_be_hidden(timeout=JUDGED_MS)
    unfold(page)


def look_back(page: Page) -> None:
    """Go through the last interviews, compare the newest and the oldest, and rename one."""
    for place in (0, -1, 0):
        open_screen(page, "History")
        page.locator(".row-title").nth(place).click()
        unfold(page)
    open_screen(page, "Questions")
    open_screen(page, "History")
    page.locator(".row-title").first.click()
    rest(page)
    page.go_back()
    page.get_by_role("button", name=re.compile("^Rename ")).first.click()
    page.get_by_label("Title of the interview").fill("The one to remember")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="The one to remember").first.click()
    unfold(page)
    open_screen(page, "Settings")
    open_screen(page, "Practise")


PLAYS: dict[str, Callable[[Page], None]] = {
    "browse": browse,
    "practise": practise,
    "look back": look_back,
}


def open_screen(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("main", name=name)).to_be_visible()
    rest(page)


def choose(page: Page, filter_name: str, option: str) -> None:
    page.get_by_role("combobox", name=filter_name).select_option(option)
    rest(page)


def search(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="Search in questions").fill(words)
    rest(page)


def open_questions(page: Page, count: int) -> None:
    for place in range(count):
        page.locator(".question-head").nth(place).click()
        rest(page)


def write(page: Page) -> None:
    """Type an answer, and see it saved by itself after each sentence."""
    text = ""
    for sentence in TYPED:
        text = f"{text} {sentence}".strip()
        page.get_by_label("Your answer").fill(text)
        expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def unfold(page: Page) -> None:
    """Read the feedback to each question."""
    rest(page)
    for place in range(LAST):
        page.get_by_role("article", name=f"Question {place + 1}").click()
        rest(page)


def rest(page: Page) -> None:
    """Look at what is shown, for less long than people do."""
    page.wait_for_timeout(REST_MS)
