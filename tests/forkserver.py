"""Bots that are there at once: a process that has imported the whole bot forks a copy of itself for each start.

Two thirds of a start are imports, and a run of the suite starts some two hundred bots. What is forked then runs the
module as `python -m` would, with its own environment, session and pipes; whether a bot also starts from nothing is for
`tests/bot/test_process.py` and the sandbox's tests.

One server serves one worker of pytest, and ends with it: it holds a pipe that the worker never closes.
"""

import asyncio
import atexit
import contextlib
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

from sandbox.supervisor import LONGEST_LINE

ROOT = Path(__file__).parent.parent
_MODULES = ("bot.app", "bot.storage.process", "bot.storage.postgresql", "bot.operations.backup", "alembic.command")
_LONGEST_REQUEST = 1 << 16
_EXIT_BYTES = 4


class ForkedProcess:
    """A process of the server's, with what is used here of `asyncio.subprocess.Process`."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader, exit_socket: socket.socket) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._exit = asyncio.create_task(self._wait(exit_socket), name=f"exit of {pid}")

    async def wait(self) -> int:
        """Return the exit code once the process has ended; negative for the signal that ended it."""
        return await asyncio.shield(self._exit)

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal; raises ProcessLookupError once it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError
        os.kill(self.pid, number)

    async def _wait(self, exit_socket: socket.socket) -> int:
        with exit_socket:
            code = await asyncio.get_running_loop().sock_recv(exit_socket, _EXIT_BYTES)
        self.returncode = int.from_bytes(code, "little", signed=True)
        return self.returncode


class Forkserver:
    """The server as its clients see it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._socket = Path(self._folder.name) / "forkserver"
        end, self._lifeline = os.pipe()
        # Its output is of no use to anybody, except for what goes wrong.
        command = [sys.executable, "-m", "tests.forkserver", str(self._socket), str(end)]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        self._server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, pass_fds=[end])
        os.close(end)
        assert self._server.stdout is not None
        # A line comes when it listens.
        assert self._server.stdout.readline(), "The forkserver does not start."

    async def spawn(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> ForkedProcess:
        """Start `python -m module …` in a session of its own; what it writes can be read from `stdout`."""
        executable, option, module, *arguments = command
        assert (executable, option) == (sys.executable, "-m"), command
        request = {"module": module, "arguments": arguments, "folder": str(folder), "environment": dict(environment)}
        read_end, write_end = os.pipe()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.connect(str(self._socket))
        try:
            socket.send_fds(connection, [json.dumps(request).encode()], [write_end])
        finally:
            os.close(write_end)
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        pid = int.from_bytes(await loop.sock_recv(connection, _EXIT_BYTES), "little", signed=True)
        stdout = asyncio.StreamReader(limit=LONGEST_LINE)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdout), os.fdopen(read_end, "rb"))
        return ForkedProcess(pid, stdout, connection)

    def close(self) -> None:
        """End the server; what it has forked goes on."""
        os.close(self._lifeline)
        self._server.wait()
        assert self._server.stdout is not None
        self._server.stdout.close()
        self._folder.cleanup()


_forkserver: Forkserver | None = None


async def spawn(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> ForkedProcess:
    """Start a process with this worker's server, which is started when it is first asked."""
    global _forkserver  # noqa: PLW0603 - one for each worker, whichever test comes first
    if _forkserver is None:
        _forkserver = Forkserver()
        atexit.register(_forkserver.close)
    return await _forkserver.spawn(command, folder, environment)


def serve(path: str, lifeline: int) -> dict[str, Any] | None:
    """Fork whenever a client asks. Returns a request in the process that is to answer it, None when all is over."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(path)
    listener.listen(16)
    wake_reader, wake_writer = socket.socketpair()
    wake_writer.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_writer.fileno())
    clients: dict[int, socket.socket] = {}
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
                request, descriptors, *_ = socket.recv_fds(client, _LONGEST_REQUEST, 1)
                pid = os.fork()
                if pid == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    for inherited in (listener, wake_reader, wake_writer, client, *clients.values()):
                        inherited.close()
                    os.close(lifeline)
                    _move_output(descriptors[0])
                    return json.loads(request)
                os.close(descriptors[0])
                clients[pid] = client
                client.send(pid.to_bytes(_EXIT_BYTES, "little", signed=True))


def _bury(clients: dict[int, socket.socket]) -> None:
    """Tell clients of processes that have ended."""
    for pid in list(clients):
        ended_pid, status = os.waitpid(pid, os.WNOHANG)
        if ended_pid:
            code = os.waitstatus_to_exitcode(status)
            with clients.pop(pid) as client, contextlib.suppress(OSError):
                client.send(code.to_bytes(_EXIT_BYTES, "little", signed=True))


def _move_output(descriptor: int) -> None:
    """Write to a pipe from now on, and read nothing."""
    for standard in (1, 2):
        os.dup2(descriptor, standard)
    os.close(descriptor)
    null_device = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null_device, 0)
    os.close(null_device)


def _preload() -> None:
    from bot.client import COGS  # noqa: PLC0415 - the clients of the server have no use for the bot

    for module in (*_MODULES, *COGS):
        importlib.import_module(module)


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
