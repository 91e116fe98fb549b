"""The store of deleted members: what was open with them, and what the law wants kept about them."""

from collections.abc import Collection

from sqlalchemy import Connection, and_, func, select, update

from bot.domain.erasures import Affairs, Erasure, Holdings, records_end_of, records_until_ms
from bot.domain.order_states import MONEY_CAME, UNDECIDED, OrderState
from bot.storage.ledger import holders
from bot.storage.sql.erasure_tables import RESTRICTED
from bot.storage.sql.erasure_tables import erasures as table
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.sql.tables import UNASSIGNED, freezes, orders, payment_cases, payouts, product_purchases
from bot.storage.sql.tables import UNDECIDED as UNDECIDED_CASES
from bot.storage.stores import chests, chip_ins, deadlines, live, wallets
from bot.storage.stores import payouts as payout_store
from bot.storage.stores.personal_data import NO_HOLDER, Person


def person(c: Connection, guild_id: int, member_id: int) -> Person:
    """Return a member with their pseudonym. Those who never had coins may have chosen something all the same."""
    holder = holders.holder_id(c, guild_id, member_id)
    return Person(guild_id, member_id, NO_HOLDER if holder is None else holder)


def affairs(c: Connection, person: Person) -> Affairs:
    """Return what is open between a member and a guild."""
    guild_id, member_id = person.guild_id, person.user_id
    mine = and_(orders.c.guild_id == guild_id, orders.c.member_id == member_id)
    unpaid = select(func.count()).where(mine, orders.c.state.in_([*UNDECIDED]))
    unassigned = select(func.count()).where(product_purchases.c.member_id == member_id, UNASSIGNED)
    in_question = select(func.count()).where(mine, orders.c.state.in_([OrderState.DISPUTED, OrderState.REVIEW]))
    cases = (
        select(func.count())
        .select_from(payment_cases.join(orders, payment_cases.c.order_id == orders.c.order_id))
        .where(mine, payment_cases.c.guild_id == guild_id, UNDECIDED_CASES)
    )
    frozen = select(func.count()).where(freezes.c.guild_id == guild_id, freezes.c.holder == person.holder_id)
    wallet = wallets.wallet(c, guild_id, member_id)
    return Affairs(
        is_live=live.of_creator(c, guild_id, member_id) is not None,
        debt=wallet.debt,
        unpaid_orders=c.execute(unpaid).scalar_one() + c.execute(unassigned).scalar_one(),
        undecided_cases=sum(c.execute(query).scalar_one() for query in (in_question, cases, frozen)),
        open_payouts=int(payout_store.open_of(c, guild_id, person.holder_id) is not None),
        has_chest=chests.open_of(c, guild_id, person.holder_id) is not None,
        open_chip_ins=chip_ins.open_chips_of(c, guild_id, person.holder_id),
    )


def holdings(c: Connection, person: Person) -> Holdings:
    """Return what a member would lose."""
    wallet = wallets.wallet(c, person.guild_id, person.user_id)
    return Holdings(
        coins=wallet.paid,
        promo=wallet.promo,
        diamonds=wallet.earnings,
        records_until_ms=_records_until_ms(c, person),
    )


def _records_until_ms(c: Connection, person: Person) -> int | None:
    """Return until when the law wants to know who bought and who was paid."""
    sale = select(func.max(orders.c.consented_ms)).where(
        orders.c.guild_id == person.guild_id,
        orders.c.member_id == person.user_id,
        orders.c.test == 0,
        orders.c.state.in_([*MONEY_CAME]),
    )
    payout = select(func.max(payouts.c.closed_ms)).where(
        payouts.c.guild_id == person.guild_id, payouts.c.creator == person.holder_id, payouts.c.state == "paid"
    )
    last_ms = max(c.execute(query).scalar_one() or 0 for query in (sale, payout))
    return records_until_ms(last_ms) if last_ms else None


def add(c: Connection, person: Person, now_ms: int) -> Erasure:
    """Record that a member is being deleted, and who it was if the law wants that."""
    until_ms = _records_until_ms(c, person)
    erasure = Erasure(person.guild_id, person.holder_id, now_ms, until_ms)
    if person.holder_id != NO_HOLDER:
        keep(c, erasure)
    return erasure


def keep(c: Connection, erasure: Erasure) -> None:
    """Store that a member was deleted, if it is not stored yet."""
    insert_new(c, table, values_of(erasure) | {"user_id": None})


def restrict(c: Connection, person: Person, erasure: Erasure) -> None:
    """Keep the identity of a deleted member until the erasure's date, only for records."""
    if erasure.records_until_ms is None:
        return
    mine = (table.c.guild_id == erasure.guild_id, table.c.holder_id == erasure.holder_id)
    c.execute(update(table).where(*mine).values(user_id=person.user_id, records_until_ms=erasure.records_until_ms))
    deadlines.put(c, records_end_of(erasure.guild_id, erasure.holder_id, erasure.records_until_ms))


def end_records(c: Connection, guild_id: int, holder_id: int, now_ms: int) -> None:
    """Forget who a deleted member was, once no record has to name them any more."""
    is_over = (table.c.guild_id == guild_id, table.c.holder_id == holder_id, table.c.records_until_ms <= now_ms)
    c.execute(update(table).where(*is_over, RESTRICTED).values(user_id=None))


def all_of(c: Connection) -> list[Erasure]:
    """Return every deleted member of every guild."""
    return [Erasure(*row) for row in c.execute(select(*columns_of(table, Erasure)))]


def counts(c: Connection) -> dict[int, int]:
    """Return how many members of each guild were deleted."""
    return {row[0]: row[1] for row in c.execute(select(table.c.guild_id, func.count()).group_by(table.c.guild_id))}


def come_back(c: Connection, erasures: Collection[Erasure]) -> list[tuple[Person, Erasure]]:
    """Return those of the deleted members whom these books still know, as a restored backup may."""
    returned: list[tuple[Person, Erasure]] = []
    for guild_id in {erasure.guild_id for erasure in erasures}:
        by_holder = {erasure.holder_id: erasure for erasure in erasures if erasure.guild_id == guild_id}
        for holder_id, member_id in holders.member_ids(c, guild_id, by_holder).items():
            if member_id:
                returned.append((Person(guild_id, member_id, holder_id), by_holder[holder_id]))
    return returned
