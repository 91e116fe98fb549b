"""Guilds and what they decide for themselves."""

from collections.abc import Callable, Collection
from zoneinfo import available_timezones

from bot.domain.errors import InvalidTimeZone, UnknownGuild
from bot.domain.guilds import GuildRules, Setting
from bot.domain.policy import Actor, Staff
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import creators, guilds


class Guilds:
    """The use-cases of a guild's settings."""

    def __init__(self, database: Database, clock: Callable[[], int], *, packages_archived: bool) -> None:
        self._database = database
        self._clock = clock
        self._packages_archived = packages_archived

    async def welcome(self, guild_id: int) -> bool:
        """Open books for a guild, with the default catalogue and packages; return False if it already had books."""
        return await self._database.writer.perform(_ensure, guild_id, self._clock(), self._packages_archived)

    async def left(self, guild_id: int) -> None:
        """Note that the bot was removed from the guild. Nothing is deleted, because it may be invited again."""
        await self._database.writer.perform(guilds.mark_left, guild_id, self._clock())

    async def rules(self, guild_id: int) -> GuildRules:
        """Return the guild's settings; raise UnknownGuild."""
        return _required(await self._database.read(guilds.rules, guild_id))

    async def change(self, guild_id: int, **values: Setting) -> GuildRules:
        """Change settings (fields of GuildRules) after checking them; raise InvalidAmount or InvalidTimeZone."""
        zone = values.get("time_zone")
        if zone is not None and zone not in available_timezones():
            # Shortened, because the refusal quotes it.
            raise InvalidTimeZone(str(zone)[:40])
        return await self._database.writer.perform(_change, guild_id, values)

    async def actor(self, guild_id: int, user_id: int, role_ids: Collection[int], *, manages_guild: bool) -> Actor:
        """Return who `user_id` is in this guild, for the policy table; raise UnknownGuild."""
        rules = await self.rules(guild_id)
        staff = frozenset(staff for staff in Staff if rules.role_of(staff) in role_ids)
        is_creator = await self._database.read(creators.is_creator, guild_id, user_id)
        return Actor(user_id, staff, manages_guild, is_creator)


def _ensure(connection: Connection, guild_id: int, now_ms: int, archived: bool) -> bool:
    return guilds.ensure(connection, guild_id, now_ms, packages_archived=archived)


def _change(connection: Connection, guild_id: int, values: dict[str, Setting]) -> GuildRules:
    guilds.lock(connection, guild_id)
    rules = _required(guilds.rules(connection, guild_id)).changed(**values)
    guilds.save(connection, rules)
    return rules


def _required(rules: GuildRules | None) -> GuildRules:
    if rules is None:
        raise UnknownGuild
    return rules
