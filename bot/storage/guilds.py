"""Guilds: whose books these are, and what they have settled for themselves."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, select, update

from bot.domain.catalogue import default_items
from bot.domain.guilds import GuildRules
from bot.domain.journal import GENESIS
from bot.domain.packages import default_packages
from bot.storage import catalogue, journal, packages
from bot.storage.rows import columns_of, insert_new, values_of
from bot.storage.statements import Lookup
from bot.storage.tables import guilds, heads

_RULES = Lookup(select(*columns_of(guilds, GuildRules)), (guilds.c.guild_id,))


def rules(c: Connection, guild_id: int) -> GuildRules | None:
    """Return a guild's settings, None if it has no books."""
    return rules_of(c, [guild_id]).get(guild_id)


def rules_of(c: Connection, guild_ids: Collection[int]) -> dict[int, GuildRules]:
    """Return the settings of those of `guild_ids` that have books."""
    found = (_rules(row) for row in _RULES.rows(c, [(guild_id,) for guild_id in guild_ids]))
    return {rules.guild_id: rules for rules in found}


def lock(c: Connection, guild_id: int) -> None:
    """Keep everybody else from changing this guild's books until the transaction ends, where several processes might.

    For jobs that look before they write. It is the lock that every batch takes, and therefore the only one.
    """
    journal.lock_heads(c, [guild_id])


def ensure(c: Connection, guild_id: int, now_ms: int, *, packages_archived: bool) -> bool:
    """Open books for a guild, with what it starts with; return False if it had some, which then go on."""
    values = values_of(GuildRules(guild_id))
    if not insert_new(c, guilds, {**values, "joined_ms": now_ms, "left_ms": None}):
        c.execute(update(guilds).where(guilds.c.guild_id == guild_id).values(left_ms=None))
        return False
    # The head exists before the first row does, so that a transaction always has something to lock.
    insert_new(c, heads, {"guild_id": guild_id, "seq": 0, "hash": GENESIS})
    for item in default_items(guild_id):
        catalogue.save(c, item)
    for package in default_packages(guild_id, archived=packages_archived):
        packages.save(c, package)
    return True


def save(c: Connection, rules: GuildRules) -> None:
    """Replace a guild's settings."""
    c.execute(update(guilds).where(guilds.c.guild_id == rules.guild_id).values(values_of(rules)))


def mark_left(c: Connection, guild_id: int, now_ms: int) -> None:
    """Note that the bot was removed from a guild. Its books stay, should it come back."""
    c.execute(update(guilds).where(guilds.c.guild_id == guild_id).values(left_ms=now_ms))


def _rules(row: Row[*tuple[Any, ...]]) -> GuildRules:
    return GuildRules(*row)
