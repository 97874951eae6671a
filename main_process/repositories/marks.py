"""Texts with marks around what a search matched, and what becomes of them: spans and snippets."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from shared_contracts.contract import Span

OPEN, CLOSE = "\ufdd0", "\ufdd1"
"""Unicode promises that these are no characters, so that no text has them."""
SNIPPET_CHARACTERS = 200
_BEFORE = 60
_MARK = re.compile(f"([{OPEN}{CLOSE}])")


def unmark(marked: str) -> tuple[str, tuple[Span, ...]]:
    """The text without its marks, and where they were."""
    parts, spans, start, end = [], [], 0, 0
    for part in _MARK.split(marked):
        if part == OPEN:
            start = end
        elif part == CLOSE:
            spans.append(Span(start=start, end=end))
        else:
            parts.append(part)
            end += len(part)
    return "".join(parts), tuple(spans)


def snippet(marked: str) -> tuple[str, tuple[Span, ...]]:
    """The passage with the most marks, cut between words, and where they are in it."""
    text, spans = unmark(marked)
    if len(text) <= SNIPPET_CHARACTERS or not spans:
        return _clipped(text, spans, 0)
    return _clipped(text, spans, max(0, _densest(spans).start - _BEFORE))


def _densest(spans: Sequence[Span]) -> Span:
    """The span that most others follow within a snippet's length."""
    ends = [span.end for span in spans]
    reach = SNIPPET_CHARACTERS - _BEFORE
    followers = [bisect_right(ends, span.start + reach) - at for at, span in enumerate(spans)]
    return spans[followers.index(max(followers))]


def _clipped(text: str, spans: Sequence[Span], start: int) -> tuple[str, tuple[Span, ...]]:
    """`SNIPPET_CHARACTERS` from `start` on, but no part of a word, and an ellipsis for the rest."""
    if start:
        space = text.find(" ", start, start + _BEFORE)
        start = space + 1 if space > 0 else start
    end = start + SNIPPET_CHARACTERS
    if end < len(text):
        space = text.rfind(" ", start, end)
        end = space if space > start else end
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    inside = tuple(
        Span(start=span.start + shift, end=span.end + shift)
        for span in spans
        if span.start >= start and span.end <= end
    )
    return f"{before}{text[start:end]}{after}", inside
