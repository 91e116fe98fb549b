"""Bots that start at once: a process that has imported the whole bot forks a copy of itself for each start.

Most of a start is imports, and the suite starts bots by the hundred. The copy then runs the module as `python -m`
would, with its own environment, session and pipes. `tests/bot/test_process.py` and the sandbox's tests check that a bot
also starts from scratch.

Each worker of pytest has its own server, which ends with it: it watches a pipe that the worker never closes. What the
server has forked ends with the server.
"""

import asyncio
import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sandbox.parent_death import end_with
from sandbox.supervisor import LONGEST_LINE

ROOT = Path(__file__).parent.parent
_MODULES = (
    "bot.app",
    "bot.storage.connect.writer_process",
    "bot.storage.connect.postgresql",
    "bot.operations.audit",
    "bot.operations.backup",
    "bot.operations.migrate",
    "bot.operations.transfer",
    "alembic.command",
)
_LONGEST_REQUEST = 1 << 16
_EXIT_BYTES = 4


class ForkedProcess:
    """A process forked by the server, with the parts of `asyncio.subprocess.Process` that are used here."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, exit_socket: socket.socket) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._exit = asyncio.create_task(self._wait(exit_socket), name=f"exit of {pid}")

    async def wait(self) -> int:
        """Wait for the end of the process and return its exit code, negative for a signal."""
        return await asyncio.shield(self._exit)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the process. Raises ProcessLookupError once it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    async def _wait(self, exit_socket: socket.socket) -> int:
        with exit_socket:
            code = await asyncio.get_running_loop().sock_recv(exit_socket, _EXIT_BYTES)
        self.returncode = _number(code)
        return self.returncode


class Forkserver:
    """The client side of the server."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._socket = Path(self._folder.name) / "forkserver"
        end, self._lifeline = os.pipe()
        # Only the errors of the server are of interest, so its output goes nowhere.
        command = [sys.executable, "-m", "tests.forkserver", str(self._socket), str(end)]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        self._server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, pass_fds=[end])
        os.close(end)
        assert self._server.stdout is not None
        # The server prints a line once it listens.
        assert self._server.stdout.readline(), "The forkserver does not start."

    async def spawn(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> ForkedProcess:
        """Start `python -m module …` in a session of its own, with its output on `stdout`."""
        read_end, write_end = os.pipe()
        try:
            connection = self._ask(command, folder, environment, [write_end])
        finally:
            os.close(write_end)
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        pid = _number(await loop.sock_recv(connection, _EXIT_BYTES))
        stdout = asyncio.StreamReader(limit=LONGEST_LINE)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdout), os.fdopen(read_end, "rb"))
        return ForkedProcess(pid, stdout, connection)

    def run(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], timeout_s: float
    ) -> subprocess.CompletedProcess[str]:
        """Run `python -m module …` to its end, or kill it after `timeout_s` and raise TimeoutError. Blocks."""
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            with self._ask(command, folder, environment, [output.fileno(), errors.fileno()]) as connection:
                pid = _number(connection.recv(_EXIT_BYTES))
                connection.settimeout(timeout_s)
                try:
                    code = _number(connection.recv(_EXIT_BYTES))
                except TimeoutError:
                    os.kill(pid, signal.SIGKILL)
                    raise
            output.seek(0)
            errors.seek(0)
            return subprocess.CompletedProcess(command, code, output.read().decode(), errors.read().decode())

    def _ask(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], outputs: list[int]
    ) -> socket.socket:
        """Ask for a process. The server first sends its id on the returned socket, and at its end its exit code."""
        executable, option, module, *arguments = command
        assert (executable, option) == (sys.executable, "-m"), command
        request = {"module": module, "arguments": arguments, "folder": str(folder), "environment": dict(environment)}
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.connect(str(self._socket))
        socket.send_fds(connection, [json.dumps(request).encode()], outputs)
        return connection

    def close(self) -> None:
        """End the server, and the processes that it has forked."""
        os.close(self._lifeline)
        self._server.wait()
        assert self._server.stdout is not None
        self._server.stdout.close()
        self._folder.cleanup()


def _number(code: bytes) -> int:
    return int.from_bytes(code, "little", signed=True)


@functools.cache
def _forkserver() -> Forkserver:
    """Return this worker's server, which the first call starts."""
    server = Forkserver()
    atexit.register(server.close)
    return server


async def spawn(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> ForkedProcess:
    """Start a process with this worker's server."""
    return await _forkserver().spawn(command, folder, environment)


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], timeout_s: float
) -> subprocess.CompletedProcess[str]:
    """Run a process to its end with this worker's server. Blocks. Raises TimeoutError."""
    return _forkserver().run(command, folder, environment, timeout_s)


def serve(path: str, lifeline: int) -> dict[str, Any] | None:
    """Fork whenever a client asks. Returns the request in the forked process, None in the server when it ends."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(path)
    listener.listen(16)
    wake_reader, wake_writer = socket.socketpair()
    wake_writer.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_writer.fileno())
    clients: dict[int, socket.socket] = {}
    own_pid = os.getpid()
    os.write(1, b"Listening.\n")
    with selectors.DefaultSelector() as selector:
        for source in (listener, wake_reader, lifeline):
            selector.register(source, selectors.EVENT_READ)
        while True:
            sources = {key.fileobj for key, _ in selector.select()}
            if wake_reader in sources:
                wake_reader.recv(1024)
                _bury(clients)
            if lifeline in sources:
                return None
            if listener in sources:
                client, _ = listener.accept()
                request, descriptors, *_ = socket.recv_fds(client, _LONGEST_REQUEST, 2)
                pid = os.fork()
                if pid == 0:
                    end_with(own_pid)
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for inherited in (listener, wake_reader, wake_writer, client, *clients.values()):
                        inherited.close()
                    os.close(lifeline)
                    _move_output(descriptors)
                    return json.loads(request)
                for descriptor in descriptors:
                    os.close(descriptor)
                clients[pid] = client
                client.send(pid.to_bytes(_EXIT_BYTES, "little", signed=True))


def _bury(clients: dict[int, socket.socket]) -> None:
    """Reap ended processes, and send their exit codes to their clients."""
    for pid in list(clients):
        ended_pid, status = os.waitpid(pid, os.WNOHANG)
        if ended_pid:
            code = os.waitstatus_to_exitcode(status)
            with clients.pop(pid) as client, contextlib.suppress(OSError):
                client.send(code.to_bytes(_EXIT_BYTES, "little", signed=True))


def _move_output(descriptors: list[int]) -> None:
    """Redirect the output and the errors to one file or two, and the input to nothing."""
    for standard, descriptor in ((1, descriptors[0]), (2, descriptors[-1])):
        os.dup2(descriptor, standard)
    for descriptor in descriptors:
        os.close(descriptor)
    null_device = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null_device, 0)
    os.close(null_device)


def _preload() -> None:
    from bot.client import COGS  # noqa: PLC0415 - the clients of the server have no use for the bot
    from bot.ui.text.reader import catalogue, languages  # noqa: PLC0415

    for module in (*_MODULES, *COGS):
        importlib.import_module(module)
    for language in languages():
        catalogue(language)
    # No copy then looks through what was imported, and so copies the memory that it shares with the server.
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _preload()
    job = serve(sys.argv[1], int(sys.argv[2]))
    if job is not None:
        os.setsid()
        os.chdir(job["folder"])
        os.environ.clear()
        os.environ.update(job["environment"])
        sys.argv = [job["module"], *job["arguments"]]
        runpy.run_module(job["module"], run_name="__main__", alter_sys=True)
