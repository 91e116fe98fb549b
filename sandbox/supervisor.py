"""Runs the bot in its own process: starts it, keeps its log, and stops it gracefully or not.

A bot that dies is never restarted automatically.
"""

import asyncio
import contextlib
import os
import re
import signal
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Literal, Protocol

from sandbox.parent_death import end_with

State = Literal["starting", "restarting", "online", "offline", "dead", "stopped"]

KEEP_LINES: Final = 2_000
LAST_LINES: Final = 25
STOP_SECONDS: Final = 4.0
LONGEST_LINE: Final = 1 << 20
_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*m")
_OWN_VARIABLES: Final = ("DISCORD_", "DATABASE_", "SHARD_", "WEB_", "PUBLIC_", "PAYMENT_", "SANDBOX_", "STRIPE_")


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with `changes`, and without the settings of a real bot."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OWN_VARIABLES)}
    return {**inherited, "PYTHONUNBUFFERED": "1", **changes}


class Process(Protocol):
    """The part of `asyncio.subprocess.Process` that is used here."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None:
        """The exit code, None while the process is running."""
        ...

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """The output of the process, including its errors."""
        ...

    async def wait(self) -> int:
        """Wait until the process has ended and return its exit code."""
        ...

    def send_signal(self, signal: signal.Signals, /) -> None:
        """Send a signal; raises ProcessLookupError if the process has ended."""
        ...


Spawn = Callable[[Sequence[str], Path, Mapping[str, str]], Awaitable[Process]]
"""Starts a command in a folder with an environment."""


async def spawn(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Process:
    """Start a command in its own session, so that Ctrl-C reaches only the sandbox, which then stops it in order.

    It ends with the sandbox also where that is killed.
    """
    return await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=LONGEST_LINE,
        start_new_session=True,
        preexec_fn=partial(end_with, os.getpid()),
    )


class BotProcess:
    """Runs one bot process at a time. `on_line` gets every line of its log; `on_change` is called on a new state."""

    def __init__(
        self,
        command: Sequence[str],
        variables: Mapping[str, str],
        *,
        folder: Path,
        on_line: Callable[[str], None] = lambda _: None,
        on_change: Callable[[], None] = lambda: None,
        spawn: Spawn = spawn,
    ) -> None:
        self._spawn = spawn
        self._command = tuple(command)
        self._variables = dict(variables)
        self._folder = folder
        self._on_line = on_line
        self._on_change = on_change
        self._process: Process | None = None
        self._follower: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._is_stopping = False
        self.lines: deque[str] = deque(maxlen=KEEP_LINES)
        self.state: State = "stopped"
        self.exit_code: int | None = None

    @property
    def pid(self) -> int | None:
        """The process id while the bot is running, else None."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def set_online(self, online: bool) -> None:
        """Record whether the bot is connected to the gateway."""
        if online:
            self._become("online")
        elif self.state == "online":
            self._become("offline")

    async def start(self) -> None:
        """Start the bot, unless it is running."""
        async with self._turn:
            await self._start("starting")

    async def restart(self, *, kill: bool = False) -> None:
        """Stop the bot and start it again. `kill` stops it with SIGKILL, like a power cut."""
        async with self._turn:
            self._become("restarting")
            await self._stop(kill=kill)
            await self._start("restarting")

    async def stop(self) -> None:
        """Stop the bot with SIGTERM, or with SIGKILL if that takes longer than STOP_SECONDS."""
        async with self._turn:
            await self._stop(kill=False)
            self._become("stopped")

    async def _start(self, state: State) -> None:
        if self.pid is not None:
            return
        self.exit_code = None
        self._is_stopping = False
        self._become(state)
        self._process = await self._spawn(self._command, self._folder, environment(self._variables))
        self._follower = asyncio.create_task(self._follow(self._process), name="bot log")

    async def _stop(self, *, kill: bool) -> None:
        process, follower = self._process, self._follower
        if process is None or follower is None:
            return
        self._is_stopping = True
        if process.returncode is None:
            _signal(process, signal.SIGKILL if kill else signal.SIGTERM)
        try:
            await asyncio.wait_for(asyncio.shield(follower), STOP_SECONDS)
        except TimeoutError:
            _signal(process, signal.SIGKILL)
            await follower
        self._process = self._follower = None

    async def _follow(self, process: Process) -> None:
        assert process.stdout is not None
        while True:
            try:
                raw = await process.stdout.readline()
            except ValueError:  # longer than the limit: the rest of the line arrives as another line
                continue
            if not raw:
                break
            self._note(_COLOURS.sub("", raw.decode(errors="replace").rstrip()))
        self.exit_code = await process.wait()
        if not self._is_stopping:
            self._note(f"The bot ended with exit code {self.exit_code}.")
            self._become("dead")

    def _note(self, line: str) -> None:
        self.lines.append(line)
        self._on_line(line)

    def _become(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self._on_change()

    def to_json(self) -> dict[str, object]:
        """Return the state of the process for the page, with its last log lines if it has died."""
        return {
            "state": self.state,
            "exit_code": self.exit_code,
            "lines": list(self.lines)[-LAST_LINES:] if self.state == "dead" else [],
        }


def _signal(process: Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
