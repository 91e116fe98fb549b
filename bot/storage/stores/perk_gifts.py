"""Finds the gift with which a member can have a perk: of a tier, under their own name, and not used for it before.

A gift for several creators is several rows, and counts once. Of a gift that members pooled for, each has sent what they
gave.
"""

from sqlalchemy import ColumnElement, Connection, and_, func, not_, or_, select

from bot.domain.catalogue import Tier
from bot.domain.ledger.gift import SendGift
from bot.domain.perks import Perk, UnlockState
from bot.storage.ledger import journal as journal_store
from bot.storage.ledger.journal import fact_of
from bot.storage.sql.perk_tables import perk_unlocks
from bot.storage.sql.tables import MEMBERS_OWN, entries, journal, reversals


def unused_gift(c: Connection, perk: Perk, holder: int) -> int:
    """Return the row of the oldest gift since the perk was made that a member can have it for, 0 if there is none."""
    since_seq = journal_store.seq_before(c, perk.guild_id, perk.made_ms)
    lowest = Tier.numbered(perk.needs) or Tier.SMALL
    used = select(perk_unlocks.c.row).where(
        perk_unlocks.c.guild_id == perk.guild_id,
        perk_unlocks.c.holder == holder,
        perk_unlocks.c.perk_id == perk.perk_id,
        perk_unlocks.c.state != UnlockState.REVERSED.value,
    )
    same_row = and_(journal.c.guild_id == entries.c.guild_id, journal.c.seq == entries.c.seq)
    taken_back = and_(reversals.c.guild_id == entries.c.guild_id, reversals.c.seq == entries.c.seq)
    conditions = [
        entries.c.guild_id == perk.guild_id,
        entries.c.owner == holder,
        MEMBERS_OWN,
        entries.c.amount < 0,
        entries.c.seq > since_seq,
        journal.c.kind == SendGift.kind,
        journal.c.actor == holder,
        _has('"anonymous":false'),
        not_(_has('"counts":false')),
        func.coalesce(reversals.c.part, 0) < fact_of("count"),
        _reaches(lowest),
        entries.c.seq.not_in(used),
    ]
    if perk.creator:
        conditions.append(fact_of("creator") == perk.creator)
    else:
        conditions.append(or_(not_(_has('"joint":[')), _has('"joint":[0,'), _is_pooled()))
    query = select(func.min(entries.c.seq)).select_from(
        entries.join(journal, same_row).outerjoin(reversals, taken_back)
    )
    return c.execute(query.where(*conditions)).scalar() or 0


def _reaches(lowest: Tier) -> ColumnElement[bool]:
    """Return the condition that a gift was of a tier, or of a higher one: by its price, or as the guild had chosen."""
    chosen = or_(*(_has(f'"tier":"{tier.value}"') for tier in Tier if tier.reaches(lowest)))
    # The rows of a pooled gift have the tier of the whole, and the price of a part.
    is_own_tier = and_(_has('"tier":"'), not_(_is_pooled()))
    return or_(and_(is_own_tier, chosen), and_(not_(is_own_tier), fact_of("price") >= lowest.from_price))


def _is_pooled() -> ColumnElement[bool]:
    return _has('"chip_in":')


def _has(text: str) -> ColumnElement[bool]:
    return journal.c.body.contains(text, autoescape=True)
