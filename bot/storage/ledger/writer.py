"""The writer: the only way into the books. It books all queued commands together, with a single commit.

Stores are plain functions of a connection. `Transactions` runs them as one batch, or one job, while the event loop goes
on. While a transaction is open, it waits for nothing outside the database.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.domain.errors import BooksClosed, Busy, ClockDoubtful, InvalidText
from bot.domain.ids import LONGEST_KEY, is_key
from bot.domain.ledger.kinds import Command
from bot.domain.receipts import OutcomeUnknown, Receipt
from bot.storage.connect.address import BooksGone
from bot.storage.connect.sqlite import refusal_of
from bot.storage.connect.transactions import Transactions
from bot.storage.ledger.batch import book_batch, packed, unpacked
from bot.storage.ledger.figures import BatchFigures
from bot.storage.ledger.fold_lane import FoldLane
from bot.storage.ledger.fold_plans import Planner
from bot.storage.ledger.fold_steps import Folding
from bot.storage.ledger.work import Job, Listener, Submission, await_arrivals, fail, run_job, take, tell
from bot.unhurried import AT_ONCE, Turns

log = logging.getLogger(__name__)

BATCH = 1_000
"""The most commands that share a commit."""

QUEUE = 10_000
"""The most commands and jobs that may wait. Further callers are refused."""

DRAIN_PATIENCE_S = 3.0
"""Seconds without a single finished batch after which the writer counts as hanging, not as slow."""

ABANDON_S = 1.0
"""Seconds to wait for the end of an abandoned writer."""

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Owns the connection that writes. Use it from a single event loop."""

    def __init__(
        self,
        transactions: Transactions,
        folding: Folding,
        *,
        clock: Callable[[], int],
        new_holder: Callable[[], int],
        queue: int = QUEUE,
        planner: Planner | None = None,
    ) -> None:
        self.folds = FoldLane(transactions, folding, clock, self._now_s, planner)
        self._transactions = transactions
        self._clock, self._new_holder, self._most = clock, new_holder, queue
        self._queue: deque[Submission | Job] = deque()
        self._turns = Turns(AT_ONCE)
        self._in_work: Sequence[Submission | Job] = ()
        self._batches = 0
        self._newest: Receipt | None = None
        self._listeners: list[Listener] = []
        self.figures = BatchFigures()
        self._stopped = self._abandoned = self._money_stopped = False
        self._work, self._idle = asyncio.Event(), asyncio.Event()
        self._gone: asyncio.Future[BooksGone] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(), name="writer")

    async def submit(self, command: Command) -> Receipt:
        """Return the receipt of `command` once it is durable. The same key again returns the same receipt.

        Raises the refusals of `bot.domain.ledger`, NotFound for a key of another member's transaction, InvalidText for
        an invalid key, Busy if too many wait, BooksClosed if nothing can be written, and ClockDoubtful while the time
        is not known. The command of a cancelled caller is settled all the same.
        """
        if self._money_stopped:
            raise BooksClosed
        if not is_key(command.key):
            raise InvalidText("key", LONGEST_KEY)
        answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._put(Submission(command, answer, self._now_s()))
        # No shield is needed: cancelling the caller cancels only this future, and nobody else needs it.
        return await answer

    async def perform(self, job: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `job` in a transaction of its own, in queue order, and return its result. Unhurried jobs take turns.

        If it raises, its changes are rolled back, and the exception reaches the caller.
        """
        async with self._turns.turn():
            answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            self._put(Job(partial(run_job, job=job, args=args, kwargs=kwargs), answer, self._now_s()))
            return await answer

    async def catch_up(self, guild_id: int) -> None:
        """Wait until the guild's folds have counted everything committed so far. Unhurried callers take turns.

        Raises BooksClosed or Busy if that is impossible or would take long. What is folded so far can still be read.
        """
        async with self._turns.turn():
            if self._stopped:
                raise BooksClosed
            self._work.set()
            await self.folds.catch_up(guild_id)

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` after each commit with the new receipts of each guild whose journal grew, oldest first."""
        self._listeners.append(listener)

    @property
    def takes_money(self) -> bool:
        """Whether the writer accepts commands."""
        return not self._stopped and not self._money_stopped

    @property
    def waiting_s(self) -> float:
        """How many seconds the oldest unfinished command or job has been waiting."""
        oldest = self._in_work or self._queue
        return self._now_s() - oldest[0].since_s if oldest else 0.0

    @property
    def waiting(self) -> int:
        """How many commands and jobs are not finished."""
        return len(self._in_work) + len(self._queue)

    @property
    def newest(self) -> tuple[int, int] | None:
        """The guild and number of a row that was acknowledged recently, None before the first."""
        return (self._newest.guild_id, self._newest.seq) if self._newest else None

    def stop_money(self) -> None:
        """Refuse commands until a restart, for instance because the books failed their audit. Jobs still run."""
        self._money_stopped = True

    async def gone(self) -> BooksGone:
        """Wait until the books are found to be gone, which is final, and return why. Money is refused from then on."""
        return await asyncio.shield(self._gone)

    async def drain(self, *, patience_s: float = DRAIN_PATIENCE_S) -> int:
        """Wait until all is settled, or nothing has been for `patience_s` seconds. Return how many items are left."""
        while not self._idle.is_set():
            before = self._batches
            try:
                async with asyncio.timeout(patience_s):
                    await self._idle.wait()
            except TimeoutError:
                if self._batches == before:
                    break
        return self.waiting

    async def abandon(self) -> None:
        """Fail what is not settled, and abandon the connection. The outcome of the current batch is unknown."""
        self._stopped = self._abandoned = True
        for item in self._in_work:
            fail(item.answer, OutcomeUnknown("The writer was stopped before it answered"))
        while self._queue:
            fail(self._queue.popleft().answer, BooksClosed())
        self.folds.close()
        self._task.cancel()
        await self._transactions.abandon()
        await asyncio.wait([self._task], timeout=ABANDON_S)

    async def close(self) -> None:
        """Refuse new work, settle what waits, and end. Once the writer is abandoned, there is nothing to wait for."""
        self._stopped = True
        self._work.set()
        if not self._abandoned:
            await self._task

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()

    def _put(self, item: Submission | Job) -> None:
        if self._stopped:
            raise BooksClosed
        if len(self._queue) >= self._most:
            raise Busy
        self._queue.append(item)
        self._idle.clear()
        self._work.set()

    async def _run(self) -> None:
        """Work until closed: first slices of folds that are due, then a batch or a job. Without either, rest."""
        while self._queue or not self._stopped:
            await self.folds.turn()
            if self._queue and not self.folds.is_full:
                await await_arrivals(self._queue)
                work = take(self._queue, BATCH)
                self._in_work = (work,) if isinstance(work, Job) else work
                new_rows = await (self._work_job(work) if isinstance(work, Job) else self._work_batch(work))
                self._in_work = ()
                self._batches += 1
                self.folds.note_work(new_rows)
            elif not self.folds.is_urgent:
                await self._rest()
        self._idle.set()
        self.folds.close()
        await self._transactions.close()

    async def _rest(self) -> None:
        """Wait for work. After a moment without any, fold a slice."""
        if not self._queue:
            self._idle.set()
        self._work.clear()
        try:
            async with asyncio.timeout(self.folds.wait_s()):
                await self._work.wait()
        except TimeoutError:
            await self.folds.idle_turn()

    async def _work_batch(self, batch: Sequence[Submission]) -> list[tuple[int, int]]:
        """Settle a batch, and return the rows that it added to journals: (guild id, row) each."""
        answers = await self._book([submission.command for submission in batch])
        for submission, answer in zip(batch, answers, strict=True):
            if submission.answer.done():
                continue
            if isinstance(answer, Receipt):
                self._newest = answer
                submission.answer.set_result(answer)
            else:
                submission.answer.set_exception(answer)
        new_receipts: dict[int, list[Receipt]] = {}
        for answer in answers:
            if isinstance(answer, Receipt) and not answer.replayed:
                new_receipts.setdefault(answer.guild_id, []).append(answer)
        if new_receipts:
            tell(self._listeners, new_receipts)
        return [(guild_id, receipt.seq) for guild_id, receipts in new_receipts.items() for receipt in receipts]

    async def _work_job(self, job: Job) -> Sequence[tuple[int, int]]:
        try:
            value = await self._perform(job.run)
        except Exception as error:  # noqa: BLE001 - it is the caller's
            if not job.answer.done():
                job.answer.set_exception(error)
        else:
            if not job.answer.done():
                job.answer.set_result(value)
        return ()

    async def _book(self, commands: Sequence[Command]) -> Sequence[Receipt | Exception]:
        try:
            now_ms = self._clock()
        except ClockDoubtful:
            return [ClockDoubtful() for _ in commands]
        # A partial, not a closure, because it may be pickled for another process.
        work = partial(book_batch, packed_commands=packed(commands), now_ms=now_ms, new_holder=self._new_holder)
        try:
            answers = await self._transactions.run(work)
            self.figures.note(len(commands), self._transactions.commit_s)
            return [unpacked(answer) for answer in answers]
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is not None:
                self._note_refusal(error)
                return [type(refusal)() for _ in commands]
            if isinstance(error, OutcomeUnknown):
                log.exception(
                    "It is unknown whether %s commands were booked. Members are told to check /balance.", len(commands)
                )
                return [OutcomeUnknown() for _ in commands]
            if len(commands) == 1:
                # Logged by its key only: the command holds what members write, and who sends an anonymous gift.
                command = commands[0]
                where = (command.kind, command.key, command.guild_id)
                log.exception("The command %s with key %s of guild %s failed and was not booked", *where)
                return [error]
        # One command spoils the batch. Halving isolates it, and the others go through.
        half = len(commands) // 2
        return [*await self._book(commands[:half]), *await self._book(commands[half:])]

    async def _perform(self, run: Callable[[Connection], T]) -> T:
        try:
            return await self._transactions.run(run)
        except Exception as error:
            refusal = refusal_of(error)
            if refusal is None:
                raise
            self._note_refusal(error)
            raise refusal from error

    def _note_refusal(self, error: Exception) -> None:
        """Log why nothing can be written. If the books are gone, resolve `gone`: its caller reports that once."""
        if not isinstance(error, BooksGone):
            log.error("The books cannot be written, so money is refused", exc_info=error)
        elif not self._gone.done():
            self.stop_money()
            self._gone.set_result(error)
