"""The store of guilds: which guilds have books, and their settings."""

from collections.abc import Collection, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select, update

from bot.domain.catalogue import default_items
from bot.domain.creator_weeks import week_at, week_before
from bot.domain.deadlines import FLAG_LOOK_EVERY_MS, SETTLED_MS, creator_week_of, flag_look_of
from bot.domain.errors import UnknownGuild
from bot.domain.guilds import GuildRules
from bot.domain.ledger.books import Books
from bot.domain.ledger.journal import GENESIS
from bot.domain.packages import default_packages
from bot.storage.ledger import heads as head_store
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import guilds, heads
from bot.storage.stores import catalogue, creator_weeks, deadlines, packages

_SELECT = select(*columns_of(guilds, GuildRules))
_RULES = Lookup(_SELECT, (guilds.c.guild_id,))
_RULES_OF_OPEN = Lookup(_SELECT.where(guilds.c.left_ms.is_(None)), (guilds.c.guild_id,))


def rules(c: Connection, guild_id: int) -> GuildRules | None:
    """Return a guild's settings, None if the guild has no books."""
    return rules_of(c, [guild_id]).get(guild_id)


def required(c: Connection, guild_id: int) -> GuildRules:
    """Return a guild's settings; raise UnknownGuild."""
    stored = rules(c, guild_id)
    if stored is None:
        raise UnknownGuild
    return stored


def rules_of(c: Connection, guild_ids: Collection[int]) -> dict[int, GuildRules]:
    """Return the settings of those of `guild_ids` that have books."""
    rows = _RULES.rows(c, [(guild_id,) for guild_id in guild_ids])
    return {rules.guild_id: rules for rules in map(_rules, rows)}


def rules_of_open(c: Connection, guild_ids: Collection[int]) -> dict[int, GuildRules]:
    """Return the settings of those of `guild_ids` that have books and that the bot was not removed from."""
    rows = _RULES_OF_OPEN.rows(c, [(guild_id,) for guild_id in guild_ids])
    return {rules.guild_id: rules for rules in map(_rules, rows)}


def lock(c: Connection, guild_id: int) -> None:
    """Keep other processes from changing this guild's books until the transaction ends. For jobs that read, then write.

    This is the lock that every batch takes. There is no other for a guild.
    """
    head_store.lock(c, [guild_id])


def ensure(c: Connection, guild_id: int, now_ms: int, *, packages_archived: bool) -> bool:
    """Open books for a guild, with default items and packages. Return False if it had books, which are then resumed."""
    values = values_of(GuildRules(guild_id))
    if not insert_new(c, guilds, {**values, "joined_ms": now_ms, "left_ms": None}):
        c.execute(update(guilds).where(guilds.c.guild_id == guild_id).values(left_ms=None))
        return False
    # Insert the head before there are any rows, so that a transaction always has something to lock.
    insert_new(c, heads, {"guild_id": guild_id, "seq": 0, "hash": GENESIS})
    zone = ZoneInfo(GuildRules(guild_id).time_zone)
    creator_weeks.be_done(c, guild_id, week_before(now_ms, zone).number)
    first_recaps = creator_week_of(guild_id, week_at(now_ms, zone).end_ms + SETTLED_MS)
    deadlines.put(c, flag_look_of(guild_id, now_ms + FLAG_LOOK_EVERY_MS), first_recaps)
    for item in default_items(guild_id):
        catalogue.save(c, item)
    for package in default_packages(guild_id, archived=packages_archived):
        packages.save(c, package)
    return True


def save(c: Connection, rules: GuildRules) -> None:
    """Replace a guild's settings."""
    c.execute(update(guilds).where(guilds.c.guild_id == rules.guild_id).values(values_of(rules)))


def note_money(c: Connection, guild_id: int, since_ms: int | None) -> None:
    """Record that members can pay with real money, since `since_ms` if they could not before; None if they cannot."""
    since = None if since_ms is None else func.coalesce(guilds.c.money_since_ms, since_ms)
    c.execute(update(guilds).where(guilds.c.guild_id == guild_id).values(money_since_ms=since))


def note_freezes(c: Connection, guild_id: int, since_ms: int | None) -> None:
    """Record that somebody is frozen, since `since_ms` if nobody was before; None if nobody is."""
    since = None if since_ms is None else func.coalesce(guilds.c.frozen_since_ms, since_ms)
    c.execute(update(guilds).where(guilds.c.guild_id == guild_id).values(frozen_since_ms=since))


def mark_left(c: Connection, guild_id: int, now_ms: int) -> None:
    """Record that the bot was removed from a guild. Its books stay, in case the bot returns."""
    c.execute(update(guilds).where(guilds.c.guild_id == guild_id).values(left_ms=now_ms))


def _rules(row: Row[*tuple[Any, ...]]) -> GuildRules:
    return GuildRules(*row)


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    books.rules = cache.look_up(c, "rules", {command.guild_id for command in commands}, rules_of)


register("rules", _load)
