"""Takes the words of texts that are gone out of the full-text indexes' files.

FTS5 notes that a text is gone and keeps its words until it happens to merge the part they are in;
its option to erase them at once came with SQLite 3.42. So all parts are merged, a bit at a time.
"""

from __future__ import annotations

from main_process.database import Transaction

INDEXES = ("question_words", "answer_words")
PAGES_AT_ONCE = 100
"""How many pages of an index one step writes: a few milliseconds of the writer's time."""
_NO_PROGRESS = 2
"""FTS5 makes fewer changes than this when nothing is left. Source: https://sqlite.org/fts5.html"""


def due(tx: Transaction) -> dict[str, int]:
    """The indexes with such words, and how many texts they are of."""
    return dict(tx.execute("SELECT words, count FROM forgotten").fetchall())


def merge(tx: Transaction, words: str, *, first: bool) -> bool:
    """Merge some pages, the `first` time with all parts as one work. False when all is done."""
    if words not in INDEXES:
        msg = f"{words!r} is not a full-text index"
        raise ValueError(msg)
    before = tx.total_changes
    tx.execute(
        f"INSERT INTO {words} ({words}, rank) VALUES ('merge', ?)",
        (-PAGES_AT_ONCE if first else PAGES_AT_ONCE,),
    )
    return tx.total_changes - before >= _NO_PROGRESS


def done(tx: Transaction, words: str, count: int) -> None:
    """Note that the words are gone, unless more texts went in the meantime."""
    tx.execute("DELETE FROM forgotten WHERE words = ? AND count = ?", (words, count))
