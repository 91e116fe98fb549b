"""Transactions in a process of their own, forked before anything else begins.

Two threads of one Python share one interpreter: each statement of a batch made the event loop wait, and each answer to
a member made the batch wait. Apart, `/gift` over the wire gave a third more answers, and the slowest of a hundred at
400 a second came in half the time. Commands and receipts cross a pair of sockets, each as a length and a pickle.
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

from bot.collector import settle_collector
from bot.storage.engine import writing_engine
from bot.storage.postgresql import OutcomeUnknown, Unreachable
from bot.storage.transactions import OwnTransactions

T = TypeVar("T")

ABANDON_S = 1.0

_LENGTH = 4
"""Bytes of a frame's length."""


class ProcessTransactions:
    """The forked process as its parent sees it. Fork where there is one thread and no event loop; `open` in the loop.

    It ends when its parent does, after the transaction under way. If it ends before (see `ended`), the parent can only
    start anew: what became of the last transactions is found in the books.
    """

    def __init__(self, pid: int, end: socket.socket) -> None:
        self.pid = pid
        self._end = end
        self._answers = Answers()
        self._transport: asyncio.Transport | None = None
        self._exit: asyncio.Task[int] | None = None

    @classmethod
    def fork(cls) -> Self:
        """Start the process; it does nothing yet."""
        ours, theirs = socket.socketpair()
        # A collector that looks at what both share would make it two copies.
        settle_collector()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            theirs.close()
            return cls(pid, ours)
        # Nothing of the parent's may run on in here, whatever happens.
        code = 1
        try:
            ours.close()
            _serve(theirs)
            code = 0
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    async def open(self, url: URL, lock: int) -> None:
        """Have it write to the SQLite file at `url`, and hold the file's lock, a descriptor, as long as it lives."""
        # Should we be killed, the next bot must not begin before the last transaction has ended.
        socket.send_fds(self._end, [b"\0"], [lock])
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_connection(lambda: self._answers, sock=self._end)
        self._transport.write(framed(url))
        self._exit = asyncio.create_task(self._wait(), name="books")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Return what `work`, which must be picklable, returns over there, once it is committed.

        Raises OutcomeUnknown if the process dies on it, Unreachable once it is dead, and whatever `work` raises.
        """
        if self._transport is None or self._answers.ended.is_set():
            raise Unreachable("The process that writes the books has ended")
        request = framed(work)
        answer = self._answers.expected()
        self._transport.write(request)
        succeeded, value = await answer
        if succeeded:
            return value
        raise value

    async def ended(self) -> int:
        """Wait until the process has ended; return its exit code, negative for a signal."""
        assert self._exit is not None
        return await asyncio.shield(self._exit)

    async def close(self) -> None:
        """Let it finish what it was asked for, and end. Also if it was never opened."""
        if self._transport is None:
            self._end.close()
            await asyncio.to_thread(os.waitpid, self.pid, 0)
            return
        self._transport.write_eof()
        await self.ended()

    def kill(self) -> None:
        """End it in the middle: SQLite undoes what was not committed."""
        if self._exit is not None and self._exit.done():
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    async def abandon(self) -> None:
        """Kill it, and wait a moment: not even a kill ends what waits for a disk."""
        self.kill()
        if self._exit is not None:
            await asyncio.wait([self._exit], timeout=ABANDON_S)

    async def _wait(self) -> int:
        await self._answers.ended.wait()
        _, status = await asyncio.to_thread(os.waitpid, self.pid, 0)
        return os.waitstatus_to_exitcode(status)


class Answers(asyncio.Protocol):
    """What comes from the process, in the order in which it was asked for.

    A protocol, not a stream: whoever waits goes on a turn of the loop earlier.
    """

    def __init__(self) -> None:
        self.ended = asyncio.Event()
        self._waiting = deque[asyncio.Future[tuple[bool, Any]]]()
        self._buffer = bytearray()

    def expected(self) -> asyncio.Future[tuple[bool, Any]]:
        """Return what will be the next answer: whether the work succeeded, and what it returned or raised."""
        answer: asyncio.Future[tuple[bool, Any]] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        return answer

    def data_received(self, data: bytes) -> None:
        """Pass on the answers that are complete."""
        buffer = self._buffer
        buffer += data
        while len(buffer) >= _LENGTH:
            end = _LENGTH + int.from_bytes(buffer[:_LENGTH], "big")
            if len(buffer) < end:
                break
            with memoryview(buffer) as view:
                answer = pickle.loads(view[_LENGTH:end])  # noqa: S301 - our own process's
            del buffer[:end]
            _give(self._waiting.popleft(), answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell all who wait that nobody knows what became of their work."""
        del exc
        while self._waiting:
            _give(self._waiting.popleft(), (False, OutcomeUnknown("The process that writes the books died on it")))
        self.ended.set()


def _give(waiting: asyncio.Future[tuple[bool, Any]], answer: tuple[bool, Any]) -> None:
    if not waiting.done():
        waiting.set_result(answer)


def framed(value: object) -> bytes:
    """Return what goes over the wire for `value`: its length and its pickle."""
    pickled = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(pickled).to_bytes(_LENGTH, "big") + pickled


def _serve(end: socket.socket) -> None:
    """Be the process: do what is asked for until the other end is gone."""
    # Both reach a whole group of processes. The parent stops in order, and this end of it last.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # The lock's descriptor is never closed: it goes with the process.
    if not socket.recv_fds(end, 1, 1)[0]:
        return
    with end.makefile("rb") as requests:
        url = received(requests)
        if url is None:
            return
        transactions = OwnTransactions(writing_engine(url))
        while (work := received(requests)) is not None:
            answer = _answer(transactions, work)
            try:
                end.sendall(answer)
            except OSError:
                break
        transactions.close()


def received(requests: BinaryIO) -> Any:  # noqa: ANN401 - the parent knows what it sends
    """Return the next value, None when there are no more, or only part of one."""
    try:
        head = requests.read(_LENGTH)
        body = requests.read(int.from_bytes(head, "big"))
    except ConnectionResetError:
        # The parent was killed with answers that it had not read.
        return None
    if len(head) < _LENGTH or len(body) < int.from_bytes(head, "big"):
        return None
    return pickle.loads(body)  # noqa: S301 - our own process's


def _answer(transactions: OwnTransactions, work: Callable[[Connection], Any]) -> bytes:
    try:
        return framed((True, transactions.run(work)))
    except Exception as error:  # noqa: BLE001 - it is the caller's
        try:
            answer = framed((False, error))
            # Many an exception can be sent, and not be made anew.
            pickle.loads(answer[_LENGTH:])  # noqa: S301
        except Exception:  # noqa: BLE001
            return framed((False, RuntimeError("".join(traceback.format_exception(error)))))
        return answer
