"""The store of choices that guilds make about announcements."""

from typing import Any

from sqlalchemy import Connection, Row, select

from bot.domain.announcement_settings import AnnouncementSettings
from bot.domain.catalogue import Tier
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.tables import announcement_settings


def settings(c: Connection, guild_id: int) -> AnnouncementSettings:
    """Return how a guild wants gifts to be announced, the defaults if it has not chosen."""
    query = select(*columns_of(announcement_settings, AnnouncementSettings)).where(
        announcement_settings.c.guild_id == guild_id
    )
    row = c.execute(query).one_or_none()
    return _settings(row) if row else AnnouncementSettings(guild_id)


def save(c: Connection, settings: AnnouncementSettings) -> None:
    """Save how a guild wants gifts to be announced."""
    upsert(c, announcement_settings, values_of(settings) | {"lowest_tier": settings.lowest_tier.value})


def _settings(row: Row[*tuple[Any, ...]]) -> AnnouncementSettings:
    guild_id, start, end, lowest = row
    return AnnouncementSettings(guild_id, start, end, Tier(lowest))
