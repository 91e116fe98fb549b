"""Choices about announcements, of guilds and of members, and the channels that take none."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from bot.domain.catalogue import Tier
from bot.domain.manners import BrokenChannel, Manners
from bot.storage.rows import columns_of, insert_new, upsert, values_of
from bot.storage.tables import announcement_settings, broken_channels, member_settings


def manners(c: Connection, guild_id: int) -> Manners:
    """Return how a guild wants gifts to be announced."""
    query = select(*columns_of(announcement_settings, Manners)).where(announcement_settings.c.guild_id == guild_id)
    row = c.execute(query).one_or_none()
    return _manners(row) if row else Manners(guild_id)


def save_manners(c: Connection, wanted: Manners) -> None:
    """Replace how a guild wants gifts to be announced."""
    upsert(c, announcement_settings, values_of(wanted) | {"lowest_tier": wanted.lowest_tier.value})


def wants_no_pings(c: Connection, guild_id: int, member_id: int) -> bool:
    """Whether a member has asked not to be pinged."""
    same = (member_settings.c.guild_id == guild_id, member_settings.c.member_id == member_id)
    return bool(c.execute(select(member_settings.c.no_pings).where(*same)).scalar_one_or_none())


def save_no_pings(c: Connection, guild_id: int, member_id: int, no_pings: bool) -> None:
    """Keep whether a member is not to be pinged."""
    upsert(c, member_settings, {"guild_id": guild_id, "member_id": member_id, "no_pings": int(no_pings)})


def broken(c: Connection, guild_id: int) -> list[BrokenChannel]:
    """Return the channels of a guild that take no messages."""
    query = select(*columns_of(broken_channels, BrokenChannel)).where(broken_channels.c.guild_id == guild_id)
    return [_broken(row) for row in c.execute(query.order_by(broken_channels.c.since_ms))]


def mark_broken(c: Connection, channel: BrokenChannel) -> bool:
    """Note that a channel takes no messages; return False if that was known."""
    return insert_new(c, broken_channels, values_of(channel) | {"told": int(channel.told)})


def claim_untold(c: Connection, guild_id: int) -> list[BrokenChannel]:
    """Note that staff know of all broken channels, and return those they did not know of: for one caller only."""
    untold = update(broken_channels).where(broken_channels.c.guild_id == guild_id, broken_channels.c.told == 0)
    rows = c.execute(untold.values(told=1).returning(*columns_of(broken_channels, BrokenChannel)))
    return sorted(map(_broken, rows), key=lambda channel: channel.since_ms)


def mark_untold(c: Connection, guild_id: int, channel_ids: Collection[int]) -> None:
    """Note that staff do not know of these after all."""
    c.execute(update(broken_channels).where(*_these(guild_id, channel_ids)).values(told=0))


def mend(c: Connection, guild_id: int, channel_ids: Collection[int]) -> bool:
    """Note that channels take messages again; return whether one of them did not."""
    return c.execute(delete(broken_channels).where(*_these(guild_id, channel_ids))).rowcount > 0


def _manners(row: Row[*tuple[Any, ...]]) -> Manners:
    guild_id, start, end, lowest = row
    return Manners(guild_id, start, end, Tier(lowest))


def _broken(row: Row[*tuple[Any, ...]]) -> BrokenChannel:
    guild_id, channel_id, code, since_ms, told = row
    return BrokenChannel(guild_id, channel_id, code, since_ms, bool(told))


def _these(guild_id: int, channel_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return broken_channels.c.guild_id == guild_id, broken_channels.c.channel_id.in_(channel_ids)
