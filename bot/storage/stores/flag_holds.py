"""What creators' earnings wait for a flag, whatever else they wait for."""

from collections.abc import Sequence
from typing import cast

from sqlalchemy import Connection, select

from bot.domain.held_earnings import pieces_left
from bot.domain.holds import Hold
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.storage.folds.earnings import hold_rules
from bot.storage.folds.earnings.lines import sources_of
from bot.storage.ledger.journal import rows_with
from bot.storage.sql.flag_tables import flag_entries, flags
from bot.storage.stores import held_earnings, reversals
from bot.storage.stores.flags import IS_HOLDING


def holds(c: Connection, guild_id: int, holder: int) -> Sequence[Hold]:
    """Return the pieces of a creator's earnings that wait for a flag, each with the day until which it waits anyway.

    A gift that several flags name is there once, and only with what is left of it.
    """
    query = (
        select(flag_entries.c.seq)
        .join(flags, (flags.c.guild_id == flag_entries.c.guild_id) & (flags.c.flag_id == flag_entries.c.flag_id))
        .where(flag_entries.c.guild_id == guild_id, flag_entries.c.creator == holder, IS_HOLDING)
    )
    keys = {(guild_id, seq) for seq in c.execute(query.distinct()).scalars()}
    if not keys:
        return ()
    gifts = [(row, cast("GiftFacts", row.facts)) for row in rows_with(c, keys) if row.kind == SendGift.kind]
    sources, rules = sources_of(c, guild_id, [facts for _, facts in gifts]), hold_rules.rules(c, guild_id)
    parts = reversals.parts_of(c, keys)
    losses = held_earnings.losses_of_gifts(c, guild_id, [seq for _, seq in keys])
    return [
        hold
        for row, facts in gifts
        for hold in pieces_left(
            *(row.seq, row.at_ms, facts, sources, rules),
            parts.get((guild_id, row.seq), 0),
            losses.get(row.seq, ()),
        )
    ]
