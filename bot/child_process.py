"""A child process that answers requests, one at a time: its parent's side. `bot.child_requests` is its own.

It starts with the first request, ends when none has come in a while, and always with its parent: its input then ends.
An executor of the standard library would outlive a killed bot, and keep a second process only to track the first.
"""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.child_requests import LENGTH

IDLE_S = 60.0
"""Seconds without a request, after which the process ends and gives back its memory."""

_END_S = 2.0
_ROOT = Path(__file__).parents[1]


class ChildEnded(Exception):  # noqa: N818 - a state of affairs
    """The process died, or could not be started, so there is no answer. Another request starts another process."""


class ChildClosed(Exception):  # noqa: N818 - a state of affairs
    """Nothing is answered any more, because the bot stops."""


class ChildProcess:
    """Runs `command`. An answer may take `limit_s` seconds, after which the process is killed.

    `timeout` makes what ends the wait for an answer after so many seconds.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        limit_s: float,
        idle_s: float = IDLE_S,
        timeout: Callable[[float], asyncio.Timeout] = asyncio.timeout,
    ) -> None:
        self._command = command
        self._limit_s = limit_s
        self._idle_s = idle_s
        self._timeout = timeout
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._idle: asyncio.Task[None] | None = None
        self._has_answered = False
        self._is_closed = False

    @property
    def has_answered(self) -> bool:
        """Whether the running process has answered before, so that nobody waits for it to start."""
        return self._process is not None and self._has_answered

    @property
    def pid(self) -> int | None:
        """The process's id, None while there is none."""
        return self._process.pid if self._process else None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Return the answer to a request: its outcome, and its content.

        Raises ChildEnded, ChildClosed, and TimeoutError after `limit_s`.
        """
        async with self._turn:
            return await self._answer(len(request).to_bytes(LENGTH, "big") + request)

    async def close(self) -> None:
        """Finish the request that is being answered, and end the process. Others get no answer."""
        self._is_closed = True
        if self._idle is not None:
            self._idle.cancel()
            await asyncio.gather(self._idle, return_exceptions=True)
        async with self._turn:
            await self._end()

    async def _answer(self, request: bytes) -> tuple[int, bytes]:
        if self._is_closed:
            raise ChildClosed
        try:
            process = await self._running()
            assert process.stdin is not None
            assert process.stdout is not None
            async with self._timeout(self._limit_s):
                process.stdin.write(request)
                await process.stdin.drain()
                head = await process.stdout.readexactly(1 + LENGTH)
                content = await process.stdout.readexactly(int.from_bytes(head[1:], "big"))
            self._has_answered = True
            return head[0], content
        except TimeoutError:
            await self._kill()
            raise
        except (OSError, asyncio.IncompleteReadError) as error:
            await self._kill()
            raise ChildEnded(repr(error)) from error
        except BaseException:
            # Also if the caller is cancelled: the next one would read the answer to this request.
            await self._kill()
            raise

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._has_answered = False
            # In a session of its own, no Ctrl-C reaches it before it can ignore that.
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, cwd=_ROOT, start_new_session=True
            )
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.create_task(self._end_when_idle(), name="idle child process")
        return self._process

    async def _end_when_idle(self) -> None:
        await asyncio.sleep(self._idle_s)
        async with self._turn:
            await self._end()

    async def _end(self) -> None:
        """Let the process end by itself, and help if it does not."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_END_S):
                await self._process.wait()
        except TimeoutError:
            await self._kill()
        self._process = None

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            # `process.kill` would collect a process that has just ended before asyncio can, which then warns of it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        await asyncio.shield(process.wait())
