"""Takes the pictures in docs/images: every screen, two sizes, both themes. See script/images."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from main_process import question_bank
from tests.end_to_end.app_driver import CHROMIUM, CHROMIUM_OPTIONS, App, Socket, address_in

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
SIZES = ((900, 600), (1600, 1000))
GRADES = ("strong", "partial", "off_topic")
THEMES = ("light", "dark")
ANSWERS = tomllib.loads((ROOT / "tests/data/graded_answers.toml").read_text("utf-8"))["answers"]
STORY = next(
    question for question in question_bank.load().questions if question.kind == "behavioural"
)


def main() -> None:
    """Play some interviews over the socket, then photograph what the page makes of them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = App(Path(folder) / "profile", "browser")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        page = _open(browser, app)
        _play(app.socket, "data-professional", ANSWERS[12:15], ("partial", "partial", "strong"))
        shown = _play(
            app.socket, "backend-engineer", ANSWERS[:3], ("strong", "partial", "off_topic")
        )
        running = _begin(app.socket, "backend-engineer", ANSWERS[3:7])
        for theme in THEMES:
            app.socket.call("app:settings:save", {"theme": theme})
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                _take_all(page, f"{theme}-{width}x{height}", shown, running)
        browser.close()
        app.stop()


def _open(browser: Browser, app: App) -> Page:
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.goto(address_in(app.first_line()))
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    return page


def _take_all(page: Page, suffix: str, shown: str, running: str) -> None:
    origin = page.url.partition("#")[0]
    screens = {
        "start": ("#/start", "Or pick topics"),
        "interview": (f"#/interview/{running}", "Next"),
        "summary": (f"#/summary/{shown}", "Expected points"),
        "history": ("#/history", "Finished"),
        "questions": ("#/questions", "Add"),
        "settings": ("#/settings", "Theme"),
        "diagnostics": ("#/diagnostics", "Last errors"),
    }
    for name, (place, text) in screens.items():
        page.goto(origin + place)
        expect(page.get_by_text(text).first).to_be_visible()
        if name == "diagnostics":
            expect(page.locator(".chart canvas")).to_have_count(4)
        page.screenshot(path=IMAGES / f"{name}-{suffix}.png")


def _play(socket: Socket, role: str, entries: list[dict[str, str]], grades: tuple[str, ...]) -> str:
    """A whole interview with answers of these grades and a story. Returns its id."""
    session = _begin_with(socket, role, entries, story=True)
    texts = [entry[grade] for entry, grade in zip(entries, grades, strict=True)]
    for asked, text in zip(session["questions"], [*texts, STORY.reference_answer], strict=True):
        answer = {"session_question_id": asked["id"], "text": text.strip(), "elapsed_ms": 97_000}
        socket.call("db:answers:save", answer)
    finish = {"session_id": session["id"], "revision": session["revision"], "status": "finished"}
    socket.call("db:session:save", finish)
    while _waiting(socket.call("db:session:get", {"session_id": session["id"]})):
        socket.wait_for_event("sessions")
    return str(session["id"])


def _begin(socket: Socket, role: str, entries: list[dict[str, str]]) -> str:
    """An interview that is under way: one answer handed in, the next one begun. Returns its id."""
    session = _begin_with(socket, role, entries, story=False)
    first, second, *_ = session["questions"]
    given = {"text": entries[0]["strong"].strip(), "elapsed_ms": 131_000}
    socket.call("db:answers:save", {"session_question_id": first["id"], **given})
    begun = {"text": entries[1]["strong"].strip()[:300], "elapsed_ms": 64_000}
    socket.call("db:drafts:save", {"session_question_id": second["id"], **begun})
    place = {"session_id": session["id"], "revision": session["revision"], "position": 1}
    socket.call("db:session:save", place)
    return str(session["id"])


def _begin_with(
    socket: Socket, role: str, entries: list[dict[str, str]], *, story: bool
) -> dict[str, Any]:
    ids = [str(question_bank.shipped_id(entry["question"])) for entry in entries]
    chosen = [*ids, str(STORY.id)] if story else ids
    setup = {"role": role, "question_ids": chosen, "question_count": len(chosen)}
    session: dict[str, Any] = socket.call("db:session:start", {"setup": setup})
    return session


def _waiting(session: dict[str, Any]) -> bool:
    return any(asked["answers"] and not asked["evaluations"] for asked in session["questions"])


if __name__ == "__main__":
    main()
