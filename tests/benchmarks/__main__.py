"""python -m tests.benchmarks NAME [--json FILE] [--quick]: runs a benchmark and prints its table.

A benchmark is a module of this folder with `add_options(parser)` and `run(options)`, which returns
a Report; it is listed in BENCHMARKS.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

import structlog

from tests.benchmarks.report import Report, to_json, to_text

BENCHMARKS = {
    "cache": "what the data service answers by itself of a recorded use of the app",
    "fuzz": "whatever can be sent to the socket, and what comes of it",
    "ipc": "round trips on the socket beside other ways between two processes",
    "database": "the database manager beside sqlite3, aiosqlite and SQLAlchemy",
    "faults": "what is lost when the writer is killed, the disk is full or a file is damaged",
    "soak": "the whole app under mixed load, with processes killed",
    "evaluation": "the offline evaluator beside people's grades, baselines and attacks",
    "speech": "the speech recognition: words, time, memory and fillers",
    "journey": "the real window: start, clicks, memory and the cache",
}
"""Each benchmark's name, which is its module's, and what it measures."""


class Benchmark(Protocol):
    """What a benchmark's module has."""

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options that only this one has."""

    def run(self, options: argparse.Namespace) -> Report:
        """Measure. `options.quick` asks for less than a minute, else ten are the limit;
        `options.seconds` says how long a round lasts, None leaves it to the benchmark.
        """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the command line names. A missed bar is reported, and is no failure to run."""
    given = sys.argv[1:] if arguments is None else arguments
    parser = _parser()
    for name in BENCHMARKS.keys() & given:
        load(name).add_options(parser)
    options = parser.parse_args(given)
    benchmark = load(options.name)
    if options.json:
        options.json.touch()  # where the result can't go is said before the work, not after
    report = benchmark.run(options)
    if options.json:
        options.json.write_bytes(to_json(report))
    print(to_text(report))


def load(name: str) -> Benchmark:
    """A benchmark's module, imported only when it is wanted: each brings its own peers."""
    return cast("Benchmark", importlib.import_module(f"tests.benchmarks.{name}"))


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<12} {what}" for name, what in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description=f"Runs one benchmark and prints what it found:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=BENCHMARKS, metavar="NAME", help="one of the above")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there too")
    parser.add_argument("--quick", action="store_true", help="less than a minute, less exact")
    parser.add_argument("--seconds", type=float, metavar="S", help="how long each round lasts")
    return parser


if __name__ == "__main__":
    # The app's own log goes to files by way of a queue; here it would stand between the tables.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    main()
