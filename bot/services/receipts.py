"""Which receipts have reached their members. Those that have not are shown with the member's next reply.

Nearly all receipts are shown at once, and leave no row. Instead, each guild has a cursor before the receipts that are
on their way, saved every few seconds. When a process dies, whatever was committed after the cursor may not have been
shown, and counts as missed.
"""

from collections.abc import Callable

from bot.domain.receipts import Receipt
from bot.shared_timer import SharedTimer
from bot.storage.database import Database
from bot.storage.stores import missed_receipts
from bot.storage.stores.missed_receipts import Key

MISSED_FOR_MS = 30 * 24 * 3600 * 1000
"""How long a missed receipt is kept for a member who sends no further command."""

MOST_SHOWN = 10
"""Receipts in one reply."""

OVERDUE_S = 3.0
"""A receipt on its way for longer than this counts as missed: its member may be about to try again."""


class Receipts:
    """The use-cases of receipts on their way to members. Not thread-safe: for one event loop.

    The code that shows a receipt calls `miss` as soon as that takes longer than `overdue` waits.
    """

    def __init__(self, database: Database, clock: Callable[[], int], *, overdue_s: float = OVERDUE_S) -> None:
        self.overdue = SharedTimer(overdue_s)
        self._database = database
        self._clock = clock
        self._under_way: dict[int, dict[int, int]] = {}
        self._newest: dict[int, int] = {}
        self._cursors: dict[int, int] = {}
        self._missed: dict[tuple[int, int], set[int]] = {}
        self._claimed: set[Key] = set()
        self._to_add: set[Key] = set()
        self._to_remove: set[Key] = set()
        self._serves: Callable[[int], bool] | None = None
        self._listeners: list[Callable[[], None]] = []

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` when `save` has something to do at once."""
        self._listeners.append(listener)

    def begin(self, receipt: Receipt) -> None:
        """Note that a receipt is on its way to its member."""
        guild_id, seq = receipt.guild_id, receipt.seq
        # Counted, because a repeated command shows the same receipt twice at a time.
        under_way = self._under_way.setdefault(guild_id, {})
        under_way[seq] = under_way.get(seq, 0) + 1
        if seq > self._newest.get(guild_id, 0):
            self._newest[guild_id] = seq

    def end(self, receipt: Receipt, *, was_shown: bool) -> None:
        """Note that a receipt is no longer on its way, and whether it was shown."""
        guild_id, seq = receipt.guild_id, receipt.seq
        under_way = self._under_way[guild_id]
        under_way[seq] -= 1
        if not under_way[seq]:
            del under_way[seq]
        if not under_way:
            del self._under_way[guild_id]
        if not was_shown:
            self.miss(receipt)
        elif seq in self._missed.get((guild_id, receipt.actor_id), ()):
            self.show(receipt)

    def miss(self, receipt: Receipt) -> None:
        """Note that a receipt could not be shown, or not yet."""
        key = (receipt.guild_id, receipt.actor_id, receipt.seq)
        self._missed.setdefault(key[:2], set()).add(receipt.seq)
        self._claimed.discard(key)
        self._to_remove.discard(key)
        self._to_add.add(key)
        self._wake()

    def show(self, receipt: Receipt) -> None:
        """Note that a missed receipt has been shown."""
        key = (receipt.guild_id, receipt.actor_id, receipt.seq)
        self._take(key)
        self._claimed.discard(key)
        self._to_add.discard(key)
        self._to_remove.add(key)
        self._wake()

    def has_missed(self, guild_id: int, member_id: int) -> bool:
        """Whether a member has missed receipts. Needs no access to the books."""
        return (guild_id, member_id) in self._missed

    async def claim(self, guild_id: int, member_id: int) -> list[Receipt]:
        """Return what a member has missed, oldest first and at most as much as one reply holds.

        No other caller gets the same receipts, so each has to be passed on to `show`, or back to `miss`.
        """
        seqs = sorted(self._missed.get((guild_id, member_id), ()))[:MOST_SHOWN]
        keys = {(guild_id, member_id, seq) for seq in seqs}
        self._claimed |= keys
        for key in keys:
            self._take(key)
        receipts: list[Receipt] = []
        try:
            receipts = await self._database.read(missed_receipts.receipts, guild_id, seqs)
        finally:
            # Receipts that could not be read are not handed out.
            self._claimed -= keys - {(guild_id, member_id, receipt.seq) for receipt in receipts}
        return receipts

    async def receipt(self, guild_id: int, seq: int) -> Receipt:
        """Return the receipt of a transaction that is in the journal."""
        (receipt,) = await self._database.read(missed_receipts.receipts, guild_id, [seq])
        return receipt

    async def recover(self, serves: Callable[[int], bool]) -> int:
        """Count as missed what an earlier process may not have shown, in the guilds that this one `serves`.

        Returns the number of those receipts. Call it before the first reply. If the books cannot be written then,
        `save` makes up for it. Raises Busy or BooksClosed.
        """
        # Remembered until this has worked, so that `save` can repeat it.
        self._serves = serves
        lagging = [guild for guild in await self._database.read(missed_receipts.behind) if serves(guild[0])]
        count = await self._database.writer.perform(missed_receipts.recover, lagging, self._clock()) if lagging else 0
        await self._refresh()
        self._serves = None
        return count

    async def save(self) -> None:
        """Save what was missed and shown since the last call. If it raises, call it again."""
        if self._serves is not None:
            await self.recover(self._serves)
        # Copies, because more may be missed or shown while the writer works.
        added, removed, cursors = set(self._to_add), set(self._to_remove), self._cursor_moves()
        if added or removed or cursors:
            await self._database.writer.perform(
                missed_receipts.save, added, removed, cursors, self._clock(), MISSED_FOR_MS
            )
            self._to_add -= added
            self._to_remove -= removed
            self._cursors |= cursors
        await self._refresh()

    async def _refresh(self) -> None:
        """Read what other processes have noted."""
        seqs_by_member: dict[tuple[int, int], set[int]] = {}
        rows = await self._database.read(missed_receipts.everything)
        # What is still to be written counts already. What a reply is showing right now is left out.
        for guild_id, member_id, seq in (set(rows) | self._to_add) - self._to_remove - self._claimed:
            seqs_by_member.setdefault((guild_id, member_id), set()).add(seq)
        self._missed = seqs_by_member

    def _cursor_moves(self) -> dict[int, int]:
        """Return the new cursor of each guild whose cursor can move on: just before its oldest receipt on the way."""
        limit_by_guild = {
            guild_id: min(self._under_way.get(guild_id, ()), default=newest + 1) - 1
            for guild_id, newest in self._newest.items()
        }
        return {guild_id: seq for guild_id, seq in limit_by_guild.items() if seq > self._cursors.get(guild_id, 0)}

    def _take(self, key: Key) -> None:
        guild_id, member_id, seq = key
        seqs = self._missed.get((guild_id, member_id), set[int]())
        seqs.discard(seq)
        if not seqs:
            self._missed.pop((guild_id, member_id), None)

    def _wake(self) -> None:
        for listener in self._listeners:
            listener()
