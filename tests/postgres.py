"""A private PostgreSQL server for tests: started on the loopback, as a user who is not root, and gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
OWNER = "rosette"
MEMORY = Path("/dev/shm")
ROOM = 2**31
"""Bytes that have to be free in memory for a cluster to be kept there."""
_names = count(1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _unprivileged() -> tuple[int, int] | None:
    """Return the user and group that the server runs as where we are root, which it refuses to be."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return user.pw_uid, user.pw_gid
    raise LookupError("no user to run PostgreSQL as")


def _fast_folder() -> Path | None:
    """Return a folder in memory, None without one: making hundreds of databases takes ten times as long on a disk."""
    usable = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if usable else None


class Server:
    """A PostgreSQL server with an empty cluster in `folder`; commits reach the disk if it is `durable`."""

    def __init__(self, folder: Path, binaries: Path, *, durable: bool) -> None:
        self.folder = folder
        self._durable = durable
        self.port = _free_port()
        self._binaries = binaries
        self._user = _unprivileged()
        if self._user is not None:
            os.chown(folder, *self._user)
        self._run("initdb", "--no-sync", "--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        """Start, and wait until it answers."""
        fsync = "fsync=on" if self._durable else "fsync=off"
        settings = (fsync, "max_connections=80", "unix_socket_directories=''", "listen_addresses=127.0.0.1")
        options = " ".join(f"-c {setting}" for setting in settings)
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", f"-p {self.port} {options}", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop; the mode `immediate` is what a crash looks like."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def sql(self, statement: str, database: str = "postgres") -> list[list[str]]:
        """Run a statement outside of the bot and of our storage; return its rows as text."""
        process = self._psql("-F\x1f", "-c", statement, database)
        return [line.split("\x1f") for line in process.stdout.splitlines()]

    def address(self, database: str) -> str:
        """Return the address of a database as settings take it."""
        return f"postgresql+asyncpg://{OWNER}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template0") -> Generator[str]:
        """Make a database, for as long as the block lasts; return its name."""
        name = f"books_{next(_names)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield name
        finally:
            self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def bench(self, *arguments: str, database: str) -> str:
        """Run pgbench; return what it says."""
        command = [
            self._binaries / "pgbench",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            OWNER,
            *arguments,
            database,
        ]
        process = subprocess.run(command, capture_output=True, text=True, check=False)
        assert process.returncode == 0, process.stderr
        return process.stdout

    def _psql(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [self._binaries / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port)]
        process = subprocess.run([*command, "-U", OWNER, *arguments], capture_output=True, text=True, check=False)
        assert process.returncode == 0, process.stderr
        return process

    def _run(self, program: str, *arguments: str) -> None:
        user, group = self._user or (None, None)
        process = subprocess.run(
            [self._binaries / program, "-D", self.folder, *arguments],
            user=user,
            group=group,
            extra_groups=None if self._user is None else (),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
        assert process.returncode == 0, process.stderr


@contextmanager
def running(skip: Callable[[str], None], *, durable: bool = False) -> Generator[Server]:
    """A running server, for as long as the block lasts; `skip` is called where PostgreSQL is not installed.

    What tests acknowledge has to survive the end of processes, not of machines: only a `durable` one is on a disk.
    """
    if BINARIES is None:
        skip("PostgreSQL is not installed")
        raise AssertionError("skipped")
    # Not below pytest's folder, which nobody else may enter.
    folder = Path(tempfile.mkdtemp(prefix="rosette-postgresql-", dir=None if durable else _fast_folder()))
    try:
        server = Server(folder, BINARIES, durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
