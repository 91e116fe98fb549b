"""A private PostgreSQL server for tests: started on the loopback as a user other than root, and removed afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path

from sandbox.parent_death import end_with
from tests import scratch

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
OWNER = "rosette"
BRIEF = ["fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0", "jit=off", "autovacuum=off"]
"""Settings for databases that hold a few rows for a second, and whose machine never fails."""
STATUS_LINE = 7
"""Where the file of a server says what it does."""
_names = count(1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unprivileged() -> tuple[int, int] | None:
    """Return the user and group to run the server as if we are root, as which it refuses to run."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return user.pw_uid, user.pw_gid
    raise LookupError("no user to run PostgreSQL as")


class Session:
    """A `psql` that stays open, because to start one for each statement takes longer than the statement."""

    END = "end of the answer"

    def __init__(self, command: Sequence[str | Path]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    @property
    def is_open(self) -> bool:
        """Whether the connection can be used. It ends with the first error, and with the server."""
        return self._process.poll() is None

    def run(self, statement: str) -> None:
        """Run a statement. Fails with what psql says, unless the statement succeeds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{statement};\n\\echo {self.END}\n")
            self._process.stdin.flush()
        lines: list[str] = []
        for line in self._process.stdout:
            if line.strip() == self.END:
                return
            lines.append(line)
        raise AssertionError(f"{statement}: {''.join(lines)}")

    def close(self) -> None:
        """End the connection."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Server:
    """A PostgreSQL server with an empty cluster in `folder`. Its commits reach the disk only if it is `durable`.

    It listens on `host`. `prefix` are words that precede its commands: they run it in another network, as another user.
    """

    def __init__(
        self, folder: Path, binaries: Path, *, durable: bool, host: str = "127.0.0.1", prefix: Sequence[str] = ()
    ) -> None:
        self.folder = folder
        self._durable = durable
        self.host = host
        self.port = _free_port()
        self._prefix = prefix
        self._binaries = binaries
        self._session: Session | None = None
        self._user = unprivileged()
        if self._user is not None:
            os.chown(folder, *self._user)
        if prefix:
            # To change the network takes root, so it is done before the change of user.
            self._user = None
        self._fill()

    def _fill(self) -> None:
        """Fill the folder, which is empty."""
        self._run("initdb", "--no-sync", "--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--locale=C.UTF-8")

    def start(self, *own_settings: str) -> None:
        """Start the server, and wait until it answers. `own_settings` are added to those of all tests."""
        settings = ["max_connections=80", "unix_socket_directories=", f"listen_addresses={self.host}"]
        settings += [*([] if self._durable else BRIEF), *own_settings]
        options = [part for setting in settings for part in ("-c", setting)]
        user, group = self._user or (None, None)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._prefix, self._binaries / "postgres", "-D", self.folder, "-p", str(self.port), *options],
                user=user,
                group=group,
                extra_groups=None if self._user is None else (),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Not with `pg_ctl`, whose server would outlive a test run that is killed. SIGQUIT stops it at once.
                preexec_fn=partial(end_with, os.getpid(), signal.SIGQUIT),  # noqa: PLW1509 - a system call or two
            )
        while not self._is_ready():
            assert self._process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
            time.sleep(0.02)

    def _is_ready(self) -> bool:
        """Whether the server has noted in its file that it takes connections."""
        try:
            lines = (self.folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > STATUS_LINE and lines[0] == str(self._process.pid) and lines[STATUS_LINE].strip() == "ready"

    def stop(self, mode: str = "fast") -> None:
        """Stop the server. The mode `immediate` works like a crash."""
        if self._session is not None:
            self._session.close()
            self._session = None
        self._run("pg_ctl", "-w", "-m", mode, "stop")
        self._process.wait()

    def sql(self, statement: str, database: str = "postgres") -> list[list[str]]:
        """Run a statement without our storage code, and return its rows as text."""
        process = self._psql("-F\x1f", "-c", statement, database)
        return [line.split("\x1f") for line in process.stdout.splitlines()]

    def address(self, database: str) -> str:
        """Return the address of a database in the form of DATABASE_URL."""
        return f"postgresql+asyncpg://{OWNER}@{self.host}:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template0") -> Generator[str]:
        """Create a database for the length of a block, and yield its name."""
        name = f"books_{next(_names)}"
        self._administer(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield name
        finally:
            self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    def bench(self, *arguments: str, database: str) -> str:
        """Run pgbench, and return its output."""
        command = [
            self._binaries / "pgbench",
            "-h",
            self.host,
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

    def _administer(self, statement: str) -> None:
        """Run a statement about whole databases."""
        if self._session is not None and not self._session.is_open:
            self._session.close()
            self._session = None
        if self._session is None:
            self._session = Session([*self._psql_command, "postgres"])
        self._session.run(statement)

    @property
    def _psql_command(self) -> list[str | Path]:
        command = [self._binaries / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-p", str(self.port)]
        return [*command, "-U", OWNER]

    def _psql(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = subprocess.run([*self._psql_command, *arguments], capture_output=True, text=True, check=False)
        assert process.returncode == 0, process.stderr
        return process

    def _run(self, program: str, *arguments: str) -> None:
        user, group = self._user or (None, None)
        process = subprocess.run(
            [*self._prefix, self._binaries / program, "-D", self.folder, *arguments],
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


class Standby(Server):
    """A copy of the server at `primary`, a host and a port, whose journal it follows until it is promoted."""

    def __init__(
        self,
        folder: Path,
        binaries: Path,
        *,
        primary: tuple[str, int],
        host: str = "127.0.0.1",
        prefix: Sequence[str] = (),
    ) -> None:
        self._primary = primary
        super().__init__(folder, binaries, durable=True, host=host, prefix=prefix)

    def _fill(self) -> None:
        host, port = self._primary
        place = ["-h", host, "-p", str(port), "-U", OWNER]
        self._run("pg_basebackup", "--checkpoint=fast", "--write-recovery-conf", "--no-sync", *place)

    def promote(self) -> None:
        """Let the standby take over: from now on it writes."""
        self._run("pg_ctl", "-w", "promote")


@contextmanager
def running(skip: Callable[[str], None], *, durable: bool = False) -> Generator[Server]:
    """Run a server for the length of a block. `skip` is called if PostgreSQL is not installed.

    Most tests end processes, not machines, so only a `durable` server has its files on a disk.
    """
    if BINARIES is None:
        skip("PostgreSQL is not installed")
        raise AssertionError("skipped")
    # Not below pytest's folder, which the server's user may not enter. And to create hundreds of databases takes ten
    # times as long on a disk.
    folder = Path(tempfile.mkdtemp(prefix="rosette-postgresql-", dir=None if durable else scratch.memory()))
    try:
        server = Server(folder, BINARIES, durable=durable)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
