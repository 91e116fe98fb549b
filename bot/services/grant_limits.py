"""How much staff may grant: what a guild has chosen."""

from collections.abc import Callable

from bot.domain.grant_limits import GrantLimits
from bot.domain.staff_acts import ActKind, change
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import grant_limits, guilds, staff_acts


class StaffLimits:
    """The use-cases of limits on grants."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def limits(self, guild_id: int) -> GrantLimits:
        """Return a guild's limits."""
        return await self._database.read(grant_limits.limits, guild_id)

    async def change(self, guild_id: int, limits: GrantLimits, *, by: int) -> None:
        """Set the limits; raise InvalidAmount. They apply from the next grant on."""
        await self._database.writer.perform(_change, guild_id, limits.checked(), by, self._clock())


def _change(c: Connection, guild_id: int, limits: GrantLimits, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    before = grant_limits.limits(c, guild_id)
    grant_limits.save(c, guild_id, limits)
    act = change(ActKind.GRANT_LIMITS, before._asdict(), limits._asdict(), by=by, at_ms=now_ms)
    staff_acts.add(c, guild_id, act)
