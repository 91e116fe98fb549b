"""The store of wallets: what members hold, and the transactions that changed it."""

from sqlalchemy import Connection, case, func, select

from bot.domain.accounts import AccountKind
from bot.domain.anonymity import in_public
from bot.domain.wallets import Wallet, WalletLine
from bot.storage.ledger import holders, journal
from bot.storage.sql.tables import MEMBERS_OWN, balances, entries

_SPENDABLE = (AccountKind.PAID.value, AccountKind.PROMO.value, AccountKind.TEST.value)
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


def lines(
    c: Connection, guild_id: int, member_id: int, *, limit: int, before_seq: int | None = None
) -> list[WalletLine]:
    """Return up to `limit` transactions that changed a member's accounts, newest first, before `before_seq`."""
    holder = holders.holder_id(c, guild_id, member_id)
    if holder is None:
        return []
    spendable, earned, debt = (
        func.sum(case((entries.c.kind.in_(kinds), entries.c.amount), else_=0)) for kinds in (_SPENDABLE, _EARNED, _OWED)
    )
    # The partial index serves only queries that repeat its condition, owner <> 0.
    query = select(entries.c.seq, spendable, earned, debt).where(
        entries.c.guild_id == guild_id, entries.c.owner == holder, MEMBERS_OWN
    )
    if before_seq is not None:
        query = query.where(entries.c.seq < before_seq)
    sums = c.execute(query.group_by(entries.c.seq).order_by(entries.c.seq.desc()).limit(limit)).all()
    # The receiver of an anonymous gift sees it without its sender.
    recorded_receipts = journal.receipts_with(c, guild_id, [seq for seq, *_ in sums])
    receipts = {
        receipt.seq: receipt if receipt.actor_id == member_id else in_public(receipt) for receipt in recorded_receipts
    }
    return [
        WalletLine(
            seq, receipts[seq].kind, receipts[seq].at_ms, int(amount), receipts[seq], int(earnings), -int(debt_change)
        )
        for seq, amount, earnings, debt_change in sums
    ]


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
