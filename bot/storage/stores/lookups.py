"""The store of what staff look up about a member: their journal, by page and filter, and what is shown beside it."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from bot.domain.accounts import WALLETS, Account, AccountKind
from bot.domain.freezes import CaseRef, CaseType
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.team_gift import MOST_CREATORS
from bot.domain.lookups import LeftOver, Lookup, LookupFilter, LookupKind, as_read
from bot.domain.orders import Order
from bot.domain.payment_cases import PaymentCase
from bot.domain.receipts import Receipt
from bot.storage.ledger import holders, journal
from bot.storage.ledger.journal import fact_of
from bot.storage.sql.flag_tables import UNDECIDED_FLAGS, flag_members, flags
from bot.storage.sql.tables import MEMBERS_OWN, UNDECIDED, entries, orders
from bot.storage.sql.tables import journal as rows
from bot.storage.sql.tables import payment_cases as cases
from bot.storage.stores import freezes, lots, order_outcomes, payment_cases, reversals, wallets
from bot.storage.stores import orders as order_store

_near = rows.alias("near")


def look_up(
    c: Connection, guild_id: int, member_id: int, reader_id: int, wanted: LookupFilter, page_size: int, beside: int
) -> Lookup:
    """Return a page of a member's journal as `reader_id` may read it, with up to `beside` orders, cases and lots."""
    holder = holders.holder_id(c, guild_id, member_id) or 0
    reader = holders.holder_id(c, guild_id, reader_id) or 0
    fitting = _fitting(guild_id, holder, reader if reader_id != member_id else 0, wanted)
    joined = entries.join(rows, and_(rows.c.guild_id == entries.c.guild_id, rows.c.seq == entries.c.seq))
    counted = select(func.count(entries.c.seq.distinct())).select_from(joined).where(*fitting)
    count = c.execute(counted).scalar_one() if holder else 0
    page = min(max(wanted.page, 0), max(0, -(-count // page_size) - 1))
    query = select(entries.c.seq, *wallets.sums()).select_from(joined).where(*fitting).group_by(entries.c.seq)
    query = query.order_by(entries.c.seq.desc()).limit(page_size).offset(page * page_size)
    changes: list[Any] = [*c.execute(query)] if count else []
    frozen = freezes.as_read(c, guild_id, freezes.of_member(c, guild_id, member_id))
    receipts = _receipts(c, guild_id, [change.seq for change in changes], reader_id, reader)
    taken_back = reversals.parts_of(c, [(guild_id, seq) for seq in receipts])
    credited = payment_cases.orders_credited_by(c, guild_id, receipts.values())
    latest_orders = _orders(c, guild_id, member_id, beside)
    return Lookup(
        member_id,
        wallets.wallet(c, guild_id, member_id),
        _lots(c, guild_id, holder)[:beside],
        latest_orders,
        _cases(c, guild_id, member_id, beside),
        [
            wallets.line_of(receipts[seq], (int(coins), int(earned), int(owed)), credited)
            for seq, coins, earned, owed in changes
        ],
        {seq: part for (_, seq), part in taken_back.items()},
        wanted._replace(page=page),
        count,
        frozen,
        _open_cases(c, guild_id, member_id, holder, reader, {freeze.case for freeze in frozen})[:beside],
        order_outcomes.outcomes(c, guild_id, latest_orders),
    )


def _fitting(guild_id: int, holder: int, reader: int, wanted: LookupFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of the rows that are asked for. Anonymous gifts to the `reader` are none of them."""
    # The partial index serves only queries that repeat its condition, owner <> 0.
    conditions: list[Any] = [entries.c.guild_id == guild_id, entries.c.owner == holder, MEMBERS_OWN]
    if wanted.kind is not LookupKind.ALL:
        conditions.append(rows.c.kind == wanted.kind.value)
    if wanted.from_ms:
        conditions.append(rows.c.at_ms >= wanted.from_ms)
    if wanted.until_ms:
        conditions.append(rows.c.at_ms < wanted.until_ms)
    if reader:
        # Who reads their own anonymous gifts among those of a sender would know the sender.
        is_anonymous = rows.c.body.contains('"anonymous":true')
        creator = fact_of("creator")
        conditions.append(or_(~is_anonymous, creator.is_(None), creator != reader))
        conditions.append(~and_(is_anonymous, _is_beside_one_to(guild_id, reader)))
        # So would who reads whose purchase took the same earnings back that they have just lost.
        moves = or_(*(rows.c.body.contains(f'"{name}"', autoescape=True) for name in ("from_gifts", "to_gifts")))
        conditions.append(~and_(moves, rows.c.body.contains(f",{reader},", autoescape=True)))
    return conditions


def _is_beside_one_to(guild_id: int, reader: int) -> ColumnElement[bool]:
    """Return the condition that a row is near an anonymous gift to the reader, or near what takes one back.

    The parts of a team gift follow each other, so a reader of one of them knows who sent the others. So do the rows
    that take them back; there, rather one row too many is hidden than one too few.
    """
    body, kind, seq = _near.c.body, _near.c.kind, _near.c.seq
    is_of_team = and_(_near.c.actor == rows.c.actor, body.contains('"joint":[', autoescape=True))
    return exists().where(
        _near.c.guild_id == guild_id,
        seq.between(rows.c.seq - (MOST_CREATORS - 1), rows.c.seq + (MOST_CREATORS - 1)),
        kind == rows.c.kind,
        body.contains('"anonymous":true', autoescape=True),
        body.contains(f'"creator":{reader},', autoescape=True),
        or_(is_of_team, kind == Reverse.kind),
    )


def _receipts(c: Connection, guild_id: int, seqs: Sequence[int], reader_id: int, reader: int) -> dict[int, Receipt]:
    receipts = journal.receipts_with(c, guild_id, seqs)
    return {
        receipt.seq: as_read(receipt, reader_id, reader_id if reader in _creators(receipt) else 0)
        for receipt in receipts
    }


def _creators(receipt: Receipt) -> set[int]:
    """Return the creators, as holders, whose gifts a transaction is about."""
    facts = receipt.facts
    moves = (*facts.get("from_gifts", ()), *facts.get("to_gifts", ()))
    return {facts.get("creator", 0), *(creator for _, creator, *_ in moves)} - {0}


def _lots(c: Connection, guild_id: int, holder: int) -> list[LeftOver]:
    places = [(guild_id, Account(kind, holder)) for kind in WALLETS] if holder else []
    return [
        LeftOver(lot.seq, lot.coins, account.kind is AccountKind.TEST)
        for (_, account), account_lots in lots.lots_of(c, places).items()
        for lot in account_lots
    ]


def _orders(c: Connection, guild_id: int, member_id: int, most: int) -> list[Order]:
    same = (orders.c.guild_id == guild_id, orders.c.member_id == member_id)
    query = select(orders.c.order_id).where(*same).order_by(orders.c.consented_ms.desc()).limit(most)
    ids = [*c.execute(query).scalars()]
    order_by_key = order_store.orders_of(c, {(guild_id, order_id) for order_id in ids})
    return payment_cases.as_paid(c, guild_id, [order_by_key[guild_id, order_id] for order_id in ids])


def _cases(c: Connection, guild_id: int, member_id: int, most: int) -> list[PaymentCase]:
    same = and_(orders.c.guild_id == cases.c.guild_id, orders.c.order_id == cases.c.order_id)
    query = select(cases.c.case_id).join(orders, same)
    query = query.where(cases.c.guild_id == guild_id, orders.c.member_id == member_id)
    ids = c.execute(query.order_by(cases.c.case_id.desc()).limit(most)).scalars()
    named = (payment_cases.case(c, guild_id, case_id) for case_id in [*ids])
    return [each for each in named if each is not None]


def _open_cases(
    c: Connection, guild_id: int, member_id: int, holder: int, reader: int, without: Collection[CaseRef]
) -> list[CaseRef]:
    """Return the open cases that name a member, but none that names the `reader`, too."""
    same = and_(orders.c.guild_id == cases.c.guild_id, orders.c.order_id == cases.c.order_id)
    of_payments = select(cases.c.case_id).join(orders, same)
    of_payments = of_payments.where(cases.c.guild_id == guild_id, orders.c.member_id == member_id, UNDECIDED)
    same = and_(flag_members.c.guild_id == flags.c.guild_id, flag_members.c.flag_id == flags.c.flag_id)
    naming = select(flags.c.flag_id).join(flag_members, same).where(flags.c.guild_id == guild_id, UNDECIDED_FLAGS)
    theirs = naming.where(flag_members.c.holder == holder).except_(naming.where(flag_members.c.holder == reader))
    refs = [CaseRef(CaseType.PAYMENT, number) for number in sorted(c.execute(of_payments).scalars())]
    refs += [CaseRef(CaseType.FLAG, number) for number in sorted(c.execute(theirs).scalars())]
    return [ref for ref in refs if ref not in without]
