"""The large file, made once and kept for the next run."""

from __future__ import annotations

import hashlib
from pathlib import Path

from shared_contracts import migrations
from tests.benchmarks import dataset


def cached(folder: Path, rows: int) -> Path:
    """The file with `rows` questions and answers, of the newest schema; older ones make room."""
    source = Path(dataset.__file__).read_bytes()
    digest = hashlib.sha256(source + migrations.HEAD.encode()).hexdigest()[:12]
    path = folder / f"{rows}-rows-{digest}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for outdated in folder.glob(f"{rows}-rows-*"):
            outdated.unlink()
        dataset.make(path, rows)
    return path
