"""Makes the files, lets all parts of the benchmark run on them, and puts the report together."""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from main_process.__main__ import fastest_loop
from tests.benchmarks.database.ours import open_ours, reader_pragmas, writer_pragmas
from tests.benchmarks.database.queries import run_queries
from tests.benchmarks.database.reads import run_reads, run_sizes
from tests.benchmarks.database.rows import cached
from tests.benchmarks.database.writes import run_writes
from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import Report
from tests.benchmarks.rounds import Effort

ROWS = 1_000_000
QUICK_ROWS = 20_000
SMALL_ROWS = 10_000


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
    files = [cached(options.cache, count) for count in (rows, min(rows, SMALL_ROWS))]
    with asyncio.Runner(loop_factory=fastest_loop()) as runner:
        return runner.run(_run(files, rows, Effort.wanted(options)))


async def _run(files: Sequence[Path], rows: int, effort: Effort) -> Report:
    load_before, measured = load(), commit()
    large, small = files
    with _copies(large, large, small) as (our_file, peers_file, small_file):
        async with open_ours(our_file) as app:
            async with open_ours(small_file) as small_app:
                sizes, size_bars = await run_sizes(app, small_app, effort)
            reads, read_bars = await run_reads(app, our_file, effort)
            written = await run_writes(app, peers_file, effort)
            queries, targets = await run_queries(app, effort)
            settings = {
                "rows": rows,
                "loop": type(asyncio.get_running_loop()).__module__,
                "rows of the small file": min(rows, SMALL_ROWS),
                "readers": await reader_pragmas(app),
                "writer": await writer_pragmas(app),
            }
        return Report(
            benchmark="database",
            commit=measured,
            date=today(),
            machine=machine(our_file.parent, load_before),
            settings=settings,
            results=(*sizes, *reads, *written.results, *queries),
            targets=(*written.targets, *targets),
            bars=(*size_bars, *read_bars, *written.bars),
        )


@contextmanager
def _copies(*files: Path) -> Iterator[list[Path]]:
    """Copies to be written to, on the disk; opening one makes a folder of backups beside it."""
    with tempfile.TemporaryDirectory(dir=files[0].parent, prefix="run-") as folder:
        copies = [Path(folder, str(number), "interview.db") for number in range(len(files))]
        for file, copy in zip(files, copies, strict=True):
            copy.parent.mkdir()
            shutil.copyfile(file, copy)
            # Otherwise it would be written while somebody waits for an fsync of their own.
            with copy.open("rb") as written:
                os.fsync(written.fileno())
        yield copies
