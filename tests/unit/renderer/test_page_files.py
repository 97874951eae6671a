"""Only the page's own files are served, each as what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.page_files import NoFiles, PageFiles, ProblemPage, plain_page
from shared_contracts.envelope import IPCError
from shared_contracts.errors import PageMissingError
from shared_contracts.problem import Offered, Problem


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("not the page's")
    page = tmp_path / "page"
    (page / "assets").mkdir(parents=True)
    (page / "index.html").write_text("<!doctype html>")
    (page / "assets" / "main-1.js").write_text("start()")
    (page / "assets" / "data.unknown").write_bytes(b"\0")
    return page


def test_the_first_folder_that_has_a_page_is_served(built: Path) -> None:
    files = PageFiles((built.parent / "not there", built))
    assert files.get("/") == files.get("/index.html")
    assert files.get("/") == (b"<!doctype html>", "text/html; charset=utf-8")
    assert files.get("/assets/main-1.js") == (b"start()", "text/javascript; charset=utf-8")
    assert files.get("/assets/data.unknown") == (b"\0", "application/octet-stream")


@pytest.mark.parametrize("path", ["/../secret.txt", "/assets", "/assets/", "", "//index.html"])
def test_nothing_else_is_there(built: Path, path: str) -> None:
    assert PageFiles((built,)).get(path) is None


def test_a_page_that_was_not_built_is_said(tmp_path: Path) -> None:
    with pytest.raises(PageMissingError):
        PageFiles((tmp_path,))


def test_a_problem_is_shown_with_what_to_do_and_its_code() -> None:
    error = IPCError(code="DB005", message="Full.", remedy="Free <b>some</b> space.")
    page = ProblemPage(Problem(title="Oh", error=error, more=("And more.",)))
    found = page.get("/")
    assert found is not None
    text = found[0].decode()
    assert all(part in text for part in ("Oh", "Full.", "And more.", "Free &lt;b&gt;some"))
    assert "DB005" in text
    assert "<form" not in text
    assert page.get("/index.html") is None


def test_what_a_person_may_choose_is_a_button_each() -> None:
    error = IPCError(code="APP004", message="It keeps crashing.")
    offered = Offered(choice="safe-mode", label="Start in <safe> mode")
    found = ProblemPage(Problem(title="Oh", error=error, offered=(offered,))).get("/")
    assert found is not None
    button = b'<form method="post" action="/choose/safe-mode"><button>Start in &lt;safe&gt; mode<'
    assert button in found[0]


def test_a_plain_page_holds_no_markup_of_others() -> None:
    assert b"<script>" not in plain_page("<script>", "<script>", code="<script>")


def test_vite_serves_all_files_in_development() -> None:
    assert NoFiles().get("/") is None
