"""The store of wallets: what members hold, and the transactions that changed it."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, case, func, select

from bot.domain.accounts import AccountKind
from bot.domain.anonymity import in_public, moves_held_earnings
from bot.domain.orders import Order
from bot.domain.receipts import Receipt
from bot.domain.wallets import Wallet, WalletLine
from bot.storage.ledger import holders, journal
from bot.storage.sql.tables import MEMBERS_OWN, balances, entries
from bot.storage.stores import payment_cases

SPENDABLE: Final = (AccountKind.PAID.value, AccountKind.PROMO.value, AccountKind.TEST.value)
"""Kinds of accounts from which members spend."""
_EARNED = (AccountKind.EARNINGS.value, AccountKind.TEST_EARNINGS.value)
_OWED = (AccountKind.DEBT.value, AccountKind.TEST_DEBT.value)


def wallet(c: Connection, guild_id: int, member_id: int) -> Wallet:
    """Return what a member holds: an empty wallet if the books do not know the member."""
    holder = holders.holder_id(c, guild_id, member_id)
    if holder is None:
        return Wallet()
    query = select(balances.c.kind, balances.c.amount).where(
        balances.c.guild_id == guild_id, balances.c.owner == holder
    )
    amounts = {row.kind: row.amount for row in c.execute(query)}
    return Wallet(
        paid=amounts.get(AccountKind.PAID.value, 0),
        promo=amounts.get(AccountKind.PROMO.value, 0),
        earnings=amounts.get(AccountKind.EARNINGS.value, 0),
        debt=-amounts.get(AccountKind.DEBT.value, 0),
        reserved=amounts.get(AccountKind.RESERVED.value, 0),
        test=amounts.get(AccountKind.TEST.value, 0),
        test_earnings=amounts.get(AccountKind.TEST_EARNINGS.value, 0),
        test_debt=-amounts.get(AccountKind.TEST_DEBT.value, 0),
    )


def debt_of(c: Connection, guild_id: int, holder: int) -> int:
    """Return what a holder owes, in coins."""
    query = select(balances.c.amount).where(
        balances.c.guild_id == guild_id, balances.c.owner == holder, balances.c.kind == AccountKind.DEBT.value
    )
    return -(c.execute(query).scalar_one_or_none() or 0)


def sums() -> list[ColumnElement[Any]]:
    """Return what entries add to a member's coins, earnings and debt account, as `line_of` takes it."""
    return [
        func.sum(case((entries.c.kind.in_(kinds), entries.c.amount), else_=0)) for kinds in (SPENDABLE, _EARNED, _OWED)
    ]


def lines(
    c: Connection,
    guild_id: int,
    member_id: int,
    *,
    limit: int,
    before_seq: int | None = None,
    after_seq: int | None = None,
) -> list[WalletLine]:
    """Return up to `limit` transactions that changed a member's accounts, newest first: the last ones before
    `before_seq`, or the first ones after `after_seq`."""
    holder = holders.holder_id(c, guild_id, member_id)
    if holder is None:
        return []
    # The partial index serves only queries that repeat its condition, owner <> 0.
    query = select(entries.c.seq, *sums()).where(entries.c.guild_id == guild_id, entries.c.owner == holder, MEMBERS_OWN)
    if before_seq is not None:
        query = query.where(entries.c.seq < before_seq)
    order = entries.c.seq.desc()
    if after_seq is not None:
        query, order = query.where(entries.c.seq > after_seq), entries.c.seq.asc()
    rows: list[Any] = [*c.execute(query.group_by(entries.c.seq).order_by(order).limit(limit))]
    changes = sorted(rows, key=lambda row: -row.seq)
    # The receiver of an anonymous gift sees it without its sender.
    recorded_receipts = journal.receipts_with(c, guild_id, [seq for seq, *_ in changes])
    receipts = {receipt.seq: _as_read(receipt, member_id) for receipt in recorded_receipts}
    credited = payment_cases.orders_credited_by(c, guild_id, recorded_receipts)
    return [
        line_of(receipts[seq], (int(amount), int(earnings), int(owed)), credited)
        for seq, amount, earnings, owed in changes
    ]


def line_of(receipt: Receipt, sums: tuple[int, int, int], credited: Mapping[int, Order]) -> WalletLine:
    """Return a transaction as a line. `sums` are what it added to a member's coins, earnings and debt account, which is
    negative for what is owed; `credited` are the orders of receipts."""
    amount, earned, owed = sums
    return WalletLine(
        receipt.seq, receipt.kind, receipt.at_ms, amount, receipt, earned, -owed, credited.get(receipt.seq)
    )


def _as_read(receipt: Receipt, member_id: int) -> Receipt:
    # A purchase that goes back is its buyer's, also where staff have taken it back.
    is_own = receipt.actor_id == member_id or (receipt.other_id == member_id and moves_held_earnings(receipt))
    return receipt if is_own else in_public(receipt)


def rows_that_took_coins(c: Connection, guild_id: int, member_id: int, *, after: int, limit: int) -> list[int]:
    """Return the first `limit` rows after `after` that took something from a member, oldest first."""
    holder = holders.holder_id(c, guild_id, member_id)
    query = select(entries.c.seq).where(
        entries.c.guild_id == guild_id,
        entries.c.owner == holder,
        MEMBERS_OWN,
        entries.c.amount < 0,
        entries.c.seq > after,
    )
    return [*c.execute(query.distinct().order_by(entries.c.seq).limit(limit)).scalars()]
