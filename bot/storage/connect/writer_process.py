"""Run transactions in a process of their own, forked before anything else starts.

Threads of one Python share its interpreter: each statement of a batch made the event loop wait, and each reply to a
member made the batch wait. With a process of its own, `/gift` over the wire gave a third more answers, and at 400 a
second the slowest of a hundred came in half the time. Commands and receipts cross a pair of sockets, each as a length
and a pickle.
"""

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import sys
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any, BinaryIO, Self, TypeVar

from sqlalchemy import URL, Connection

from bot.domain.receipts import OutcomeUnknown
from bot.gc_tuning import tune_collector
from bot.storage.connect.outcomes import Unreachable
from bot.storage.connect.sqlite import writing_engine
from bot.storage.connect.transactions import OwnTransactions

T = TypeVar("T")

ABANDON_S = 1.0
"""Seconds to wait for a killed process to end."""

_LENGTH = 4
"""Bytes of the length that precedes each pickle."""


class ProcessTransactions:
    """The parent's handle of the forked process. Fork before there are threads or an event loop; `open` in the loop.

    The process ends when its parent does, after the current transaction. If it ends earlier (see `ended`), the parent
    can only restart: the books then tell the outcome of the last transactions.
    """

    def __init__(self, pid: int, end: socket.socket) -> None:
        self.pid = pid
        self._end = end
        self._answers = Answers()
        self._transport: asyncio.Transport | None = None
        self._exit: asyncio.Task[int] | None = None
        self.commit_s = 0.0
        """How many seconds the last commit took. It comes back with what was committed."""

    @classmethod
    def fork(cls) -> Self:
        """Start the process, which waits for `open`."""
        parent_end, child_end = socket.socketpair()
        # A garbage collection would write to the memory that both processes share, and so copy it.
        tune_collector()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            child_end.close()
            return cls(pid, parent_end)
        # This is the child. Whatever happens, it must not return into the parent's code.
        code = 1
        try:
            parent_end.close()
            _serve(child_end)
            code = 0
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    async def open(self, url: URL, lock: int) -> None:
        """Let the process write to the SQLite file at `url`, and hold its `lock`, a descriptor, as long as it lives."""
        # If the parent is killed, the next bot must not start before the last transaction has ended.
        socket.send_fds(self._end, [b"\0"], [lock])
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self._answers, sock=self._end)
        self._transport.write(frame(url))
        self._exit = asyncio.create_task(self._wait(), name="books")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Run `work`, which must be picklable, in the process, and return its result once it is committed.

        Raises OutcomeUnknown if the process dies on it, Unreachable if it died before, and whatever `work` raises.
        """
        if self._transport is None or self.has_ended:
            raise Unreachable("The process that writes the books has ended")
        request = frame(work)
        answer = self._answers.expected()
        self._transport.write(request)
        succeeded, value = await answer
        if succeeded:
            result, self.commit_s = value
            return result
        raise value

    @property
    def has_ended(self) -> bool:
        """Whether the process, which was opened, no longer answers."""
        return self._answers.ended.is_set()

    async def ended(self) -> int:
        """Wait until the process has ended, and return its exit code: negative for a signal."""
        assert self._exit is not None
        return await asyncio.shield(self._exit)

    async def close(self) -> None:
        """Let the process finish what it was asked for, and end. It need not have been opened."""
        if self._transport is None:
            self._end.close()
            await asyncio.to_thread(os.waitpid, self.pid, 0)
            return
        self._transport.write_eof()
        await self.ended()

    def kill(self) -> None:
        """Kill the process, even inside a transaction: SQLite rolls back what was not committed."""
        if self._exit is not None and self._exit.done():
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    async def abandon(self) -> None:
        """Kill the process, and wait only a moment: a process that waits for a disk does not end even then."""
        self.kill()
        if self._exit is not None:
            await asyncio.wait([self._exit], timeout=ABANDON_S)

    async def _wait(self) -> int:
        await self._answers.ended.wait()
        _, status = await asyncio.to_thread(os.waitpid, self.pid, 0)
        return os.waitstatus_to_exitcode(status)


class Answers(asyncio.Protocol):
    """The answers of the process, which come in the order of the requests.

    This is a protocol, not a stream, because a waiting caller then resumes one turn of the event loop earlier.
    """

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._waiting = deque[asyncio.Future[tuple[bool, Any]]]()
        self._buffer = bytearray()

    def expected(self) -> asyncio.Future[tuple[bool, Any]]:
        """Return a future for the next answer: whether the work succeeded, and what it returned or raised."""
        answer: asyncio.Future[tuple[bool, Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        return answer

    def data_received(self, data: bytes) -> None:
        """Pass complete answers to their callers, and keep the rest."""
        buffer = self._buffer
        buffer += data
        while len(buffer) >= _LENGTH:
            end = _LENGTH + int.from_bytes(buffer[:_LENGTH], "big")
            if len(buffer) < end:
                break
            with memoryview(buffer) as view:
                answer = pickle.loads(view[_LENGTH:end])  # noqa: S301 - our own process's
            del buffer[:end]
            _set_answer(self._waiting.popleft(), answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail all waiting callers: the outcome of their work is unknown."""
        del exc
        while self._waiting:
            _set_answer(
                self._waiting.popleft(),
                (False, OutcomeUnknown("The process that writes the books died during this work")),
            )
        self.ended.set()


def _set_answer(waiting: asyncio.Future[tuple[bool, Any]], answer: tuple[bool, Any]) -> None:
    if not waiting.done():
        waiting.set_result(answer)


def frame(value: object) -> bytes:
    """Return the frame of `value`: its pickle, preceded by the length of that."""
    pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(pickled).to_bytes(_LENGTH, "big") + pickled


def _serve(end: socket.socket) -> None:
    """Run the child: answer requests until the parent's end of the socket is closed."""
    # Both signals reach the whole process group. The parent shuts down in order, and this process last.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # The lock's descriptor is never closed. The system releases it when the process ends.
    if not socket.recv_fds(end, 1, 1)[0]:
        return
    with end.makefile("rb") as requests:
        url = read_frame(requests)
        if url is None:
            return
        transactions = OwnTransactions(writing_engine(url))
        while (work := read_frame(requests)) is not None:
            answer = _answer(transactions, work)
            try:
                end.sendall(answer)
            except OSError:
                break
        transactions.close()


def read_frame(requests: BinaryIO) -> Any:  # noqa: ANN401 - the parent knows what it sends
    """Return the next value, None at the end of the stream, even one in the middle of a frame."""
    try:
        head = requests.read(_LENGTH)
        body = requests.read(int.from_bytes(head, "big"))
    except ConnectionResetError:
        # The parent was killed before it had read all answers.
        return None
    if len(head) < _LENGTH or len(body) < int.from_bytes(head, "big"):
        return None
    return pickle.loads(body)  # noqa: S301 - our own process's


def _answer(transactions: OwnTransactions, work: Callable[[Connection], Any]) -> bytes:
    try:
        value = transactions.run(work)
        return frame((True, (value, transactions.commit_s)))
    except Exception as error:  # noqa: BLE001 - it is the caller's
        try:
            answer = frame((False, error))
            # Some exceptions can be pickled but not unpickled: try it here.
            pickle.loads(answer[_LENGTH:])  # noqa: S301
        except Exception:  # noqa: BLE001
            return frame((False, RuntimeError("".join(traceback.format_exception(error)))))
        return answer
