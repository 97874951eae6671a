"""The large file, made once and kept for the next run."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from shared_contracts import migrations
from tests.benchmarks import dataset
from tests.benchmarks.database.ours import open_ours


def cached(folder: Path, rows: int) -> Path:
    """The file with `rows` questions and answers, of the newest schema; older ones make room."""
    source = Path(dataset.__file__).read_bytes() + Path(__file__).read_bytes()
    digest = hashlib.sha256(source + migrations.HEAD.encode()).hexdigest()[:12]
    path = folder / f"{rows}-rows-{digest}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for outdated in folder.glob(f"{rows}-rows-*"):
            outdated.unlink()
        unfinished = folder / f"unfinished-{digest}" / "interview.db"
        unfinished.parent.mkdir(exist_ok=True)
        dataset.make(unfinished, rows)
        _settle(unfinished)
        asyncio.run(_start_once(unfinished))
        unfinished.rename(path)
        shutil.rmtree(unfinished.parent)
    return path


def _settle(path: Path) -> None:
    """Merge the parts of the search indexes, as the writes of years do it little by little.

    Those that were filled at one stroke are left in large parts on the lowest level, and whichever
    write comes next has to merge them all: 18 s for one question, with a million of them.
    """
    with closing(sqlite3.connect(path)) as tx:
        tx.execute("INSERT INTO question_words (question_words) VALUES ('optimize')")
        tx.execute("INSERT INTO answer_words (answer_words) VALUES ('optimize')")
        tx.commit()


async def _start_once(path: Path) -> None:
    """The first start brings the shipped questions in."""
    async with open_ours(path):
        pass
