"""The built page: the files that may be asked for, and the plain pages shown in its place."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping
from pathlib import Path

from shared_contracts.errors import PageMissingError
from shared_contracts.problem import Choice, Problem

_PACKAGE = Path(__file__).parent
FOLDERS = (_PACKAGE / "page", _PACKAGE / "ui" / "dist")
"""Where the page lies: in an installed package, and in a checkout."""
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Ours and not the system's table, which may call a script text/plain."""
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 34rem; margin: 14vh auto 0; padding: 0 2rem; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 1rem; }
small { opacity: .65; }
nav { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0; }
button { font: inherit; padding: .45rem 1rem; cursor: pointer; }
"""
PLAIN_STYLE_HASH = f"sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}"
"""By which the content security policy knows the one inline style there is."""


class PageFiles:
    """The files of the page by their paths; read once, and nothing beside them can be asked for."""

    def __init__(self, folders: tuple[Path, ...] = FOLDERS) -> None:
        """Raises PageMissingError (APP005) when none of `folders` has a page."""
        folder = next((each for each in folders if (each / "index.html").is_file()), None)
        if folder is None:
            raise PageMissingError
        self._files = {
            f"/{path.relative_to(folder).as_posix()}": path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        self._files["/"] = self._files["/index.html"]

    def get(self, path: str) -> tuple[bytes, str] | None:
        """The file's content and content type."""
        content = self._files.get(path)
        if content is None:
            return None
        suffix = ".html" if path == "/" else Path(path).suffix
        return content, CONTENT_TYPES.get(suffix, "application/octet-stream")


def plain_page(
    title: str, *sentences: str, code: str = "", buttons: Mapping[str, str] | None = None
) -> bytes:
    """A page of a few words that needs nothing else; `buttons` are their labels by where they post
    to.
    """
    paragraphs = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences if sentence)
    forms = "".join(_form(path, label) for path, label in (buttons or {}).items())
    choices = f"<nav>{forms}</nav>" if forms else ""
    mark = f"<small>{html.escape(code)}</small>" if code else ""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Interview App</title>'
        f"<style>{_STYLE}</style>"
        f"<main><h1>{html.escape(title)}</h1>{paragraphs}{choices}{mark}</main></html>"
    ).encode()


def _form(path: str, label: str) -> str:
    action, words = html.escape(path), html.escape(label)
    return f'<form method="post" action="{action}"><button>{words}</button></form>'


class ProblemPage:
    """All that is served when the app can't go on: what went wrong, and what can be done."""

    def __init__(self, problem: Problem) -> None:
        error = problem.error
        sentences = (error.message, *problem.more, error.remedy)
        buttons = {path_of(each.choice): each.label for each in problem.offered}
        self._page = plain_page(problem.title, *sentences, code=error.code, buttons=buttons)

    def get(self, path: str) -> tuple[bytes, str] | None:
        """The one page."""
        return (self._page, CONTENT_TYPES[".html"]) if path == "/" else None


def path_of(choice: Choice) -> str:
    """What is posted to when the person chooses this."""
    return f"/choose/{choice}"


class NoFiles:
    """Vite serves them all."""

    def get(self, path: str) -> tuple[bytes, str] | None:  # noqa: ARG002
        """Nothing."""
        return None
