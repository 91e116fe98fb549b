"""Reads what the rules of flags look at: what happened in the last thirty days, added up by the database.

Test coins count for nothing, and neither do gifts that were taken back as a whole.
"""

from collections.abc import Collection
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from bot.domain.accounts import NOBODY, AccountKind
from bot.domain.flag_rules import CROWD, Activity, Burst, Flow, GrantedCoins, Purchases
from bot.domain.flags import MOST_ENTRIES, WINDOW_MS, Entries
from bot.domain.ids import created_ms
from bot.domain.ledger.claim import ClaimOffer
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.grant_many import GrantMany
from bot.domain.ledger.order import CreditOrder
from bot.storage.ledger import holders
from bot.storage.ledger.journal import fact_of, head, seq_before
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
    if start == head(c, guild_id).seq:
        return Activity(now_ms)
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
    """Return the conditions for gifts after row `start` that were not taken back entirely."""
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
    """Return the hours in which a crowd gave a creator the same item, with the bought coins that each of them gave."""
    hour = (journal.c.at_ms // HOUR_MS).label("hour")
    columns = _creator.label("creator"), _item.label("item"), hour, journal.c.actor, func.sum(_paid).label("paid")
    # One pass over the journal: a busy guild has thousands of such hours.
    lines = (
        select(*columns)
        .select_from(_gifts)
        .where(*_standing(guild_id, start), _paid > 0)
        .group_by("creator", "item", "hour", journal.c.actor)
        .cte("lines")
    )
    of_hour = lines.c.creator, lines.c.item, lines.c.hour
    crowds = select(*of_hour).group_by(*of_hour).having(func.count() >= CROWD).cte("crowds")
    same_hour = and_(*(its == line for its, line in zip(crowds.c, of_hour, strict=True)))
    query = select(*of_hour, lines.c.actor, lines.c.paid).select_from(lines.join(crowds, same_hour)).order_by(*of_hour)
    return [
        Burst(creator, item, {sender: int(coins) for *_, sender, coins in of_crowd})
        for (creator, item, _), of_crowd in groupby(c.execute(query), key=lambda row: tuple(row[:3]))
    ]


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
    """Return what staff have given whom: by grants, by batches, and by offers that members claimed."""
    member, standing = fact_of("member"), fact_of("coins") - _taken_back
    since = journal.c.guild_id == guild_id, journal.c.seq > start
    single, claims = (
        select(giver, member, func.sum(standing)).select_from(_gifts).where(*since, journal.c.kind == kind)
        for kind, giver in ((Grant.kind, journal.c.actor), (ClaimOffer.kind, fact_of("giver")))
    )
    # A batch is taken back as a whole or not at all.
    same_row = and_(entries.c.guild_id == journal.c.guild_id, entries.c.seq == journal.c.seq)
    batches = (
        select(journal.c.actor, entries.c.owner, func.sum(entries.c.amount))
        .select_from(_gifts.join(entries, same_row))
        .where(*since, journal.c.kind == GrantMany.kind, entries.c.owner != NOBODY, _taken_back == 0)
        .group_by(journal.c.actor, entries.c.owner)
    )
    queries = (single.group_by(journal.c.actor, member), claims.group_by(fact_of("giver"), member), batches)
    return [GrantedCoins(*map(int, row)) for query in queries for row in c.execute(query)]


def _creators(c: Connection, guild_id: int) -> frozenset[int]:
    same = and_(
        holder_table.c.guild_id == creator_table.c.guild_id, holder_table.c.user_id == creator_table.c.member_id
    )
    query = select(holder_table.c.holder_id).join(creator_table, same)
    return frozenset(c.execute(query.where(creator_table.c.guild_id == guild_id)).scalars())
