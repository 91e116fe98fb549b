"""The staff log: what staff did, in a channel of their choice and in the settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.deadlines import staff_digest_of
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import NOBODY, ActKind, RecordedAct, change
from bot.domain.staff_log import Digest, LoggedAct, StaffLog, digest_of, next_hour
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import journal
from bot.storage.stores import deadlines, guilds, staff_acts, staff_logs

PAGE = 6
"""Acts on a page of the log."""

MOST_ROWS = 20_000
"""Rows of the journal that one summary holds, which fit into a file."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, newest act first. `page` counts from 0, and `acts` are in all `count`."""

    acts: Sequence[LoggedAct]
    page: int
    count: int
    channel_id: int


class StaffLogs:
    """The use-cases of staff logs."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def log(self, guild_id: int) -> StaffLog:
        """Return a guild's staff log."""
        return await self._database.read(staff_logs.log, guild_id)

    async def choose(self, guild_id: int, channel_id: int, *, by: int = NOBODY) -> None:
        """Report acts in a channel from now on, 0 for none. If the channel is already chosen, it continues where it
        was."""
        await self._database.writer.perform(_choose, guild_id, channel_id, by, self._clock())

    async def page(self, guild_id: int, page: int) -> LogPage:
        """Return a page of what staff did, counted from 0 and brought into range."""
        return await self._database.read(_page, guild_id, page)

    async def unposted(self, guild_id: int) -> LoggedAct | None:
        """Return the oldest act that is not in the channel yet, None if all are."""
        return await self._database.read(_unposted, guild_id)

    async def mark_posted(self, guild_id: int, number: int) -> None:
        """Note that acts up to `number` are in the channel."""
        await self._database.writer.perform(staff_logs.mark_posted, guild_id, number)

    async def due_digest(self, guild_id: int) -> Digest | None:
        """Return the summary that is to be posted now, the same one until it is marked; None if nothing happened."""
        log = await self._database.writer.perform(_plan_digest, guild_id)
        if not log.channel_id or log.until_seq <= log.digest_seq:
            return None
        return await self._database.read(_digest, log)

    async def mark_digested(self, guild_id: int, seq: int) -> int:
        """Note that everything up to row `seq` is summed up. Return when the next summary is due."""
        await self._database.writer.perform(staff_logs.mark_digested, guild_id, seq)
        return next_hour(self._clock())

    def next_digest_ms(self) -> int:
        """Return when the next summary is due."""
        return next_hour(self._clock())


def _choose(c: Connection, guild_id: int, channel_id: int, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    before = staff_logs.log(c, guild_id)
    log = replace(before, channel_id=channel_id)
    if channel_id and not before.channel_id:
        head_seq = journal.head(c, guild_id).seq
        log = replace(log, posted_number=staff_acts.last_number(c, guild_id), digest_seq=head_seq, until_seq=head_seq)
        deadlines.put(c, staff_digest_of(guild_id, next_hour(now_ms)))
    staff_logs.save(c, log)
    was, now = ({"log_channel_id": each.channel_id} for each in (before, log))
    staff_acts.add(c, guild_id, change(ActKind.SETTINGS, was, now, by=by, at_ms=now_ms))


def _page(c: Connection, guild_id: int, page: int) -> LogPage:
    count = staff_acts.last_number(c, guild_id)
    page = min(max(page, 0), max(0, -(-count // PAGE) - 1))
    acts = _logged(c, guild_id, staff_acts.latest(c, guild_id, PAGE, offset=page * PAGE))
    return LogPage(acts, page, count, staff_logs.log(c, guild_id).channel_id)


def _unposted(c: Connection, guild_id: int) -> LoggedAct | None:
    log = staff_logs.log(c, guild_id)
    acts = staff_acts.after(c, guild_id, log.posted_number, 1) if log.channel_id else []
    return next(iter(_logged(c, guild_id, acts)), None)


def _logged(c: Connection, guild_id: int, acts: Sequence[RecordedAct]) -> list[LoggedAct]:
    """Return the acts with their receipts. The books are for staff here, so nothing is left out of those."""
    receipts = _receipts(c, guild_id, {recorded.act.seq for recorded in acts} - {0})
    taken_back = {reversal_facts(receipt)["of"] for receipt in receipts.values() if receipt.kind == Reverse.kind}
    originals = _receipts(c, guild_id, taken_back)
    logged: list[LoggedAct] = []
    for recorded in acts:
        receipt = receipts.get(recorded.act.seq)
        is_reversal = receipt is not None and receipt.kind == Reverse.kind
        original = originals.get(reversal_facts(receipt)["of"]) if receipt is not None and is_reversal else None
        logged.append(LoggedAct(recorded.number, recorded, receipt, original))
    return logged


def _receipts(c: Connection, guild_id: int, seqs: set[int]) -> dict[int, Receipt]:
    return {receipt.seq: receipt for receipt in journal.receipts_with(c, guild_id, seqs)} if seqs else {}


def _plan_digest(c: Connection, guild_id: int) -> StaffLog:
    guilds.lock(c, guild_id)
    return staff_logs.plan_digest(c, guild_id, _digest_end(c, guild_id))


def _digest_end(c: Connection, guild_id: int) -> int:
    """Return the last row that the next summary holds."""
    return min(journal.head(c, guild_id).seq, staff_logs.log(c, guild_id).digest_seq + MOST_ROWS)


def _digest(c: Connection, log: StaffLog) -> Digest:
    receipts = journal.after(c, log.guild_id, log.digest_seq, log.until_seq - log.digest_seq)
    return digest_of(receipts, log.digest_seq + 1, log.until_seq)
