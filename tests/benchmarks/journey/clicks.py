"""The main actions, each from the click to the paint of what it leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page, expect

TEXT = "I would measure first, change one thing at a time, and write down what I saw."
GIVEN_UP_MS = 20_000
_WATCH = """() => {
  window.measured = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("it never came: %(what)s")), %(given_up)d);
    const before = document.getElementById("question")?.textContent;
    const isThere = () => (%(is_there)s);
    let began;
    // The frame after the one in which it is there: by then it is painted.
    const painted = () =>
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
    const observer = new MutationObserver(() => {
      if (began === undefined || !isThere()) return;
      observer.disconnect();
      painted();
    });
    observer.observe(document, {
      subtree: true, childList: true, attributes: true, characterData: true,
    });
    const begin = (event) => { began ??= event.timeStamp; };
    for (const kind of ["click", "change"]) {
      addEventListener(kind, begin, { capture: true, once: true });
    }
  });
}"""


@dataclass(frozen=True, slots=True)
class Action:
    """What is done, and the script that says whether its result is in the page."""

    name: str
    act: Callable[[Page], None]
    is_there: str


def link(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("link", name=name, exact=True).click()


def button(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name, exact=True).click()


def theme(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("radio", name=name).check(force=True)


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Next", exact=True).click()


def type_answer(page: Page) -> None:
    """Not timed: what is handed in next."""
    page.get_by_label("Your answer").fill(TEXT)
    page.get_by_text("Saved", exact=True).wait_for()


def take_filter_away(page: Page) -> None:
    """Not timed: the page keeps the filter of the last time."""
    page.get_by_role("combobox", name="Topic").select_option("All topics")
    expect(page.locator(".question .row-facts span").first).not_to_have_text("Data")


def choose_topic(page: Page) -> None:
    page.get_by_role("combobox", name="Topic").select_option("Data")


def unfold_question(page: Page) -> None:
    page.locator(".question-head").first.click()


def open_interview(page: Page) -> None:
    page.locator(".row-title").first.click()


_NEXT_QUESTION = "document.getElementById('question')?.textContent !== before"
ACTIONS: Sequence[Action] = (
    Action("see the questions", link("Questions"), "document.querySelector('.question-head')"),
    Action("unfold a question", unfold_question, "document.querySelector('.question.open .tags')"),
    Action(
        "filter by topic",
        choose_topic,
        "document.querySelector('.question .row-facts span')?.textContent === 'Data'",
    ),
    Action("see the settings", link("Settings"), "document.querySelector('.setting')"),
    Action(
        "switch to dark",
        theme("Dark"),
        "document.documentElement.getAttribute('data-theme') === 'dark'",
    ),
    Action(
        "switch to light",
        theme("Light"),
        "document.documentElement.getAttribute('data-theme') === 'light'",
    ),
    Action("go to the start", link("Practise"), "document.querySelector('.start-body .role-grid')"),
    Action("start an interview", button("Start"), "document.getElementById('question')"),
    Action("hand in an answer", hand_in, _NEXT_QUESTION),
    Action("skip a question", button("Skip"), _NEXT_QUESTION),
    Action("pause", button("Pause"), "document.getElementById('paused')"),
    Action(
        "go on",
        lambda page: page.locator(".cover").get_by_role("button").first.click(),
        "document.getElementById('question')",
    ),
    Action("leave", button("Leave"), "document.querySelector('.start-body .role-grid')"),
    Action("see the history", link("History"), "document.querySelector('.row-title')"),
    Action("open an interview", open_interview, "document.querySelector('.cards .card')"),
)
_BEFORE: dict[str, Callable[[Page], None]] = {
    "filter by topic": take_filter_away,
    "hand in an answer": type_answer,
}


def time_click(page: Page, action: Action) -> float:
    """Milliseconds from the click to the paint.

    Raises playwright's Error when it leads nowhere.
    """
    if action.name in _BEFORE:
        _BEFORE[action.name](page)
    page.evaluate(
        _WATCH % {"what": action.name, "is_there": action.is_there, "given_up": GIVEN_UP_MS}
    )
    action.act(page)
    return float(page.evaluate("() => window.measured"))
