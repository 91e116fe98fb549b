"""Which receipts have reached their members. Those that have not are kept, and shown with the member's next reply.

A reply that Discord takes leaves no row behind, as nearly all do. Behind those that are on their way follows a cursor,
moved every few seconds: what was committed after it when a process died may not have been shown, and counts as missed.
"""

from collections.abc import Callable

from bot.domain.receipts import Receipt
from bot.storage.database import Database
from bot.storage.stores import missed_receipts
from bot.storage.stores.missed_receipts import Key

KEPT_MS = 30 * 24 * 3600 * 1000
"""How long somebody who does nothing here any more may still be shown a receipt."""

MOST_SHOWN = 10
"""Receipts in one reply."""

OVERDUE_S = 3.0
"""A receipt that is on its way for longer counts as missed: its member may be about to try again."""


class Receipts:
    """The use-cases of receipts on their way. Use from one event loop.

    Whoever shows a receipt calls `miss` once that takes longer than `overdue_s` seconds.
    """

    def __init__(self, database: Database, clock: Callable[[], int], *, overdue_s: float = OVERDUE_S) -> None:
        self.overdue_s = overdue_s
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
        under_way = self._under_way.setdefault(guild_id, {})
        under_way[seq] = under_way.get(seq, 0) + 1
        if seq > self._newest.get(guild_id, 0):
            self._newest[guild_id] = seq

    def end(self, receipt: Receipt, *, shown: bool) -> None:
        """Note that a receipt is on its way no longer, and whether it has been shown."""
        guild_id, seq = receipt.guild_id, receipt.seq
        under_way = self._under_way[guild_id]
        under_way[seq] -= 1
        if not under_way[seq]:
            del under_way[seq]
        if not under_way:
            del self._under_way[guild_id]
        if not shown:
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
        """Whether a member has receipts to be shown; asks nothing of the books."""
        return (guild_id, member_id) in self._missed

    async def claim(self, guild_id: int, member_id: int) -> list[Receipt]:
        """Return what a member has missed, oldest first and no more than one reply holds.

        Nobody else gets these: each of them has to be passed to `show`, or to `miss` again.
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
            self._claimed -= keys - {(guild_id, member_id, receipt.seq) for receipt in receipts}
        return receipts

    async def receipt(self, guild_id: int, seq: int) -> Receipt:
        """Return the receipt of a transaction that is in the journal."""
        (receipt,) = await self._database.read(missed_receipts.receipts, guild_id, [seq])
        return receipt

    async def recover(self, serves: Callable[[int], bool]) -> int:
        """Count as missed what a process of before may not have shown, in the guilds that this one `serves`.

        Return how many receipts those are. To be called before the first reply; if the books cannot be written then,
        `save` does it. Raises Busy or BooksClosed.
        """
        self._serves = serves
        behind = [guild for guild in await self._database.read(missed_receipts.behind) if serves(guild[0])]
        count = await self._database.writer.perform(missed_receipts.recover, behind, self._clock()) if behind else 0
        await self._refresh()
        self._serves = None
        return count

    async def save(self) -> None:
        """Write down what has been missed and shown since the last time; to be called again when it raises."""
        if self._serves is not None:
            await self.recover(self._serves)
        added, removed, moved = set(self._to_add), set(self._to_remove), self._moved()
        if added or removed or moved:
            await self._database.writer.perform(missed_receipts.save, added, removed, moved, self._clock(), KEPT_MS)
            self._to_add -= added
            self._to_remove -= removed
            self._cursors |= moved
        await self._refresh()

    async def _refresh(self) -> None:
        """Hear of what other processes have noted."""
        fresh: dict[tuple[int, int], set[int]] = {}
        rows = await self._database.read(missed_receipts.everything)
        for guild_id, member_id, seq in (set(rows) | self._to_add) - self._to_remove - self._claimed:
            fresh.setdefault((guild_id, member_id), set()).add(seq)
        self._missed = fresh

    def _moved(self) -> dict[int, int]:
        """Return how far each guild's cursor may go now, where it goes further."""
        upto = {
            guild_id: min(self._under_way.get(guild_id, ()), default=newest + 1) - 1
            for guild_id, newest in self._newest.items()
        }
        return {guild_id: seq for guild_id, seq in upto.items() if seq > self._cursors.get(guild_id, 0)}

    def _take(self, key: Key) -> None:
        guild_id, member_id, seq = key
        mine = self._missed.get((guild_id, member_id), set[int]())
        mine.discard(seq)
        if not mine:
            self._missed.pop((guild_id, member_id), None)

    def _wake(self) -> None:
        for listener in self._listeners:
            listener()
