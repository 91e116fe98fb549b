"""Monthly proofs: that a guild's books add up, for everybody to see, if the guild wants that."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.domain.deadlines import proof_of_guild
from bot.domain.errors import UnknownGuild
from bot.domain.periods import PastPeriod
from bot.domain.proofs import MonthlyProof, month_before, next_month_ms, span_of
from bot.domain.staff_acts import ActKind, change
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.stores import deadlines, guilds, proofs, staff_acts


class Proofs:
    """The use-cases of monthly proofs."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def channel(self, guild_id: int) -> int:
        """Return the channel in which a guild posts its proofs, 0 for none."""
        return await self._database.read(proofs.channel, guild_id)

    async def choose(self, guild_id: int, channel_id: int, by: int) -> None:
        """Post proofs in a channel from the next month on, 0 for none. Raise UnknownGuild."""
        await self._database.writer.perform(_choose, guild_id, channel_id, by, self._clock())

    async def last_month(self, guild_id: int) -> MonthlyProof:
        """Return the proof of the month that is over. Raise UnknownGuild."""
        return await self._database.read(_last_month, guild_id, self._clock())

    async def next_ms(self, guild_id: int) -> int:
        """Return when the month ends in a guild. Raise UnknownGuild."""
        return next_month_ms(self._clock(), await self._database.read(_zone, guild_id))


def proof(c: Connection, guild_id: int, month: PastPeriod) -> MonthlyProof:
    """Return the proof of a month by the guild's calendar. Raise UnknownGuild."""
    return proofs.proof(c, guild_id, month, span_of(month, _zone(c, guild_id)))


def _last_month(c: Connection, guild_id: int, now_ms: int) -> MonthlyProof:
    return proof(c, guild_id, month_before(now_ms, _zone(c, guild_id)))


def _zone(c: Connection, guild_id: int) -> ZoneInfo:
    rules = guilds.rules(c, guild_id)
    if rules is None:
        raise UnknownGuild
    return ZoneInfo(rules.time_zone)


def _choose(c: Connection, guild_id: int, channel_id: int, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    zone, before = _zone(c, guild_id), proofs.channel(c, guild_id)
    proofs.choose(c, guild_id, channel_id)
    deadlines.put(c, proof_of_guild(guild_id, next_month_ms(now_ms, zone)))
    old, new = {"proof_channel": before}, {"proof_channel": channel_id}
    staff_acts.add(c, guild_id, change(ActKind.SETTINGS, old, new, by=by, at_ms=now_ms))
