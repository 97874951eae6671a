"""What a person can do wrong, or others can do to them, and what the page makes of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.openai_stub import KEY, Reply, serving

if TYPE_CHECKING:
    from tests.end_to_end.conftest import OpenApp

HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> Why is this inert?'
ODD = "😀 شكرا جزيلا <b>bold</b> & \u202eback\u202c {{7*7}} ' OR 1=1 -- Escaping makes it inert."


def add_question(page: Page, prompt: str) -> None:
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("button", name="Add a question").click()
    dialog = page.get_by_role("dialog", name="Add a question")
    dialog.get_by_role("textbox", name="Question").fill(prompt)
    dialog.get_by_role("combobox", name="Topic").fill("frontend")
    dialog.get_by_role("textbox", name="Key points").fill("Escaping turns markup into plain text.")
    dialog.get_by_role("button", name="Add question").click()
    expect(dialog).to_have_count(0)


def practise(page: Page, prompt: str) -> None:
    page.get_by_role("searchbox", name="Search in questions").fill(prompt[:40])
    page.get_by_role("button", name=re.compile("^" + re.escape(prompt[:30]))).click()
    page.get_by_role("button", name="Practise this question").click()
    expect(page.locator("#question")).to_have_text(prompt)


def editor(page: Page) -> Locator:
    return page.get_by_label("Your answer")


def test_hostile_text_is_only_text(open_app: OpenApp) -> None:
    page = open_app().page()
    add_question(page, HOSTILE)
    practise(page, HOSTILE)
    editor(page).fill(ODD)
    page.get_by_role("button", name="Finish", exact=True).click()
    answer = page.get_by_role("region", name="Your answer")
    expect(answer).to_contain_text(ODD)
    expect(page.locator(".card-prompt")).to_have_text(HOSTILE)
    expect(page.get_by_text("Offline evaluator").first).to_be_visible(timeout=60_000)
    expect(answer).to_contain_text(ODD)
    assert page.evaluate("() => window.pwned === undefined")
    assert page.locator("main img[src], main script").count() == 0


def test_an_interview_with_the_keyboard_alone(open_app: OpenApp) -> None:
    page = open_app().page()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(editor(page)).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("nothing to hand in yet")
    page.keyboard.type("First I would look at what changed.")
    page.keyboard.press("Alt+p")
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    expect(page.locator("#question")).to_have_count(0)
    page.keyboard.press("Alt+p")
    expect(editor(page)).to_have_value("First I would look at what changed.")
    page.keyboard.press("Control+Enter")
    for number in range(2, 6):
        expect(page.get_by_text(f"{number} of 5", exact=True)).to_be_visible()
        page.keyboard.press("Alt+s")
    expect(page.get_by_role("heading", name="That was the last one.")).to_be_focused()


def test_far_too_long_an_answer_is_refused_and_kept(open_app: OpenApp) -> None:
    driver = open_app()
    page = driver.page()
    page.get_by_role("button", name="Start", exact=True).click()
    text = "word " * 40_000
    editor(page).fill(text)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("VAL001")).to_be_visible()
    expect(editor(page)).to_have_value(text)
    driver.app.kill_everything()
    page = open_app().page()
    page.get_by_role("button", name="Resume", exact=True).first.click()
    expect(editor(page)).to_have_value(text)


def test_nothing_is_sent_before_consent_and_a_refused_key_is_said(open_app: OpenApp) -> None:
    with serving(lambda _asked, _before: Reply("never given: the key is refused")) as server:
        page = open_app().page()
        host = urlsplit(server.base_url).netloc
        set_server(page, server.base_url, key="sk-wrong")
        consent = page.get_by_role("dialog", name="Send answers to this server?")
        expect(consent).to_contain_text(host)
        consent.get_by_role("button", name="Stay offline").click()
        expect(page.get_by_text(f"Answers are sent to {host}")).to_have_count(0)
        answer_one_question(page)
        expect(page.get_by_text("Offline evaluator").first).to_be_visible(timeout=60_000)
        assert server.asked == []

        set_server(page, server.base_url, key="sk-wrong")
        consent.get_by_role("button", name="Agree and send").click()
        expect(page.get_by_text(f"Answers are sent to {host}").first).to_be_visible()
        answer_one_question(page)
        expect(page.get_by_text("AI003").first).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Offline evaluator").first).to_be_visible()


def hostile_verdict(asked: dict[str, object], _before: int) -> Reply:
    """Well-formed, and full of markup and script."""
    verdict = {
        "key_points": [],
        "content": 0.5,
        "structure": 0.5,
        "confidence": 0.9,
        "summary": f"{HOSTILE} [click](javascript:pwned=1) **bold**",
        "advice": [{"text": f"<svg onload=pwned=1> {HOSTILE}", "quote": "I would measure first"}],
        "star": [],
    }
    return Reply(json.dumps(verdict))


def test_a_hostile_verdict_is_only_text(open_app: OpenApp) -> None:
    with serving(hostile_verdict) as server:
        page = open_app().page()
        set_server(page, server.base_url, key=KEY)
        page.get_by_role("button", name="Agree and send").click()
        expect(
            page.get_by_text(f"Answers are sent to {urlsplit(server.base_url).netloc}").first
        ).to_be_visible()
        answer_one_question(page)
        said = page.get_by_text("[click](javascript:pwned=1) **bold**").first
        expect(said).to_be_visible(timeout=60_000)
        expect(said).to_contain_text(HOSTILE)
        expect(page.get_by_text("<svg onload=pwned=1>").first).to_be_visible()
        assert page.evaluate("() => typeof pwned") == "undefined"
        assert page.locator("main img, main script, main iframe, main strong a").count() == 0
        assert page.locator("main a[href^='javascript']").count() == 0


def set_server(page: Page, base_url: str, key: str) -> None:
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("radio", name="AI server").check(force=True)
    page.get_by_role("textbox", name="Base URL").fill(base_url)
    page.get_by_role("textbox", name="Model").fill("any")
    if page.get_by_role("button", name="Replace key").count():
        page.get_by_role("button", name="Replace key").click()
    page.get_by_label("API key").fill(key)
    page.get_by_role("radio", name="Private file").check()
    page.get_by_role("button", name="Use this server").click()


def answer_one_question(page: Page) -> None:
    page.get_by_role("link", name="Practise").click()
    page.get_by_role("slider", name="Number of questions").fill("1")
    page.get_by_role("button", name="Start", exact=True).click()
    editor(page).fill("I would measure first and change one thing at a time.")
    page.get_by_role("button", name="Finish", exact=True).click()


def test_wiping_everything_needs_the_words_and_leaves_nothing(open_app: OpenApp) -> None:
    page = open_app().page()
    page.get_by_role("button", name="Start", exact=True).click()
    editor(page).fill("Something that nobody else should read.")
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Leave", exact=True).click()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Wipe everything…").click()
    dialog = page.get_by_role("dialog", name="Wipe everything?")
    wipe = dialog.get_by_role("button", name="Wipe everything")
    expect(wipe).to_be_disabled()
    dialog.get_by_role("textbox").fill("wipe everything")
    wipe.click()
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("button", name="Start the first one")).to_be_visible()


def test_dark_theme_is_kept(open_app: OpenApp) -> None:
    driver = open_app()
    page = driver.page()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("radio", name="Dark").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    driver.app.stop()
    page = open_app().page()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
