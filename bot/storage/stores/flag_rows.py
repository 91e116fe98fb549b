"""Reads what the rules of flags look at: what happened in the last thirty days, added up by the database.

Test coins count for nothing, and neither do gifts that were taken back as a whole.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from bot.domain.accounts import AccountKind
from bot.domain.flag_rules import CROWD, Activity, Burst, Flow, GrantedCoins, Purchases
from bot.domain.flags import MOST_ENTRIES, WINDOW_MS, Entries
from bot.domain.ids import created_ms
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.order import CreditOrder
from bot.storage.ledger import holders
from bot.storage.ledger.journal import fact_of, seq_before
from bot.storage.sql.tables import MEMBERS_OWN, entries, journal, reversals
from bot.storage.sql.tables import creators as creator_table
from bot.storage.sql.tables import holders as holder_table
from bot.storage.stores.flag_paybacks import late_paybacks

HOUR_MS = 3_600_000

_is_test = journal.c.body.contains('"test":true', autoescape=True)
_taken_back = func.coalesce(reversals.c.part, 0)
_gifts = journal.outerjoin(
    reversals, and_(reversals.c.guild_id == journal.c.guild_id, reversals.c.seq == journal.c.seq)
)
_creator, _item, _paid, _promo = (fact_of(name) for name in ("creator", "item", "paid", "promo"))


def activity(c: Connection, guild_id: int, now_ms: int) -> Activity:
    """Return what happened in a guild in the thirty days before `now_ms`."""
    start = seq_before(c, guild_id, now_ms - WINDOW_MS)
    flows = _flows(c, guild_id, start)
    people = {flow.sender for flow in flows}
    return Activity(
        now_ms=now_ms,
        flows=flows,
        purchases=_purchases(c, guild_id, start),
        bursts=_bursts(c, guild_id, start),
        grants=_grants(c, guild_id, start),
        paybacks=late_paybacks(c, guild_id, start),
        creators=_creators(c, guild_id),
        account_ms={
            holder: created_ms(member_id)
            for holder, member_id in holders.member_ids(c, guild_id, people).items()
            if member_id
        },
    )


def named_gifts(c: Connection, guild_id: int, named: Entries, now_ms: int) -> list[tuple[int, int, int]]:
    """Return the gifts of a finding, (number, creator, diamonds that are left of it) each, oldest first.

    Of more than MOST_ENTRIES the newest count.
    """
    start = 0 if named.seqs else seq_before(c, guild_id, now_ms - WINDOW_MS)
    count = fact_of("count")
    earned = fact_of("share") - func.coalesce(fact_of("payoff"), 0)
    query = (
        select(journal.c.seq, _creator, earned * (count - _taken_back) // count)
        .select_from(_gifts)
        .where(*_standing(guild_id, start), journal.c.actor.in_(named.senders), _creator.in_(named.creators))
    )
    if named.item is not None:
        query = query.where(_item == named.item)
    if named.seqs:
        query = query.where(journal.c.seq.in_(named.seqs))
    rows = c.execute(query.order_by(journal.c.seq.desc()).limit(MOST_ENTRIES)).all()
    return sorted((seq, creator, max(int(diamonds), 0)) for seq, creator, diamonds in rows)


def _standing(guild_id: int, start: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of gifts after row `start` of which anything stands."""
    return (
        journal.c.guild_id == guild_id,
        journal.c.seq > start,
        journal.c.kind == SendGift.kind,
        ~_is_test,
        fact_of("count") > _taken_back,
    )


def _flows(c: Connection, guild_id: int, start: int) -> list[Flow]:
    query = (
        select(
            journal.c.actor,
            _creator,
            func.sum(_paid),
            func.sum(_promo),
            func.count(),
            func.min(journal.c.at_ms),
            func.max(journal.c.at_ms),
        )
        .select_from(_gifts)
        .where(*_standing(guild_id, start))
        .group_by(journal.c.actor, _creator)
    )
    return [Flow(*map(int, row)) for row in c.execute(query)]


def _bursts(c: Connection, guild_id: int, start: int) -> list[Burst]:
    hour = journal.c.at_ms // HOUR_MS
    by_hour = select(_creator, _item, hour).select_from(_gifts).where(*_standing(guild_id, start))
    crowds = by_hour.group_by(_creator, _item, hour).having(func.count(journal.c.actor.distinct()) >= CROWD)
    bursts: list[Burst] = []
    for creator, item, number in c.execute(crowds).all():
        query = (
            select(journal.c.actor, func.sum(_paid))
            .select_from(_gifts)
            .where(*_standing(guild_id, start), _creator == creator, _item == item)
            .where(journal.c.at_ms >= number * HOUR_MS, journal.c.at_ms < (number + 1) * HOUR_MS)
            .group_by(journal.c.actor)
        )
        bursts.append(Burst(creator, item, {sender: int(coins) for sender, coins in c.execute(query)}))
    return bursts


def _purchases(c: Connection, guild_id: int, start: int) -> dict[int, Purchases]:
    query = (
        select(journal.c.actor, func.sum(fact_of("coins")), func.min(journal.c.at_ms))
        .where(journal.c.guild_id == guild_id, journal.c.seq > start, journal.c.kind == CreditOrder.kind, ~_is_test)
        .group_by(journal.c.actor)
    )
    rows = c.execute(query).all()
    earlier = _had_bought(c, guild_id, start, [buyer for buyer, *_ in rows])
    return {buyer: Purchases(int(coins), first_ms, buyer not in earlier) for buyer, coins, first_ms in rows}


def _had_bought(c: Connection, guild_id: int, start: int, buyers: Collection[int]) -> set[int]:
    """Return those of the buyers who had bought coins up to row `start`."""
    bought = exists().where(
        entries.c.guild_id == guild_id,
        entries.c.owner == holder_table.c.holder_id,
        MEMBERS_OWN,
        entries.c.kind == AccountKind.PAID.value,
        entries.c.amount > 0,
        entries.c.seq <= start,
    )
    query = select(holder_table.c.holder_id).where(
        holder_table.c.guild_id == guild_id, holder_table.c.holder_id.in_(buyers), bought
    )
    return {*c.execute(query).scalars()}


def _grants(c: Connection, guild_id: int, start: int) -> list[GrantedCoins]:
    member = fact_of("member")
    query = (
        select(journal.c.actor, member, func.sum(fact_of("coins")))
        .where(journal.c.guild_id == guild_id, journal.c.seq > start, journal.c.kind == Grant.kind)
        .group_by(journal.c.actor, member)
    )
    return [GrantedCoins(*map(int, row)) for row in c.execute(query)]


def _creators(c: Connection, guild_id: int) -> frozenset[int]:
    same = and_(
        holder_table.c.guild_id == creator_table.c.guild_id, holder_table.c.user_id == creator_table.c.member_id
    )
    query = select(holder_table.c.holder_id).join(creator_table, same)
    return frozenset(c.execute(query.where(creator_table.c.guild_id == guild_id)).scalars())
