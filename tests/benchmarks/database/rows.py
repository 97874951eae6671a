"""The large file, made once and kept for the next run."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
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
        asyncio.run(_start_once(unfinished))
        unfinished.rename(path)
        shutil.rmtree(unfinished.parent)
    return path


async def _start_once(path: Path) -> None:
    """The first start brings the shipped questions in, for which a fresh index merges its parts."""
    async with open_ours(path):
        pass
