"""When to fold, which guild, and how many rows at once (see `bot.storage.folds`).

Slices take turns with batches of gifts. Readers who need the rest of a fold wait for slices only, not in the queue of
gifts. While nobody waits, slices follow a moment of quiet, so that a gift that comes right after another finds the
writer free.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from bot.domain.errors import BooksClosed, ClockDoubtful, Refusal
from bot.storage.connect.sqlite import refusal_of
from bot.storage.connect.transactions import Transactions
from bot.storage.ledger.fold_failures import FoldFailures
from bot.storage.ledger.fold_plans import PLAN_ROWS, Planner
from bot.storage.ledger.fold_steps import Folding, NothingFollows, Progress
from bot.storage.ledger.slice_size import BUSY_AIM_S, BUSY_FEWEST, BUSY_MOST, SliceSize

log = logging.getLogger(__name__)

MOST_WAITING = 5_000
"""The most rows of a guild that wait to be folded, except by a fold that is new or counts again."""

_FOLD_FROM = 3_000
"""Waiting rows of a guild from which gifts wait for a slice. A batch, and a batch of another bot, still fit below
MOST_WAITING."""

QUIET_S = 0.2
"""Seconds without work after which the writer folds whatever there is."""

_MANY = 32
"""From this many gifts in a commit, slices are long. Of fewer, each waits on its own, and slices are short."""

_LONELY, _LONELY_ROWS = 2, 25
"""If at most this many gifts share a commit, the processor has time to spare, and slices are at their shortest, with
this many rows. A row then takes 1.6 times as long as in a slice of 100, but at 400 gifts a second, the slowest in a
hundred wait a third less."""

_SURVEY_PAUSE_S = 1.0
"""Seconds after which a survey that failed is tried again."""

_MOST_SKIPPED = 8
"""The most consecutive rows that are left out because they cannot be counted."""


class _Reader(NamedTuple):
    """A reader who waits until row `target` is folded: the last one when the first slice for this reader began.

    It is -1 until then.
    """

    done: asyncio.Future[None]
    target: int = -1


class FoldLane:
    """Folds between batches. The writer calls `turn`, so that nothing else uses the connection meanwhile.

    `clock` tells the time in milliseconds, and `now_s` the seconds that waits are measured in. In a flood, `planner`
    works slices out beforehand.
    """

    def __init__(
        self,
        transactions: Transactions,
        folding: Folding,
        clock: Callable[[], int],
        now_s: Callable[[], float],
        planner: Planner | None = None,
    ) -> None:
        self._transactions = transactions
        self._folding = folding
        self.planner = planner
        self._clock = clock
        self._now_s = now_s
        self._behind: dict[int, Progress] = {}
        self._readers: dict[int, list[_Reader]] = {}
        self._failures = FoldFailures(now_s)
        self._size = SliceSize()
        self._busy_size = SliceSize(BUSY_AIM_S, BUSY_FEWEST, BUSY_MOST)
        self._batch = 0
        self._is_surveyed = False
        self._next_survey_s = 0.0
        self._busy_until_s = 0.0

    async def catch_up(self, guild_id: int) -> None:
        """Wait until everything committed so far is folded. Raises the error that prevents it.

        If the fold is far behind, because it is new or counts again, do not wait: raise BooksClosed.
        """
        progress = self._behind.get(guild_id)
        if progress is not None and progress.backlog > MOST_WAITING:
            raise BooksClosed
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._readers.setdefault(guild_id, []).append(_Reader(done))
        await done

    def note_work(self, new_rows: Sequence[tuple[int, int]]) -> None:
        """Note what a batch or job has added to journals, (guild id, row) each. A moment of quiet begins now."""
        self._busy_until_s = self._now_s()
        # A job, which adds no rows, says nothing about how many gifts there are.
        self._batch = len(new_rows) or self._batch
        for guild_id, seq in new_rows:
            progress = self._behind.get(guild_id)
            # A guild that is not known to be behind was folded up to the row before. If not, the next slice corrects
            # this.
            self._behind[guild_id] = Progress(progress.seq if progress else seq - 1, seq)

    @property
    def is_full(self) -> bool:
        """Whether gifts have to wait for the next slice, because too many rows wait for it."""
        return self._overdue() is not None

    @property
    def is_urgent(self) -> bool:
        """Whether `turn` has something to do at once."""
        return bool(self._readers) or self.is_full

    @property
    def backlog(self) -> int:
        """The most rows that wait in one guild, as far as this process knows."""
        return max((progress.backlog for progress in self._behind.values()), default=0)

    @property
    def failing(self) -> set[int]:
        """The guilds whose folds fail and rest."""
        return self._failures.resting

    def wait_s(self) -> float | None:
        """Return how many seconds without work it takes until `idle_turn` has something to do, None for never."""
        now_s = self._now_s()
        quiet_s = max(self._busy_until_s + QUIET_S - now_s, 0.0)
        if not self._is_surveyed:
            return max(quiet_s, self._next_survey_s - now_s)
        waits = [self._failures.rest_s(guild_id) for guild_id in self._behind]
        return max(quiet_s, min(waits)) if waits else None

    async def turn(self) -> None:
        """Fold one slice if a reader waits for it, or if rows should not wait any longer."""
        for find in (self._next_reader, self._overdue, self._far_behind, self._planned):
            if (guild_id := find()) is not None:
                await self._fold(guild_id)
                break
        self._begin_plan()

    async def idle_turn(self) -> None:
        """Fold one slice of any guild's rows, or find out which guilds have some."""
        if not self._is_surveyed:
            await self._survey()
            return
        guild_id = next((guild_id for guild_id in self._behind if not self._failures.rest_s(guild_id)), None)
        if guild_id is not None:
            await self._fold(guild_id)

    def close(self) -> None:
        """Tell all readers that nothing more will be folded."""
        for guild_id in [*self._readers]:
            self._fail_readers(guild_id, BooksClosed())

    def _now_ms(self) -> int | None:
        try:
            return self._clock()
        except ClockDoubtful:
            return None

    def _next_reader(self) -> int | None:
        return next(iter(self._readers), None)

    def _overdue(self) -> int | None:
        return self._find(lambda backlog: _FOLD_FROM <= backlog <= MOST_WAITING)

    def _far_behind(self) -> int | None:
        return self._find(lambda backlog: backlog > MOST_WAITING)

    def _planned(self) -> int | None:
        guild_id = self.planner.ready_guild if self.planner is not None else None
        return None if guild_id is None or self._failures.rest_s(guild_id) else guild_id

    def _begin_plan(self) -> None:
        """Have the next slice worked out, if gifts come in large batches and one is worth it."""
        if self.planner is None or not self.planner.is_free or self._batch < _MANY:
            return
        guild_id = self._find(lambda backlog: PLAN_ROWS <= backlog <= MOST_WAITING)
        if guild_id is not None and guild_id not in self._failures:
            self.planner.begin(guild_id, self._now_ms())

    def _find(self, matches: Callable[[int], bool]) -> int | None:
        for guild_id, progress in self._behind.items():
            if matches(progress.backlog) and not self._failures.rest_s(guild_id):
                return guild_id
        return None

    async def _survey(self) -> None:
        try:
            survey = await self._transactions.run(partial(self._folding.survey, now_ms=self._now_ms()))
        except Exception as error:
            self._next_survey_s = self._now_s() + _SURVEY_PAUSE_S
            if refusal_of(error) is None:
                log.exception("What has to be folded cannot be found out")
            return
        self._behind = survey | self._behind
        self._is_surveyed = True

    async def _fold(self, guild_id: int) -> None:
        # Readers who ask from now on may know of rows that this slice does not see.
        readers = self._readers.pop(guild_id, [])
        size = self._size_for(guild_id, has_readers=bool(readers))
        rows = self._failures.most_rows(guild_id, self._rows_for(guild_id, size, has_readers=bool(readers)))
        work = partial(self._folding.slice, guild_id=guild_id, most=rows, now_ms=self._now_ms())
        try:
            progress = await self.planner.fold(self._transactions, guild_id) if self.planner is not None else None
            if progress is None:
                progress = await self._transactions.run(work)
                size.note(progress.rows, progress.took_s)
        except Exception as error:  # noqa: BLE001 - whatever it is, gifts go on
            has_failed_alone = rows == 1 and guild_id in self._failures.resting
            skipped = await self._skip(guild_id) if has_failed_alone and refusal_of(error) is None else None
            if skipped is None:
                self._readers[guild_id] = [*readers, *self._readers.pop(guild_id, [])]
                self._note_failure(guild_id, rows, error)
                return
            progress = skipped
        self._note_success(guild_id, progress, rows)
        waiting = [_Reader(done, progress.head if target < 0 else target) for done, target in readers]
        for reader in waiting:
            if reader.target <= progress.seq and not reader.done.done():
                reader.done.set_result(None)
        # At the end of the line: readers of other guilds have their turn first.
        if unanswered := [reader for reader in waiting if reader.target > progress.seq and not reader.done.done()]:
            self._readers[guild_id] = [*unanswered, *self._readers.pop(guild_id, [])]

    def _size_for(self, guild_id: int, *, has_readers: bool) -> SliceSize:
        """Return the size of the next slice. `has_readers` says that somebody waits for the whole fold."""
        is_due = has_readers or self._backlog_of(guild_id) >= _FOLD_FROM
        return self._busy_size if is_due and self._batch >= _MANY else self._size

    def _rows_for(self, guild_id: int, size: SliceSize, *, has_readers: bool) -> int:
        """Return the most rows of the next slice."""
        is_overdue = _FOLD_FROM <= self._backlog_of(guild_id) <= MOST_WAITING
        is_lonely = is_overdue and self._batch <= _LONELY and not has_readers
        return min(size.rows, _LONELY_ROWS) if is_lonely else size.rows

    def _backlog_of(self, guild_id: int) -> int:
        progress = self._behind.get(guild_id)
        return progress.backlog if progress is not None else 0

    async def _skip(self, guild_id: int) -> Progress | None:
        """Go on without the row that has failed alone before, or without a few. Return None if that fails, too.

        It succeeds only if the row after them can be counted. As long as no row can, the rows are not to blame, and
        none is left out.
        """
        for count in range(1, _MOST_SKIPPED + 1):
            work = partial(self._folding.skip, guild_id=guild_id, count=count, now_ms=self._now_ms())
            try:
                progress = await self._transactions.run(work)
            except NothingFollows:
                return None
            except Exception as error:  # noqa: BLE001 - it is the same as before, or that of the next row
                log.debug("Row %s after the failing one fails as well: %r", count, error)
                continue
            log.error(
                "Leaderboards of guild %s go on without %s row(s) that cannot be counted, up to row %s. The audit "
                "names them, and `python -m bot recount` tries again",
                *(guild_id, count, progress.seq - 1),
            )
            return progress
        return None

    def _note_success(self, guild_id: int, progress: Progress, rows: int) -> None:
        self._failures.note_success(guild_id, rows, self._size.rows)
        known = self._behind.pop(guild_id, None)
        head = max(progress.head, known.head) if known else progress.head
        if progress.seq < head:
            self._behind[guild_id] = Progress(progress.seq, head)

    def _note_failure(self, guild_id: int, rows: int, error: Exception) -> None:
        """Try again with half the rows, to get as far as possible. Rest once there is nothing to halve."""
        refusal = refusal_of(error)
        if refusal is None and rows > 1:
            self._failures.halve(guild_id, rows)
            return
        if self._failures.rest(guild_id, rows) and refusal is None:
            log.error("The standings of guild %s cannot be counted; gifts go on", guild_id, exc_info=error)
        self._fail_readers(guild_id, refusal or BooksClosed())

    def _fail_readers(self, guild_id: int, refusal: Refusal) -> None:
        for reader in self._readers.pop(guild_id, []):
            if not reader.done.done():
                reader.done.set_exception(refusal)
