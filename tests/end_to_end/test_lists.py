"""Lists of twenty thousand rows: quick to scroll, searched, and where they were left."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.benchmarks.dataset import RARE, make
from tests.end_to_end.app_driver import ChromiumDriver

ROWS = 20_000
MOST_NODES = 1_000
TO_THE_END = """async () => {
    const screen = document.querySelector(".screen");
    let nodes = 0;
    for (;;) {
        screen.scrollTop = screen.scrollHeight;
        await new Promise(requestAnimationFrame);
        nodes = Math.max(nodes, document.querySelectorAll("*").length);
        const last = [...document.querySelectorAll("article")].at(-1);
        if (last?.ariaPosInSet === last?.ariaSetSize) return nodes;
    }
}"""
"""Scrolls until there is nothing more. Returns how many elements there were at most."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "interview.db"
    make(path, ROWS)
    return path


@pytest.fixture
def driver(made: Path, tmp_path: Path, chromium: Browser) -> Iterator[ChromiumDriver]:
    profile = tmp_path / "profile"
    profile.mkdir(mode=0o700)
    shutil.copy(made, profile)
    driver = ChromiumDriver(chromium, profile, {})
    yield driver
    driver.close()


@pytest.fixture
def page(driver: ChromiumDriver) -> Page:
    return driver.page()


def show(page: Page, screen: str) -> None:
    page.get_by_role("link", name=screen).first.click()
    expect(page.get_by_role("article").first).to_be_visible()


def scroll_to(page: Page, row: int) -> Locator:
    """Scroll on until the row, counted from 1, is there, and to the top of the screen."""
    article = page.locator(f'article[aria-posinset="{row}"]')
    while article.count() == 0:
        page.locator("article").last.scroll_into_view_if_needed()
        page.wait_for_function(
            "() => !document.querySelector('[role=feed]').ariaBusy.includes('t')"
        )
    article.evaluate("one => one.scrollIntoView()")
    return article


def top_of(row: Locator) -> float:
    box = row.bounding_box()
    assert box
    return round(box["y"])


def test_one_can_scroll_to_the_last_of_many_questions(page: Page) -> None:
    show(page, "Questions")
    expect(page.locator("main [role=status]")).to_have_text("10,000+ questions")
    assert page.evaluate(TO_THE_END) < MOST_NODES
    last = page.get_by_role("article").last
    assert int(last.get_attribute("aria-setsize") or 0) > ROWS
    assert last.get_attribute("aria-posinset") == last.get_attribute("aria-setsize")
    expect(page.locator(".skeleton")).to_have_count(0)


def test_a_rare_word_is_found_among_them_and_marked(page: Page) -> None:
    show(page, "Questions")
    page.get_by_role("searchbox", name="Search in questions").fill(RARE[:5])
    expect(page.locator("main [role=status]")).to_have_text("2 questions")
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page.locator("mark")).to_have_text([RARE, RARE])


def test_a_list_is_where_it_was_left(page: Page) -> None:
    show(page, "Questions")
    row = scroll_to(page, 150)
    before, text = top_of(row), row.inner_text()
    page.get_by_role("link", name="Settings").first.click()
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    page.go_back()
    expect(row).to_be_visible()
    assert (top_of(row), row.inner_text()) == (before, text)


def test_what_comes_in_above_moves_nothing_and_is_there_when_one_looks(
    driver: ChromiumDriver, page: Page
) -> None:
    show(page, "Questions")
    row = scroll_to(page, 150)
    before, text = top_of(row), row.inner_text()
    question = {
        "kind": "technical",
        "topic": "aaa",
        "difficulty": "easy",
        "prompt": "What came in while you looked elsewhere?",
    }
    driver.app.socket.call("db:questions:create", question)
    driver.app.socket.wait_for_event("questions")
    assert (top_of(row), row.inner_text()) == (before, text)
    page.keyboard.press("Control+Home")
    page.evaluate("() => document.querySelector('.screen').scrollTo(0, 0)")
    expect(page.get_by_role("article", name=question["prompt"])).to_be_visible()


def test_an_own_answer_is_found_and_opened_where_it_was_given(made: Path, page: Page) -> None:
    with closing(sqlite3.connect(made)) as plain:
        (prompt, *_), *_ = plain.execute(
            "SELECT question ->> '$.prompt' FROM session_questions sq JOIN answers a"
            " ON a.session_question_id = sq.id WHERE a.text LIKE ? ORDER BY a.id DESC",
            (f"%{RARE}%",),
        )
    show(page, "History")
    page.get_by_role("searchbox", name="Search in your answers").fill(RARE)
    expect(page.locator(".found")).to_have_text("2 answers")
    expect(page.locator("mark")).to_have_text([RARE, RARE])
    page.get_by_role("link", name=prompt).click()
    card = page.get_by_role("article", name="Question", exact=False).filter(has_text=prompt)
    expect(card).to_be_in_viewport()
    expect(card).to_contain_text(RARE)
    page.go_back()
    expect(page.locator(".found")).to_have_text("2 answers")


def test_the_rows_are_reached_with_the_keyboard(page: Page) -> None:
    show(page, "Questions")
    first = page.get_by_role("article").first
    first.focus()
    for _ in range(30):
        page.keyboard.press("PageDown")
    expect(page.locator('article[aria-posinset="31"]')).to_be_focused()
    expect(page.locator('article[aria-posinset="31"]')).to_be_in_viewport()
    page.keyboard.press("Control+Home")
    expect(page.get_by_role("combobox", name="Source")).to_be_focused()
