"""A whole interview, from the first question to the feedback, with processes killed meanwhile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

from main_process import question_bank
from shared_contracts.questions import Question

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Driver, OpenApp

OFF_TOPIC = (
    "Our team met every morning at nine and we had a good coffee machine. The office was painted"
    " green, the chairs were comfortable, and on Fridays somebody brought a cake that we all liked."
)
BANK = {question.prompt: question for question in question_bank.load().questions}


def set_up_five(page: Page) -> None:
    page.get_by_role("radio", name="Backend engineer").check(force=True)
    expect(page.get_by_role("heading", name="Backend engineer")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()


def asked(page: Page, number: int) -> Question:
    """The question on screen, as the bank has it."""
    expect(page.get_by_text(f"{number} of 5", exact=True)).to_be_visible()
    return BANK[page.locator("#question").inner_text()]


def answer(page: Page, text: str, button: str = "Next") -> None:
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name=button, exact=True).click()


def type_half(page: Page, text: str) -> str:
    """Write the beginning of an answer and see it saved."""
    half = text[: len(text) // 2].strip()
    page.get_by_label("Your answer").fill(half)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    return half


def resume(page: Page) -> None:
    page.get_by_role("button", name="Resume", exact=True).first.click()


def evidence_of(card: str, page: Page) -> list[str]:
    shown = page.get_by_role("article", name=card).get_by_role(
        "button", name=re.compile("Show in the answer: ")
    )
    return [text.strip("“”") for text in shown.all_inner_texts()]


def test_an_interview_survives_everything_and_ends_in_feedback(open_app: OpenApp) -> None:
    driver = open_app()
    page = driver.page()
    set_up_five(page)
    strong = asked(page, 1).reference_answer
    answer(page, strong)
    driver.app.kill("ai_service")
    asked(page, 2)
    answer(page, OFF_TOPIC)

    page = kill_the_renderer_while_typing(driver, asked(page, 3).reference_answer)
    answer(page, asked(page, 3).reference_answer)

    story = asked(page, 4)
    assert story.kind == "behavioural"
    half = type_half(page, story.reference_answer)
    driver.app.kill_everything()
    page = open_app().page()
    resume(page)
    expect(page.get_by_label("Your answer")).to_have_value(half)
    answer(page, story.reference_answer)

    asked(page, 5)
    page.get_by_role("button", name="Skip", exact=True).click()
    page.get_by_role("button", name="Finish interview").click()
    check_feedback(page, strong)
    check_history(page)


def kill_the_renderer_while_typing(driver: Driver, text: str) -> Page:
    """The page that comes back, with the words that were in the old one."""
    half = type_half(driver.page(), text)
    killed = driver.app.kill("renderer")
    driver.app.socket.wait_until_ready("renderer", other_than=killed)
    page = driver.page()
    if page.get_by_label("Your answer").count() == 0:
        resume(page)
    expect(page.get_by_label("Your answer")).to_have_value(half)
    return page


def check_feedback(page: Page, strong: str) -> None:
    expect(page.get_by_text("3 of 5 graded")).to_be_visible(timeout=60_000)
    first, second = (page.get_by_role("article", name=f"Question {number}") for number in (1, 2))
    expect(first.get_by_text("Offline evaluator").first).to_be_visible()
    quotes = evidence_of("Question 1", page)
    assert len(quotes) >= 2
    assert all(quote in strong for quote in quotes)
    expect(first.locator("mark").first).to_be_visible()

    second.get_by_role("button", name=re.compile("Question 2")).click()
    expect(second.get_by_text("Missing", exact=True).first).to_be_visible()
    assert evidence_of("Question 2", page) == []

    assert score(page, "Question 1") >= 75
    assert score(page, "Question 2") <= 15
    fourth = page.get_by_role("article", name="Question 4")
    fourth.get_by_role("button", name=re.compile("Question 4")).click()
    expect(fourth.get_by_text("Situation").first).to_be_visible()
    expect(fourth.get_by_text("Result").first).to_be_visible()
    expect(page.get_by_role("article", name="Question 5")).to_contain_text("Skipped")


def score(page: Page, card: str) -> int:
    """What the ring beside the question says, 0 to 100."""
    return int(
        page.get_by_role("article", name=card).locator(".ring text").first.text_content() or ""
    )


def check_history(page: Page) -> None:
    """It opens again as it was; a renamed and a deleted one stay so until undone."""
    overall = page.get_by_role("img", name=re.compile("Overall score")).get_attribute("aria-label")
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Rename Backend engineer").click()
    page.get_by_label("Title of the interview").fill("My first one")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete My first one").click()
    expect(page.get_by_role("link", name="My first one")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="My first one").click()
    expect(page.get_by_role("img", name=str(overall))).to_be_visible()
    expect(page.get_by_text("3 of 5 graded")).to_be_visible()
