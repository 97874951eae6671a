"""Makes the files, lets all parts of the benchmark run on them, and puts the report together."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from tests.benchmarks.database.ours import open_ours, reader_pragmas, writer_pragmas
from tests.benchmarks.database.queries import run_queries
from tests.benchmarks.database.reads import run_reads
from tests.benchmarks.database.rows import cached
from tests.benchmarks.database.writes import run_writes
from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import Report
from tests.benchmarks.rounds import Effort

ROWS = 1_000_000
QUICK_ROWS = 20_000


def add_options(parser: argparse.ArgumentParser) -> None:
    """How large the database is, and where it is kept for the next run."""
    parser.add_argument(
        "--rows",
        type=int,
        metavar="N",
        help=f"questions, and as many answers ({ROWS:,}; with --quick {QUICK_ROWS:,})",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="FOLDER",
        default=platformdirs.user_cache_path("interview-app") / "benchmarks",
        help="where the databases are kept for the next run (%(default)s)",
    )


def run(options: argparse.Namespace) -> Report:
    """Measure reads, writes, and reads while others write."""
    rows = options.rows or (QUICK_ROWS if options.quick else ROWS)
    return asyncio.run(_run(cached(options.cache, rows), rows, Effort.wanted(options)))


async def _run(file: Path, rows: int, effort: Effort) -> Report:
    load_before = load()
    with _copies(file) as (our_file, peers_file):
        async with open_ours(our_file) as app:
            reads, read_bars = await run_reads(app, our_file, effort)
            writes, write_bars = await run_writes(app, peers_file, effort)
            queries, targets = await run_queries(app, effort)
            settings = {
                "rows": rows,
                "readers": await reader_pragmas(app),
                "writer": await writer_pragmas(app),
            }
        return Report(
            benchmark="database",
            commit=commit(),
            date=today(),
            machine=machine(our_file.parent, load_before),
            settings=settings,
            results=(*reads, *writes, *queries),
            targets=tuple(targets),
            bars=(*read_bars, *write_bars),
        )


@contextmanager
def _copies(file: Path) -> Iterator[tuple[Path, Path]]:
    """Two copies of the file to be written to, one for us and one for the peers."""
    with tempfile.TemporaryDirectory(dir=file.parent, prefix="run-") as folder:
        copies = (Path(folder, "ours.db"), Path(folder, "peers.db"))
        for copy in copies:
            shutil.copyfile(file, copy)
        yield copies
