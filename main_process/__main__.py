"""The command `interview-app`: arguments, settings, logging, run; nothing else.

Whatever stands at the top here is imported by each child process as well.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from main_process.profile_folder import Mode
    from main_process.settings import Settings
    from shared_contracts.errors import AppError

T = TypeVar("T")
MODES = {
    "window": "a window of its own (the default)",
    "browser": "a page for your browser, at an address printed here",
    "headless": "no page at all, for scripts and tests",
    "dev": "a window on the page's sources; changes show at once",
}
COMMANDS = {
    "backup": "make a backup now",
    "restore": "put a backup in the database's place; what was there is kept",
    "export": "write everything you have into a file of JSON",
    "import": "read such a file into a profile that holds nothing yet",
    "migrate": "bring the database to the schema of another version of the app",
    "metrics": "print the numbers of the app that runs, in Prometheus' text format",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the app; the exit code is 0 also when a signal ends it."""
    from shared_contracts.errors import AppError

    # What is written here is for its owner's eyes, in a folder made by others too.
    os.umask(0o077)
    # Before there is a loop that could end it in order: nothing has been started yet.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # Once, and for all children: with a context of its own a log queue would crash them.
    multiprocessing.set_start_method("spawn")
    options = _parser().parse_args(arguments)
    try:
        return _start(options)
    except AppError as error:
        return _tell(error)
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="interview-app", description="Practise job interviews, in private."
    )
    _add_common(parser, safe_mode=True)
    kinds = parser.add_subparsers(title="what to do", dest="mode", metavar="COMMAND")
    for name, what in {**MODES, **COMMANDS}.items():
        one = kinds.add_parser(name, help=what, description=what)
        _add_common(one, safe_mode=name in MODES)
        if name in COMMANDS:
            _add_arguments[name](one)
    # After all else: argparse lets these stand only for what is known by then.
    parser.set_defaults(mode="window", profile=None, safe_mode=None)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, safe_mode: bool) -> None:
    """What may stand before the command or after it; said in neither place, it is left out."""
    parser.add_argument(
        "--profile",
        type=_folder,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the folder to keep everything in",
    )
    if safe_mode:
        parser.add_argument(
            "--safe-mode",
            action="store_true",
            default=argparse.SUPPRESS,
            help="for when something keeps crashing: the window is drawn without the graphics card,"
            " nothing is judged and nothing is cached",
        )


def _backup_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", type=Path, metavar="FILE", help="copy it to this new file as well")


def _restore_arguments(parser: argparse.ArgumentParser) -> None:
    choices = parser.add_mutually_exclusive_group()
    choices.add_argument(
        "backup", nargs="?", type=Path, help="its name or path; else the newest good one"
    )
    choices.add_argument("--list", action="store_true", help="only say which backups there are")
    choices.add_argument("--empty", action="store_true", help="start with an empty database")


def _file_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")


def _migrate_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, metavar="SCHEMA", help="such as 0001")


def _metrics_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, with the last quarter hour")


_add_arguments = {
    "backup": _backup_arguments,
    "restore": _restore_arguments,
    "export": _file_argument,
    "import": _file_argument,
    "migrate": _migrate_arguments,
    "metrics": _metrics_arguments,
}


def _folder(text: str) -> Path:
    if not text.strip():
        raise argparse.ArgumentTypeError("name a folder")
    return Path(text)


def _start(options: argparse.Namespace) -> int:
    from main_process.profile_folder import default_folder
    from main_process.settings import has_display, read_settings
    from shared_contracts.errors import AppError, DatabaseCorruptError, NoDisplayError

    settings = read_settings(profile=options.profile, safe_mode=options.safe_mode)
    folder = (settings.profile or default_folder()).expanduser().absolute()
    if options.mode in COMMANDS:
        return _command(options, folder, settings)
    if options.mode == "dev":
        from main_process import dev

        return dev.run(folder, safe_mode=settings.safe_mode)
    try:
        if options.mode == "window" and not has_display():
            raise NoDisplayError
        return _run(options.mode, folder, settings)
    except NoDisplayError as error:
        _say(f"{error.code}: {error.message} Your browser can show the app.")
        return _run("browser", folder, settings)
    except AppError as error:
        _tell(error)
        shown = isinstance(error, DatabaseCorruptError)
        if options.mode == "window" and not shown and _show(error, settings):
            options.safe_mode = True
            return _start(options)
        return 1


def _command(options: argparse.Namespace, folder: Path, settings: Settings) -> int:
    from main_process import commands
    from main_process.logs import open_logs
    from main_process.profile_folder import log_folder

    logs = log_folder(folder)
    with open_logs(logs if logs.is_dir() else None, settings):
        commands.RUN[options.mode](folder, options, _say)
    return 0


def _run(mode: Mode, folder: Path, settings: Settings) -> int:
    from main_process.logs import open_logs
    from main_process.profile_folder import log_folder, open_profile
    from main_process.running_app import raise_other_window
    from shared_contracts.errors import AnotherInstanceError

    try:
        with open_profile(folder), open_logs(log_folder(folder), settings) as logs:
            from main_process import orphans
            from main_process.app import App

            orphans.adopt()
            _run_loop(App(mode, folder, settings, logs, _say).run())
    except AnotherInstanceError:
        if mode == "headless":
            raise
        raise_other_window(folder)
        _say("Interview App is open with this profile already: its window is in front now.")
    return 0


def _show(error: AppError, settings: Settings) -> bool:
    """Whether the person who was shown the error chose to start in safe mode."""
    from main_process.app import show_problem
    from main_process.logs import open_logs

    with open_logs(None, settings) as logs:
        return _run_loop(show_problem(error, settings, logs))


def _run_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end. Raises AppError alone: InternalError (APP003) for what nobody foresaw."""
    import structlog

    from shared_contracts.errors import AppError, InternalError

    try:
        with asyncio.Runner(loop_factory=fastest_loop()) as runner:
            return runner.run(work)
    except AppError:
        raise
    except Exception as error:
        structlog.get_logger(__name__).exception("the main process failed")
        raise InternalError from error


def fastest_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    """A round trip takes half the time on uvloop, which doesn't exist for Windows."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop


def _say(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:
        # Whoever read it has seen enough; Python would write the rest once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(error: AppError) -> int:
    print(error, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
