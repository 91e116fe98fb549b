"""Results of weeks and months: which guilds want them posted, and what is to be posted or edited."""

from collections.abc import Callable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.deadlines import AT_ONCE_MS
from bot.domain.periods import Period
from bot.domain.results import PERIODS, Results, Step, next_step, results_of
from bot.domain.staff_acts import ActKind, change
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.stores import deadlines, guilds, results, staff_acts


class Agenda(NamedTuple):
    """What a guild has of results, what is to be done, and the channel for new posts, 0 for none."""

    results: Results
    step: Step
    channel_id: int


class ResultPosts:
    """The use-cases of results."""

    def __init__(self, database: OpenBooks, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def of_guild(self, guild_id: int) -> tuple[Results, ...]:
        """Return what a guild wants and has, for weeks and for months."""
        return await self._database.read(_of_both, guild_id)

    async def switch(self, guild_id: int, period: Period, *, is_on: bool, by: int) -> None:
        """Have results posted, or not any more. Raises UnknownGuild."""
        await self._database.writer.perform(_switch, guild_id, period, is_on, by, self._clock())

    async def agenda(self, guild_id: int, period: Period) -> Agenda:
        """Return what is to be done now. Raises UnknownGuild."""
        return await self._database.read(_agenda, guild_id, period, self._clock())

    async def note_post(self, results: Results) -> None:
        """Note what was posted. Whether results are wanted stays as it is."""
        await self._database.writer.perform(_note_post, results)


def _of_both(c: Connection, guild_id: int) -> tuple[Results, ...]:
    return tuple(results.of_guild(c, guild_id, period) for period in PERIODS)


def _switch(c: Connection, guild_id: int, period: Period, is_on: bool, by: int, now_ms: int) -> None:
    guilds.lock(c, guild_id)
    zone = ZoneInfo(guilds.required(c, guild_id).time_zone)
    before = results.of_guild(c, guild_id, period)
    after = before.switched(now_ms, zone, is_on=is_on)
    results.save(c, after)
    if is_on:
        deadlines.put(c, results_of(guild_id, PERIODS.index(period), AT_ONCE_MS))
    field = f"{period.value}_results"
    act = change(ActKind.SETTINGS, {field: before.is_on}, {field: is_on}, by=by, at_ms=now_ms)
    staff_acts.add(c, guild_id, act)


def _agenda(c: Connection, guild_id: int, period: Period, now_ms: int) -> Agenda:
    rules = guilds.required(c, guild_id)
    stored = results.of_guild(c, guild_id, period)
    return Agenda(stored, next_step(stored, now_ms, ZoneInfo(rules.time_zone)), rules.gift_channel_id)


def _note_post(c: Connection, post: Results) -> None:
    guilds.lock(c, post.guild_id)
    stored = results.of_guild(c, post.guild_id, post.period)
    results.save(c, stored.posted(post.number, post.channel_id, post.message_id, is_final=post.is_final))
