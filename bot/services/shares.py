"""Shares: staff choose what creators earn, and creators are told before they earn less."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from bot.domain.errors import UnknownGuild
from bot.domain.guilds import GuildRules
from bot.domain.notices import NoticeKind
from bot.domain.shares import PlannedShare, ShareChange, ShareKind, changed, changes_between, moved
from bot.domain.staff_acts import ActKind, change
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import creators, guilds, notices, shares, staff_acts

HISTORY = 10
"""Changes that are listed at most."""


class ShareNews(NamedTuple):
    """What the creators' channel has yet to be told, and that channel, 0 for none."""

    channel_id: int
    changes: list[ShareChange]


class Shares:
    """The use-cases of shares."""

    def __init__(self, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect_notice = expect_notice

    async def change(self, guild_id: int, bought: int, promo: int, *, by: int) -> GuildRules:
        """Choose both shares, in percent. Return the rules of now, with what is planned. Raises InvalidAmount."""
        percents = {ShareKind.BOUGHT: bought, ShareKind.PROMO: promo}
        rules, member_ids = await self._database.writer.perform(_change, guild_id, percents, by, self._clock())
        for member_id in member_ids:
            self._expect_notice(guild_id, member_id)
        return rules

    async def history(self, guild_id: int) -> list[ShareChange]:
        """Return the newest changes that have started or still will, newest first."""
        return await self._database.read(shares.history, guild_id, HISTORY)

    async def news(self, guild_id: int) -> ShareNews:
        """Return what the channel has to be told. A lower share that it is told of late starts later."""
        return await self._database.writer.perform(_news, guild_id, self._clock())

    async def mark_announced(self, guild_id: int, changes: Collection[ShareChange]) -> None:
        """Note that the channel knows, or that there is none."""
        await self._database.writer.perform(shares.mark_announced, guild_id, [each.number for each in changes])


def _change(
    c: Connection, guild_id: int, percents: dict[ShareKind, int], by: int, now_ms: int
) -> tuple[GuildRules, list[int]]:
    guilds.lock(c, guild_id)
    before = _rules(c, guild_id, now_ms)
    member_ids = [creator.member_id for creator in creators.creators(c, guild_id)]
    after = before
    for kind, percent in percents.items():
        later = changed(after, kind, percent, now_ms, has_creators=bool(member_ids))
        if later != after:
            shares.replace_planned(c, guild_id, kind, now_ms)
        after = later
    guilds.save(c, after)
    changes = changes_between(before, after, shares.next_number(c, guild_id), by, now_ms)
    shares.add(c, guild_id, changes)
    for member_id in member_ids:
        for each in changes:
            if member_id != by:
                notices.add(c, guild_id, member_id, NoticeKind.SHARE, now_ms, number=each.number)
    staff_acts.add(c, guild_id, change(ActKind.SETTINGS, before, after, by=by, at_ms=now_ms))
    return after, member_ids if changes else []


def _news(c: Connection, guild_id: int, now_ms: int) -> ShareNews:
    guilds.lock(c, guild_id)
    rules = _rules(c, guild_id, now_ms)
    changes: list[ShareChange] = []
    for untold in shares.unannounced(c, guild_id):
        # Without a channel, creators have their notices, which wait for them since the change.
        each = untold.postponed(now_ms) if rules.gift_channel_id else untold
        if each.starts_ms != untold.starts_ms:
            shares.postpone(c, each)
            guilds.save(c, moved(rules, PlannedShare(each.kind, each.to_percent, each.starts_ms)))
            rules = _rules(c, guild_id, now_ms)
        changes.append(each)
    return ShareNews(rules.gift_channel_id, changes)


def _rules(c: Connection, guild_id: int, now_ms: int) -> GuildRules:
    rules = guilds.rules(c, guild_id)
    if rules is None:
        raise UnknownGuild
    return rules.at(now_ms)
