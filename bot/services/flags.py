"""Flags: a search for signs of fraud in the books, once a day, and what staff decide about them."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from bot.domain import text
from bot.domain.deadlines import FLAG_LOOK_EVERY_MS, Deadline
from bot.domain.errors import InvalidText, NotFound, Refusal
from bot.domain.flag_rules import findings
from bot.domain.flags import Entries, Finding, Flag, FlagKind, FlagOutcome, fresh
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.lookups import as_read
from bot.domain.receipts import Receipt
from bot.domain.staff_errors import FlagDecided, OwnFlag
from bot.services.reversals import Reversals
from bot.services.wallets import REASON_LENGTH
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import flag_rows, flags, guilds, pending_earnings

log = logging.getLogger(__name__)

AT_ONCE = 50
"""How many gifts are taken back at a time."""

NamedFinding = tuple[Finding, list[tuple[int, int, int]]]
"""A finding, and the gifts that it names, each as (number, creator, diamonds)."""


class Flags:
    """The use-cases of flags."""

    def __init__(self, database: Database, clock: Callable[[], int], reversals: Reversals) -> None:
        self._database = database
        self._clock = clock
        self._reversals = reversals
        self._looking = asyncio.Lock()

    async def look(self, deadline: Deadline) -> int:
        """Flag what looks like fraud in a guild, and return when to look again. Guilds are searched one at a time."""
        async with self._looking:
            now_ms = self._clock()
            happened = await self._database.read(flag_rows.activity, deadline.guild_id, now_ms)
            new_findings = findings(happened)
            # Finding the gifts among a million may take seconds. That must not happen in the writer, for which new
            # gifts wait.
            named = await self._database.read(_named, deadline.guild_id, new_findings, now_ms) if new_findings else []
            if named:
                await self._database.writer.perform(_flag, deadline.guild_id, named, now_ms)
        return now_ms + FLAG_LOOK_EVERY_MS

    async def open_manually(self, guild_id: int, seq: int, by: int, note: str) -> Flag:
        """Flag a row of the books by hand. Raise NotFound for a row that is not there, and InvalidText."""
        clean_note = text.clean(note, REASON_LENGTH)
        if not clean_note:
            raise InvalidText("reason", REASON_LENGTH)
        flag_id = await self._database.writer.perform(_open, guild_id, seq, by, clean_note, self._clock())
        return await self.find(guild_id, flag_id)

    async def undecided(self, guild_id: int) -> list[Flag]:
        """Return the flags that staff have not decided about, oldest first."""
        return await self._database.read(flags.undecided, guild_id)

    async def find(self, guild_id: int, flag_id: int) -> Flag:
        """Return one flag, with what it holds now; raise NotFound."""
        flag = await self._database.read_folded(guild_id, _flag_now, guild_id, flag_id)
        if flag is None:
            raise NotFound("flag")
        return flag

    async def gifts(self, flag: Flag, reader_id: int, most: int) -> list[Receipt]:
        """Return the newest gifts that a flag names, newest first, as `reader_id`, who is staff, may read them."""
        return await self._database.read(_gifts, flag, reader_id, most)

    async def clear(self, guild_id: int, flag_id: int, by: int) -> Flag:
        """Clear a flag, and release what it holds. Raises NotFound, OwnFlag or FlagDecided."""
        return await self._decide(guild_id, flag_id, FlagOutcome.CLEARED, by)

    async def uphold(self, guild_id: int, flag_id: int, by: int) -> Flag:
        """Uphold a flag, which keeps holding the earnings. Raises NotFound, OwnFlag or FlagDecided."""
        return await self._decide(guild_id, flag_id, FlagOutcome.UPHELD, by)

    async def reverse(self, guild_id: int, flag_id: int, by: int, reason: str) -> tuple[Flag, int]:
        """Take back every gift that a flag names. Return the flag, and how many gifts could not be taken back.

        Gifts that were taken back before stay so, and this may be repeated. If any are left, the flag keeps holding.
        Raises NotFound, OwnFlag or FlagDecided.
        """
        flag = await self._undecided(guild_id, flag_id, by)
        failures = 0
        for start in range(0, len(flag.seqs), AT_ONCE):
            seqs = flag.seqs[start : start + AT_ONCE]
            outcomes = await asyncio.gather(*(self._reverse(flag, seq, by, reason) for seq in seqs))
            failures += outcomes.count(False)
        outcome = FlagOutcome.UPHELD if failures else FlagOutcome.REVERSED
        return await self._decide(guild_id, flag_id, outcome, by), failures

    async def unannounced(self, guild_id: int) -> list[int]:
        """Return the numbers of the flags that staff have not been told of."""
        return await self._database.read(flags.unannounced, guild_id)

    async def mark_announced(self, guild_id: int, flag_ids: Collection[int]) -> None:
        """Note that staff have been told of these flags, or that no channel of theirs accepts the message."""
        await self._database.writer.perform(flags.mark_announced, guild_id, flag_ids)

    async def _reverse(self, flag: Flag, seq: int, by: int, reason: str) -> bool:
        """Take back what is left of one gift; return False if that is refused."""
        key = f"flag:{flag.flag_id}:{seq}"
        try:
            await self._reversals.reverse(flag.guild_id, key=key, actor_id=by, seq=seq, part=None, reason=reason)
        except Refusal as refusal:
            log.info("Row %s of guild %s, flag %s, stays: %r", seq, flag.guild_id, flag.flag_id, refusal)
            return False
        return True

    async def _undecided(self, guild_id: int, flag_id: int, by: int) -> Flag:
        flag = await self.find(guild_id, flag_id)
        if flag.concerns(by):
            raise OwnFlag
        if not flag.is_holding:
            raise FlagDecided(flag_id)
        return flag

    async def _decide(self, guild_id: int, flag_id: int, outcome: FlagOutcome, by: int) -> Flag:
        await self._undecided(guild_id, flag_id, by)
        if not await self._database.writer.perform(flags.decide, guild_id, flag_id, outcome, by, self._clock()):
            raise FlagDecided(flag_id)
        log.info("Flag %s of guild %s was decided by member %s: %s", flag_id, guild_id, by, outcome)
        return await self.find(guild_id, flag_id)


def _flag_now(c: Connection, guild_id: int, flag_id: int) -> Flag | None:
    flag = flags.flag(c, guild_id, flag_id)
    return replace(flag, held=pending_earnings.of_flag(c, guild_id, flag_id)) if flag is not None else None


def _gifts(c: Connection, flag: Flag, reader_id: int, most: int) -> list[Receipt]:
    receipts = journal.receipts_with(c, flag.guild_id, flag.seqs[-most:])
    return [as_read(each, reader_id, each.other_id) for each in sorted(receipts, key=lambda each: -each.seq)]


def _named(c: Connection, guild_id: int, new_findings: Sequence[Finding], now_ms: int) -> list[NamedFinding]:
    """Return the findings that staff have not seen recently, each with the gifts that it names."""
    return [
        (finding, flag_rows.named_gifts(c, guild_id, finding.entries, now_ms))
        for finding in fresh(new_findings, flags.last_decisions(c, guild_id), now_ms)
    ]


def _flag(c: Connection, guild_id: int, named: Sequence[NamedFinding], now_ms: int) -> None:
    guilds.lock(c, guild_id)
    # Another bot, or a member of staff, may have been faster.
    still_new = fresh([finding for finding, _ in named], flags.last_decisions(c, guild_id), now_ms)
    for finding, entries in named:
        if finding not in still_new:
            continue
        flag_id = flags.add(c, guild_id, finding, entries, now_ms=now_ms)
        log.warning(
            "Flag %s of guild %s: %s, %s gifts. Staff decide with /cases", flag_id, guild_id, finding.kind, len(entries)
        )


def _open(c: Connection, guild_id: int, seq: int, by: int, note: str, now_ms: int) -> int:
    guilds.lock(c, guild_id)
    rows = journal.rows_with(c, [(guild_id, seq)])
    if not rows:
        raise NotFound("receipt")
    (row,) = rows
    entries: list[tuple[int, int, int]] = []
    coins, members = int(row.facts.get("coins", 0)), (row.actor,)
    if row.kind == SendGift.kind:
        facts = gift_facts(row)
        members = row.actor, facts["creator"]
        diamonds = 0 if "test" in facts else facts["share"] - facts.get("payoff", 0)
        entries.append((seq, facts["creator"], diamonds))
    finding = Finding(FlagKind.MANUAL, members, coins, seq, Entries(frozenset(), frozenset()))
    return flags.add(c, guild_id, finding, entries, now_ms=now_ms, note=note, opened_by=by)
